"""A full disk, and a data folder that cannot be written: one problem, nothing half kept."""

import errno
import io
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError

from studio.core import blobs, errors, problems
from studio.core.activity import services as activities
from studio.core.activity.working import working
from studio.core.models import Blob
from studio.datasets import uploads
from studio.datasets.models import Upload
from tests import factories
from tests.contracts.test_http import assert_problem, client_of

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])
FULL = OSError(errno.ENOSPC, "No space left on device")


def files(name: str) -> set:
    return {path for path in (settings.DATA / name).rglob("*") if path.is_file()}


def half(source, target, **_):
    """Copy a part of the bytes, then find the disk full."""
    with open(target, "wb") as file:
        file.write(b"half")
    raise FULL


def test_of_a_blob_that_finds_no_room_nothing_is_kept(tmp_path, monkeypatch):
    path = tmp_path / "bytes"
    path.write_bytes(os.urandom(1000))
    before = files("blobs"), files("tmp"), Blob.objects.count()
    monkeypatch.setattr(shutil, "copyfile", half)
    with pytest.raises(OSError):
        blobs.put_file(path)
    monkeypatch.setattr(os, "rename", lambda *_: (_ for _ in ()).throw(OSError(errno.EXDEV, "Other device")))
    with pytest.raises(OSError):
        blobs.put_file(path, move=True)
    with pytest.raises(OSError):
        blobs.put_bytes(os.urandom(1000))
    assert path.exists(), "what could not be moved is where it was"
    assert (files("blobs"), files("tmp"), Blob.objects.count()) == before


class Filling(io.BytesIO):
    """A stream whose second piece the disk cannot take."""

    def read(self, size=-1):
        if self.tell():
            raise FULL
        return super().read(min(size, 10))


def test_of_a_piece_that_finds_no_room_nothing_is_kept_and_the_upload_goes_on(workspace, owner):
    upload = uploads.create(actor=owner, workspace=workspace, file_name="a.csv", size_bytes=30)
    uploads.append(upload=upload, offset=0, stream=io.BytesIO(b"a,b\n1,2\n3,"), length=10)
    with pytest.raises(OSError):
        uploads.append(upload=upload, offset=10, stream=Filling(b"x" * 20), length=20)
    assert Upload.objects.get(pk=upload.pk).offset == 10
    assert uploads.path_of(upload).stat().st_size == 10
    upload.refresh_from_db()
    assert uploads.append(upload=upload, offset=10, stream=io.BytesIO(b"4\n" + b"5,6\n" * 4), length=18).offset == 28


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (FULL, "disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (OperationalError("database or disk is full"), "disk_full"),
        (OSError(errno.EROFS, "Read-only file system"), "disk_read_only"),
        (OperationalError("attempt to write a readonly database"), "disk_read_only"),
    ],
)
def test_over_http_and_in_an_activity_it_is_the_same_problem(workspace, owner, monkeypatch, raised, code):
    def refuse(**_):
        raise raised

    monkeypatch.setattr(uploads, "create", refuse)
    answer = client_of(owner).post(
        f"/api/workspaces/{workspace.name}/uploads",
        '{"file_name": "a.csv", "size_bytes": 3}',
        content_type="application/json",
    )
    problem = assert_problem(answer, 507)
    assert (problem["code"], problem["fault"]) == (code, "platform") and "then do it again" in problem["detail"]
    made = activities.create(workspace=workspace, kind="step", title="Work", actor=None, task="t.t")
    type(made).objects.filter(pk=made.pk).update(status="queued")

    def body(_):
        raise raised

    working(str(made.pk), body)
    made.refresh_from_db()
    assert made.status == "failed" and made.failure["code"] == code


def test_other_failures_are_not_taken_for_a_full_disk():
    assert errors.from_disk(OSError(errno.ENOENT, "No such file")) is None
    assert problems.translate(OperationalError("database is locked")).code == "internal"


def test_a_dataset_that_finds_no_room_says_so_and_the_next_version_may_be_right(workspace, owner, monkeypatch):
    def refuse(*_, **__):
        raise FULL

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "_place", refuse)
        version = factories.dataset(workspace, owner, "a\n1\n", "numbers")
    assert version.activity.status == "failed" and version.activity.failure["code"] == "disk_full"


def test_a_data_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=settings.ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "studio.settings.embedded",
            "STUDIO_DATA": f"{tmp_path}/file/data",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert "cannot be written" in lines[0] and "STUDIO_DATA" in lines[0]
