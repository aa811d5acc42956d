"""Import Data and Export Data: files read and written by a worker, compared by their bytes, whole or not at all."""

import pytest
from django.core.files.base import ContentFile

from designer.errors import GraphInvalid
from studio.datasets import services as datasets
from studio.datasets import stores
from studio.pipelines import services
from studio.pipelines.models import Step
from tests import factories
from tests.studio.test_orchestration import draw, reasons, submit

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


@pytest.fixture
def store(workspace):
    return datasets.ensure_default_datastore(workspace=workspace)


def put(store, path: str, text: str) -> None:
    if stores.exists(store, path):
        from django.core.files.storage import storages

        storages["datastores"].delete(f"{store.prefix}/{path}")
    stores.save_file(store, path, ContentFile(text.encode()))


def importing(store, path: str, **parameters) -> dict:
    return factories.graph(
        ("i", "import_data@1", {"source": {"datastore": store.name, "path": path}, **parameters}),
        ("s", "split_data@1", {}),
        edges=(("i.dataset", "s.dataset"),),
    )


def exporting(store, path: str, **parameters) -> dict:
    return factories.graph(
        ("d", "enter_data_manually@1", {"data": "a,b\n1,x\n2,y\n"}),
        ("e", "export_data@1", {"target": {"datastore": store.name, "path": path}, **parameters}),
        edges=(("d.dataset", "e.dataset"),),
    )


def failure(run, node: str) -> dict:
    return Step.objects.get(pipeline_id=run.pk, node=node).run.activity.failure


def test_files_are_read_anew_and_compared_by_their_bytes(workspace, owner, store):
    put(store, "sales/1.csv", "a,b\n1,x\n2,y\n")
    put(store, "sales/2.csv", "a,b\n3,z\n")
    draft = draw(workspace, owner, importing(store, "sales/*.csv"))
    run, states = submit(draft, owner)
    assert set(states.values()) == {"completed"}, run.activity.failure
    read = Step.objects.get(pipeline_id=run.pk, node="i")
    assert [(output.rows, output.columns) for output in read.run.outputs.all()] == [(3, 2)]
    again, _ = submit(draft, owner)
    found = reasons(again)
    assert found["i"]["kind"] == "not_cacheable" and found["s"]["kind"] == "reused", "same bytes"
    put(store, "sales/2.csv", "a,b\n9,z\n")
    third, _ = submit(draft, owner)
    assert reasons(third)["s"]["kind"] == "upstream", "bytes changed in place are seen"


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [("no/such.csv", None, "matches"), ("empty.csv", "", "empty"), ("picture.png", "\x89PNG\r\n\x1a\n", "document")],
)
def test_what_cannot_be_read_is_one_problem(workspace, owner, store, path, text, says):
    if text is not None:
        from django.core.files.storage import storages

        storages["datastores"].save(f"{store.prefix}/{path}", ContentFile(text.encode("latin-1")))
    run, states = submit(draw(workspace, owner, importing(store, path)), owner)
    assert states == {"i": "failed", "s": "skipped"}
    problem = failure(run, "i")
    assert says in problem["detail"] and problem["fix"] and problem["errors"][0]["node"] == "i"


@pytest.mark.parametrize("path", ["../other/x.csv", "/etc/passwd", "a\\b"])
def test_a_path_that_leaves_the_datastore_is_refused_while_drawing(workspace, owner, store, path):
    for graph in (importing(store, path), exporting(store, path)):
        with pytest.raises(GraphInvalid, match="inside the datastore"):
            services.submit(actor=owner, draft=draw(workspace, owner, graph))


@pytest.mark.parametrize(
    ("format", "expected"),
    [("csv", b"a,b\n1,x\n2,y\n"), ("jsonl", b'{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'), ("parquet", None)],
)
def test_a_table_is_written_once_whole(workspace, owner, store, format, expected):
    draft = draw(workspace, owner, exporting(store, f"out/table.{format}", format=format))
    run, states = submit(draft, owner)
    assert set(states.values()) == {"completed"}, run.activity.failure
    with stores.open_file(store, f"out/table.{format}") as file:
        data = file.read()
    assert data == expected if expected else data.startswith(b"PAR1")
    assert [file.path for file in stores.listing(store, "out")[1]] == [f"out/table.{format}"], "no draft is left"
    written = Step.objects.get(pipeline_id=run.pk, node="e").run
    assert written.summary["rows written"] == 2 and written.summary["bytes written"] == len(data)
    again, states = submit(draft, owner)
    assert states["e"] == "completed", "the same bytes are there already"
    assert len(stores.listing(store, "out")[1]) == 1


def test_a_file_that_exists_is_treated_as_asked(workspace, owner, store):
    put(store, "x.csv", "other\n")
    run, states = submit(draw(workspace, owner, exporting(store, "x.csv")), owner)
    assert states["e"] == "failed" and "exists already" in failure(run, "e")["detail"]
    run, states = submit(draw(workspace, owner, exporting(store, "x.csv", if_exists="new_name")), owner)
    assert states["e"] == "completed" and stores.exists(store, "x-1.csv")
    with stores.open_file(store, "x.csv") as file:
        assert file.read() == b"other\n"
    submit(draw(workspace, owner, exporting(store, "x.csv", if_exists="overwrite")), owner)
    with stores.open_file(store, "x.csv") as file:
        assert file.read() == b"a,b\n1,x\n2,y\n"


def test_a_link_that_leads_out_is_not_followed(workspace, owner, store, tmp_path):
    from django.core.files.storage import storages

    put(store, "in/x.csv", "a\n1\n")
    (tmp_path / "secret").mkdir()
    root = storages["datastores"].path(store.prefix)
    import pathlib

    (pathlib.Path(root) / "out").symlink_to(tmp_path / "secret")
    run, states = submit(draw(workspace, owner, exporting(store, "out/x.csv")), owner)
    assert states["e"] == "failed" and "link" in failure(run, "e")["detail"]
    assert list((tmp_path / "secret").iterdir()) == []
