"""Runs beside each other: what differs, how their nodes were matched, and what the limit is."""

import json
import uuid

import pytest
from django.test import Client

from studio.core.workspaces import services as people
from studio.experiments import services as experiments
from studio.experiments.models import Run
from studio.pipelines import services
from studio.pipelines.comparison import selectors
from tests import factories
from tests.contracts.test_http import assert_problem
from tests.studio.test_orchestration import NUMBERS, chain, draw, redraw, submit

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


@pytest.fixture
def client(owner):
    _, secret = people.create_token(user=owner, name="test")
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def numbers(workspace, owner):
    return factories.dataset(workspace, owner, NUMBERS, "numbers")


@pytest.fixture
def ask(client, workspace):
    def get(*runs, status=200, **query):
        text = "&".join(
            [f"runs={','.join(str(getattr(run, 'pk', run)) for run in runs)}"]
            + [f"{name}={getattr(value, 'pk', value)}" for name, value in query.items()]
        )
        response = client.get(f"/api/workspaces/{workspace.name}/comparison?{text}")
        if status != 200:
            return assert_problem(response, status)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    return get


def by_key(difference: dict) -> dict[str, dict]:
    return {node["key"]: node for node in difference["nodes"]}


def test_a_changed_parameter_with_its_consequences(workspace, owner, numbers, ask):
    draft = draw(workspace, owner, chain("numbers"))
    first, _ = submit(draft, owner)
    draft = redraw(draft, owner, chain("numbers", 0.75))
    second, _ = submit(draft, owner)
    Run.objects.filter(pk=first.pk).update(summary={"auc": 0.8, "rows": 1})
    Run.objects.filter(pk=second.pk).update(summary={"auc": 0.9, "rows": 1})

    answer = ask(first, second)
    assert answer["baseline"] == str(first.pk) and [run["number"] for run in answer["runs"]] == [1, 2]
    assert [row["key"] for row in answer["steps"]] == ["d", "c", "s"]
    differing = [(each["step"], each["name"]) for each in answer["parameters"] if each["differs"]]
    assert differing == [("s", "fraction")]
    entry = next(each for each in answer["parameters"] if each["differs"])
    assert [value["value"] for value in entry["values"]] == [0.5, 0.75] and entry["title"]

    (found,) = answer["differences"]
    assert found["run"] == str(second.pk) and found["matched_by"] == "id" and not found["same"]
    assert found["metrics"] == [{"name": "auc", "old": 0.8, "new": 0.9}]
    nodes = by_key(found)
    assert [nodes[key]["state"] for key in "dcs"] == ["same", "same", "changed"]
    assert nodes["s"]["fields"] == [{"field": "parameters.fraction", "title": entry["title"], "old": 0.5, "new": 0.75}]
    assert [(each["rows_old"], each["rows_new"]) for each in nodes["s"]["consequences"]["outputs"]] == [
        (20, 30),
        (20, 10),
    ]
    assert nodes["c"]["consequences"]["outputs"] == []

    cell = next(cell for row in answer["steps"] if row["key"] == "c" for cell in row["cells"][1:])
    assert cell["status"] == "completed" and cell["reused_from"]["number"] == 1
    assert [column["name"] for column in answer["schemas"][cell["outputs"][0]["schema"]]] == ["x", "y"]
    assert len(answer["schemas"]) == 1, "equal schemas are sent once"


def test_a_moved_box_and_a_default_that_is_written_out_are_no_change(workspace, owner, numbers, ask):
    draft = draw(workspace, owner, chain("numbers"))
    first, _ = submit(draft, owner)
    graph = chain("numbers")
    graph["nodes"][2]["parameters"]["seed"] = 0
    graph["nodes"].reverse()
    draft = services.save_draft(
        actor=owner, draft=draft, revision=draft.revision, graph=graph, view={"positions": {"s": {"x": 9, "y": 9}}}
    )
    second, _ = submit(draft, owner)
    (found,) = ask(first, second)["differences"]
    assert found["same"] and {node["state"] for node in found["nodes"]} == {"same"}


def test_added_and_removed_steps_and_edges(workspace, owner, numbers, ask):
    draft = draw(workspace, owner, chain("numbers"))
    first, _ = submit(draft, owner)
    shorter = factories.graph(
        ("d", "dataset@1", {"dataset": {"name": "numbers", "version": "latest"}}),
        ("s", "split_data@1", {"fraction": 0.5}),
        ("n", "normalize_data@1", {}),
        edges=(("d.dataset", "s.dataset"), ("s.first", "n.dataset")),
    )
    draft = redraw(draft, owner, shorter)
    second, _ = submit(draft, owner)

    answer = ask(first, second)
    (found,) = answer["differences"]
    assert {key: node["state"] for key, node in by_key(found).items()} == {
        "d": "same",
        "c": "removed",
        "s": "same",
        "n": "added",
    }
    assert {(edge["source"], edge["target"]) for edge in found["edges_added"]} == {("d", "s"), ("s", "n")}
    assert {(edge["source"], edge["target"]) for edge in found["edges_removed"]} == {("d", "c"), ("c", "s")}

    # the other way round
    turned = ask(first, second, baseline=second)
    assert turned["baseline"] == str(second.pk)
    assert by_key(turned["differences"][0])["c"]["state"] == "added"
    assert [row["key"] for row in turned["steps"]][:3] == ["d", "s", "n"]


def test_runs_of_different_drafts_match_by_component_and_title(workspace, owner, numbers, ask):
    first, _ = submit(draw(workspace, owner, chain("numbers")), owner)
    other = chain("numbers")
    names = {"d": "source", "c": "clean", "s": "parts"}
    for node in other["nodes"]:
        node["id"] = names[node["id"]]
    for edge in other["edges"]:
        edge["source"], edge["target"] = names[edge["source"]], names[edge["target"]]
    second, _ = submit(draw(workspace, owner, other, "Other"), owner)
    answer = ask(first, second)
    (found,) = answer["differences"]
    assert found["matched_by"] == "component_and_title" and found["same"]
    assert [cell["node"] for cell in answer["steps"][2]["cells"]] == ["s", "parts"]


def test_one_run_is_an_answer_and_a_run_named_twice_counts_once(workspace, owner, numbers, ask):
    run, _ = submit(draw(workspace, owner, chain("numbers")), owner)
    assert ask(run, run)["differences"] == []
    experiments.archive_run(run=run)
    assert len(ask(run)["runs"]) == 1, "a link to an archived run still opens"


def test_what_cannot_be_compared_is_said(workspace, owner, numbers, ask, client):
    run, _ = submit(draw(workspace, owner, chain("numbers")), owner)
    assert "runs=ID" in ask(status=422)["detail"]
    assert "'nonsense'" in ask("nonsense", status=422)["detail"]
    many = ask(*(uuid.uuid4() for _ in range(selectors.MAX_RUNS + 2)), status=422)
    assert "at most 50 runs, because" in many["detail"] and "Leave out 2." in many["detail"]
    nobody = uuid.uuid4()
    gone = ask(run, nobody, status=404)
    assert gone["missing"] == [str(nobody)] and str(nobody) in gone["detail"]
    assert "baseline" in ask(run, baseline=nobody, status=422)["detail"].lower()
    assert "baseline='x'" in ask(run, baseline="x", status=422)["detail"]
    step = run.children.first()
    assert ask(step, status=404)["missing"] == [str(step.pk)]

    elsewhere = factories.workspace(owner)
    problem = assert_problem(client.get(f"/api/workspaces/{elsewhere.name}/comparison?runs={run.pk}"), 404)
    assert problem["missing"] == [str(run.pk)]


def test_fifty_runs_take_as_many_queries_as_two(workspace, owner, numbers, ask, django_assert_max_num_queries):
    draft = draw(workspace, owner, chain("numbers"))
    runs = [submit(draft, owner)[0] for _ in range(2)]
    # not run to their end, as fifty of them would take a while
    runs += [services.submit(actor=owner, draft=draft) for _ in range(48)]
    with django_assert_max_num_queries(9):
        assert len(ask(*runs[:2])["runs"]) == 2
    with django_assert_max_num_queries(9):
        answer = ask(*runs)
    assert len(answer["differences"]) == 49 and all(found["same"] for found in answer["differences"])
