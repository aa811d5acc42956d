"""Versions, fingerprints, drift, uploads, datastores, blobs. DA-1, DA-6, DS-1, DS-5."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from studio.core import blobs, errors
from studio.core.activity.models import Activity
from studio.core.activity.working import working
from studio.core.models import Blob
from studio.core.units import unit
from studio.datasets import preparing, selectors, services, stores, uploads
from studio.datasets.models import Dataset, DatasetVersion, Profile, Upload
from studio.datasets.options import ParseOptions
from tests import factories

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


@pytest.fixture
def datastore(workspace):
    return services.ensure_default_datastore(workspace=workspace)


def root(datastore) -> Path:
    folder = Path(storages["datastores"].path(datastore.prefix))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def put(datastore, path, text):
    target = root(datastore) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return target


def next_version(actor, version, text=None, **more):
    source = more.pop("source", None) or {"file": factories.csv_file(text)}
    return factories.prepared(
        services.register_version(actor=actor, dataset=version.dataset, source=source, options=None, **more)
    )


def from_datastore(workspace, owner, path, name="files", options=None):
    return factories.prepared(
        services.create_dataset(
            actor=owner,
            workspace=workspace,
            name=name,
            source={"datastore": services.DEFAULT_DATASTORE, "path": path},
            options=options,
        )
    )


def test_versions_count_and_the_first_stays_bit_identical_da_1(workspace, owner):
    first = factories.dataset(workspace, owner, "a\n1\n", "numbers")
    before = (first.fingerprint, first.table_digest, blobs.read(first.table_digest))
    second = next_version(owner, first, "a\n2\n")
    third = next_version(owner, first, "a\n1\n")
    assert [v.version for v in (first, second, third)] == [1, 2, 3]
    first.refresh_from_db()
    assert (first.fingerprint, first.table_digest, blobs.read(first.table_digest)) == before
    assert selectors.table_page(first.table_digest, offset=0, limit=5)["rows"] == [[1]]
    assert blobs.digest_of(blobs.local_path(first.table_digest)) == first.table_digest
    assert not os.access(blobs.local_path(first.table_digest), os.W_OK) or os.geteuid() == 0
    assert blobs.local_path(first.table_digest).stat().st_mode & 0o222 == 0


def test_the_fingerprint_is_that_of_the_bytes_da_6(workspace, owner):
    import hashlib

    first = factories.dataset(workspace, owner, "a\n1\n")
    again = next_version(owner, first, "a\n1\n")
    other = next_version(owner, first, "a\n1 \n")
    assert first.fingerprint == again.fingerprint == hashlib.sha256(b"a\n1\n").hexdigest()
    assert other.fingerprint != first.fingerprint
    assert first.table_digest == again.table_digest == other.table_digest, "the same table is kept once"


def test_files_changed_in_place_are_seen_as_drift_da_6(workspace, owner, datastore):
    file = put(datastore, "raw/a.csv", "a\n1\n")
    version = from_datastore(workspace, owner, "raw/a.csv")
    assert selectors.drift(version) is None
    os.utime(file, (1, 1))
    assert selectors.drift(version) is None, "touching a file changes no byte"
    file.write_text("a\n2\n")
    assert "other bytes" in selectors.drift(version).found
    file.write_text("a\n1\n2\n")
    assert "another size" in selectors.drift(version).found
    file.unlink()
    assert "gone" in selectors.drift(version).found
    assert selectors.table_page(version.table_digest, offset=0, limit=5)["rows"] == [[1]], "the version is untouched"


def test_a_glob_reads_many_files_as_one_table_and_notices_more_da_6(workspace, owner, datastore):
    for number in range(12):
        put(datastore, f"daily/{number:02}.csv", f"day,n\n{number},x\n")
    put(datastore, "daily/readme.md", "no table")
    version = from_datastore(workspace, owner, "daily/*.csv")
    assert (version.activity.status, version.rows, len(version.files)) == ("completed", 12, 12)
    rows = selectors.table_page(version.table_digest, offset=0, limit=20)["rows"]
    assert [row[0] for row in rows] == list(range(12)), "in the order of their names"
    put(datastore, "daily/12.csv", "day,n\n12,x\n")
    assert "1 more" in selectors.drift(version).found
    with pytest.raises(errors.NotFound):
        stores.matching(datastore, "daily/*.parquet")


@pytest.mark.parametrize(
    "path",
    ["../x.csv", "a/../../x.csv", "/etc/passwd", "..", "a\\..\\x", "nul\x00l", "x" * 1001, "./../x"],
)
def test_a_path_never_leaves_the_datastore_ds_5(workspace, owner, datastore, path):
    for refused in (
        lambda: stores.listing(datastore, path),
        lambda: stores.open_file(datastore, path),
        lambda: stores.matching(datastore, path),
        lambda: stores.save_file(datastore, path, None),
        lambda: services.create_dataset(
            actor=owner,
            workspace=workspace,
            name="x",
            source={"datastore": datastore.name, "path": path},
            options=None,
        ),
    ):
        with pytest.raises(errors.InvalidInput):
            refused()
    assert not Dataset.objects.exists()


def test_links_out_of_the_datastore_are_refused_ds_5(workspace, owner, datastore, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (root(datastore) / "file.csv").symlink_to(tmp_path / "secret.csv")
    (root(datastore) / "folder").symlink_to(tmp_path)
    with pytest.raises(errors.InvalidInput):
        stores.open_file(datastore, "file.csv")
    with pytest.raises(errors.InvalidInput):
        stores.listing(datastore, "folder")
    with pytest.raises(errors.NotFound):
        stores.matching(datastore, "folder/secret.csv")
    with pytest.raises(errors.StudioError):
        services.parse_preview(
            actor=owner, workspace=workspace, source={"datastore": datastore.name, "path": "file.csv"}, options=None
        )


def test_a_link_that_leads_in_a_circle_ends(datastore):
    put(datastore, "real.csv", "a\n1\n")
    (root(datastore) / "loop").symlink_to(root(datastore))
    assert [file.path for file in stores.matching(datastore, "*real.csv")] == ["real.csv"]
    with pytest.raises(errors.InvalidInput):
        stores.listing(datastore, "loop/" * 150)


def test_what_the_file_system_refuses_is_a_problem_with_a_name_ds_5(datastore):
    put(datastore, "folder/real.csv", "a\n1\n")
    for refused in (
        lambda: stores.listing(datastore, "x" * 300),
        lambda: stores.listing(datastore, "folder/real.csv"),
        lambda: stores.open_file(datastore, "folder"),
        lambda: stores.open_file(datastore, "x" * 300),
    ):
        with pytest.raises((errors.InvalidInput, errors.NotFound)):
            refused()


def test_a_dangling_link_spoils_no_listing(datastore):
    put(datastore, "real.csv", "a\n1\n")
    (root(datastore) / "gone.csv").symlink_to(root(datastore) / "nowhere.csv")
    assert [file.path for file in stores.listing(datastore, "")[1]] == ["real.csv"]
    assert [file.path for file in stores.matching(datastore, "*.csv")] == ["real.csv"]


# uploads


def upload_of(workspace, owner, size=10, name="a.csv"):
    return uploads.create(actor=owner, workspace=workspace, file_name=name, size_bytes=size)


def send(upload, offset, data):
    return uploads.append(upload=upload, offset=offset, stream=io.BytesIO(data), length=len(data))


def test_an_upload_goes_on_where_it_ended_ds_1(workspace, owner):
    upload = send(upload_of(workspace, owner), 0, b"a,b\n1")
    again = uploads.get(actor=owner, workspace=workspace, upload_id=upload.pk)
    assert (again.offset, again.complete) == (5, False)
    with pytest.raises(errors.Conflict):
        uploads.complete_file(again)
    send(again, 5, b",2\n3,")
    assert uploads.complete_file(again).read_bytes() == b"a,b\n1,2\n3,"


def test_a_piece_that_breaks_off_counts_as_far_as_it_came_ds_1(workspace, owner):
    upload = uploads.append(
        upload=upload_of(workspace, owner), offset=0, stream=io.BytesIO(b"a,b"), length=10
    )  # ten promised, three came
    assert upload.offset == 3
    send(upload, 3, b"\n1,2\n3,")
    assert uploads.complete_file(upload).read_bytes() == b"a,b\n1,2\n3,"


def test_a_piece_at_the_wrong_place_or_too_long_changes_nothing(workspace, owner):
    upload = send(upload_of(workspace, owner), 0, b"12345")
    for offset in (0, 4, 6):
        with pytest.raises(errors.Conflict) as refused:
            send(upload, offset, b"zz")
        assert refused.value.extra == {"current_offset": 5}
    with pytest.raises(errors.TooLarge):
        send(upload, 5, b"zzzzzz")
    stale = Upload.objects.get(pk=upload.pk)
    send(upload, 5, b"67890")
    with pytest.raises(errors.Conflict):
        send(stale, 5, b"67890") if stale.offset != 5 else send(upload, 5, b"67890")
    assert uploads.complete_file(upload).read_bytes() == b"1234567890"


def test_too_large_and_empty_files_are_refused_before_a_byte_is_sent(workspace, owner):
    with pytest.raises(errors.TooLarge):
        upload_of(workspace, owner, settings.UPLOAD_LIMIT_BYTES + 1)
    with pytest.raises(errors.InvalidInput):
        upload_of(workspace, owner, 0)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\data\\a.csv", "a.csv"), ("\x00\n", "upload"), ("ä" * 400, "ä" * 255)],
)
def test_only_the_last_part_of_a_file_name_is_kept_ds_5(workspace, owner, name, kept):
    upload = upload_of(workspace, owner, name=name)
    assert upload.file_name == kept
    assert uploads.path_of(upload).parent == settings.DATA / "uploads"


def test_an_upload_is_its_owners_alone(workspace, owner):
    upload = upload_of(workspace, owner)
    colleague = factories.member(workspace, "owner")
    with pytest.raises(errors.NotFound):
        uploads.get(actor=colleague, workspace=workspace, upload_id=upload.pk)
    with pytest.raises(errors.NotFound):
        uploads.get(actor=owner, workspace=factories.workspace(owner), upload_id=upload.pk)


def test_expired_uploads_are_swept_with_their_bytes(workspace, owner):
    kept, old = upload_of(workspace, owner), upload_of(workspace, owner)
    Upload.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert uploads.sweep() == 1
    assert not uploads.path_of(old).exists() and uploads.path_of(kept).exists()
    assert list(Upload.objects.all()) == [kept]


def test_a_prepared_upload_is_gone_and_its_bytes_are_kept(workspace, owner):
    upload = send(upload_of(workspace, owner, 8), 0, b"a,b\n1,2\n")
    version = factories.prepared(
        services.create_dataset(actor=owner, workspace=workspace, name="up", source={"upload": upload.pk}, options=None)
    )
    assert version.activity.status == "completed" and not Upload.objects.exists()
    assert not uploads.path_of(upload).exists()
    assert blobs.read(version.files[0]["digest"]) == b"a,b\n1,2\n"


def test_an_incomplete_upload_makes_no_dataset(workspace, owner):
    upload = send(upload_of(workspace, owner), 0, b"a,b")
    with pytest.raises(errors.Conflict):
        services.create_dataset(actor=owner, workspace=workspace, name="up", source={"upload": upload.pk}, options=None)
    assert not Dataset.objects.exists() and not DatasetVersion.objects.exists()


# names, archive, profile, failures


def test_a_taken_name_is_refused_and_nothing_is_made(workspace, owner):
    taken = factories.dataset(workspace, owner, name="numbers")
    other = factories.dataset(workspace, owner, name="other")
    with pytest.raises(errors.Conflict):
        factories.dataset(workspace, owner, name="numbers")
    with pytest.raises(errors.Conflict):
        services.update_dataset(dataset=other.dataset, name="numbers")
    assert Dataset.objects.count() == 2 and taken.dataset.versions.count() == 1
    assert factories.dataset(factories.workspace(owner), owner, name="numbers"), "another workspace has its own names"


def test_an_archived_dataset_leaves_the_list_keeps_its_data_and_comes_back(workspace, owner):
    version = factories.dataset(workspace, owner, name="numbers")
    services.archive_dataset(dataset=version.dataset)
    assert list(selectors.datasets(workspace)) == []
    assert list(selectors.datasets(workspace, archived=True)) == [version.dataset]
    assert selectors.resolve(workspace, {"name": "numbers"}) == version, "pipelines that name it keep working"
    with pytest.raises(errors.Conflict):
        next_version(owner, version, "a\n1\n")
    services.restore_dataset(dataset=version.dataset)
    assert list(selectors.datasets(workspace)) == [version.dataset]
    assert next_version(owner, version, "a\n1\n").version == 2


def test_a_profile_is_computed_once_and_found_by_its_bytes_da_4(workspace, owner):
    version = factories.dataset(workspace, owner, "a\n1\n2\n")
    asked = {"actor": owner, "workspace": workspace, "title": "x", "subject": ("dataset", version.dataset_id, "x")}
    ready = services.request_profile(digest=version.table_digest, **asked)
    assert ready.result["row_count"] == 2 and ready.activity is None, "preparing has made it"
    Profile.objects.all().delete()
    first = services.request_profile(digest=version.table_digest, **asked)
    second = services.request_profile(digest=version.table_digest, **asked)
    assert first.activity_id == second.activity_id and Activity.objects.filter(kind="profile").count() == 1
    working(str(first.activity_id), preparing.make_profile)
    assert services.request_profile(digest=version.table_digest, **asked).result == ready.result


@pytest.mark.parametrize(
    ("text", "code"),
    [("a,b\n1,2,3\n", "wrong_width"), ('a,b\n1,"x\n', "broken_quote"), ("a,b\n\x00,1\n", "null_bytes")],
)
def test_a_failed_reading_leaves_a_named_problem_and_no_table(workspace, owner, text, code):
    good = factories.dataset(workspace, owner, "a,b\n1,2\n", "numbers")
    bad = next_version(owner, good, text)
    assert bad.activity.status == "failed" and (bad.table_digest, bad.schema, bad.rows) == ("", None, None)
    failure = bad.activity.failure
    assert (failure["code"], failure["fault"], failure["errors"][0]["code"]) == ("step_failed", "user", code)
    with pytest.raises(errors.Conflict):
        selectors.ready_table(bad)
    assert selectors.resolve(workspace, {"name": "numbers", "version": "latest"}) == good
    assert not [p for p in (settings.DATA / "tmp").iterdir() if p.name.startswith("version-")]


def test_options_that_a_person_chose_are_kept_with_the_version_da_8(workspace, owner):
    options = ParseOptions(delimiter=";", decimal=",", column_types={"a": "string"})
    version = factories.prepared(
        services.create_dataset(
            actor=owner,
            workspace=workspace,
            name="x",
            source={"file": factories.csv_file("a;b\n1;2,5\n")},
            options=options,
        )
    )
    assert ParseOptions.from_json(version.options) == options
    assert [c["dtype"] for c in version.schema["columns"]] == ["string", "float"]


def test_a_preview_keeps_nothing(workspace, owner):
    upload = send(upload_of(workspace, owner, 8), 0, b"a,b\n1,2\n")
    found = services.parse_preview(actor=owner, workspace=workspace, source={"upload": upload.pk}, options=None)
    assert found["rows"] == [[1, 2]] and found["options"]["delimiter"] == ","
    assert not Dataset.objects.exists() and not Blob.objects.exists()


# blobs


def test_the_same_bytes_are_kept_once():
    first, second = blobs.put_bytes(b"same"), blobs.put_bytes(b"same")
    assert first == second and Blob.objects.count() == 1 and blobs.read(first.digest) == b"same"
    assert blobs.total_bytes() == 4
    with pytest.raises(errors.NotFound):
        blobs.read("0" * 64)


def test_the_sweep_frees_only_what_nobody_wants_after_the_grace(workspace):
    old, fresh, wanted = blobs.put_bytes(b"old"), blobs.put_bytes(b"fresh"), blobs.put_bytes(b"wanted")
    with unit():
        blobs.refer("test", workspace.pk, "table", wanted.digest)
    long_ago = timezone.now() - timedelta(seconds=settings.BLOB_GRACE_S + 1)
    Blob.objects.filter(digest__in=[old.digest, wanted.digest]).update(created_at=long_ago)
    assert blobs.sweep() == len(b"old")
    assert [blobs.exists(blob.digest) for blob in (old, fresh, wanted)] == [False, True, True]
    with unit():
        blobs.release("test", [workspace.pk])
    assert blobs.sweep() == len(b"wanted") and not blobs.exists(wanted.digest)


def test_bytes_put_again_get_a_new_grace():
    blob = blobs.put_bytes(b"again")
    Blob.objects.update(created_at=timezone.now() - timedelta(seconds=settings.BLOB_GRACE_S + 1))
    blobs.put_bytes(b"again")
    assert blobs.sweep() == 0 and blobs.read(blob.digest) == b"again"
