"""Datasets that are files: kept as they are, listed, and fed into a script."""

import io
import zipfile

import pytest

from designer.errors import GraphInvalid
from studio.core import blobs, errors
from studio.core.activity.working import working
from studio.datasets import preparing, selectors
from studio.datasets import services as datasets
from studio.pipelines import services
from tests import factories
from tests.studio.test_orchestration import draw, run_all, submit

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def bundle(**modules: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in modules.items():
            archive.writestr(f"{name}.py", text)
    return data.getvalue()


def file_dataset(workspace, owner, data: bytes, name: str):
    path = factories.csv_file("x").with_name(f"{name}.zip")
    path.write_bytes(data)
    version = datasets.create_dataset(
        actor=owner, workspace=workspace, name=name, source={"file": path}, options=None, kind="file"
    )
    return factories.prepared(version)


def test_a_file_is_kept_as_it_is(workspace, owner):
    data = bundle(mine="ANSWER = 42\n", other="")
    version = file_dataset(workspace, owner, data, "bundle")
    assert version.activity.status == "completed" and blobs.read(version.file_digest) == data
    assert (version.rows, version.table_digest) == (None, "")
    listed = selectors.files_of(version)
    assert [entry.name for entry in listed["entries"]] == ["mine.py", "other.py"] and listed["is_archive"]
    with pytest.raises(errors.Conflict, match="no table"):
        selectors.ready_table(version)


def test_what_is_no_archive_lists_itself(workspace, owner):
    version = file_dataset(workspace, owner, b"just bytes", "plain")
    listed = selectors.files_of(version)
    assert [(entry.name, entry.size_bytes) for entry in listed["entries"]] == [("plain.zip", 10)]
    assert not listed["is_archive"]


def test_several_files_become_the_same_archive_each_time(workspace, owner):
    from django.core.files.base import ContentFile

    from studio.datasets import stores

    store = datasets.ensure_default_datastore(workspace=workspace)
    for name in ("b.txt", "a.txt"):
        stores.save_file(store, f"notes/{name}", ContentFile(name.encode()))
    digests = set()
    for number in (1, 2):
        version = datasets.create_dataset(
            actor=owner, workspace=workspace, name=f"notes {number}", options=None, kind="file",
            source={"datastore": store.name, "path": "notes/*.txt"},
        )  # fmt: skip
        working(str(version.activity_id), preparing.prepare_version)
        version.refresh_from_db()
        digests.add(version.file_digest)
        assert [entry.name for entry in selectors.files_of(version)["entries"]] == ["notes/a.txt", "notes/b.txt"]
    assert len(digests) == 1


def scripted(name: str) -> dict:
    script = "import mine\n\n\ndef azureml_main(dataframe1=None, dataframe2=None):\n"
    script += "    return dataframe1.assign(answer=mine.ANSWER),\n"
    return factories.graph(
        ("d", "enter_data_manually@1", {"data": "a\n1\n"}),
        ("f", "file_dataset@1", {"dataset": {"name": name, "version": "latest"}}),
        ("py", "execute_python_script@1", {"script": script}),
        edges=(("d.dataset", "py.dataset1"), ("f.file", "py.script_bundle")),
    )


def test_a_script_imports_from_a_file_dataset(workspace, owner):
    file_dataset(workspace, owner, bundle(mine="ANSWER = 42\n"), "bundle")
    draft = draw(workspace, owner, scripted("bundle"))
    run, states = submit(draft, owner)
    assert set(states.values()) == {"completed"}, run.activity.failure
    answer = run.children.get(step__node="py").outputs.get(port="result1")
    assert [column["name"] for column in answer.schema["columns"]] == ["a", "answer"]
    again = services.submit(actor=owner, draft=draft)
    run_all(again)
    assert all(step.reused_from_id for step in again.pipeline.steps.all()), "the same bytes are not run again"


def test_the_wrong_kind_is_said_before_it_runs(workspace, owner):
    factories.dataset(workspace, owner, "a\n1\n", "table")
    file_dataset(workspace, owner, bundle(), "bundle")
    with pytest.raises(GraphInvalid, match="takes a file"):
        services.submit(actor=owner, draft=draw(workspace, owner, scripted("table")))
    graph = factories.graph(("d", "dataset@1", {"dataset": {"name": "bundle", "version": "latest"}}))
    with pytest.raises(GraphInvalid, match="takes a table"):
        services.submit(actor=owner, draft=draw(workspace, owner, graph))
