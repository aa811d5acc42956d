"""Drafts, submitting, advancing and reuse, without a worker process: PL-1, PL-2, PL-4."""

import pytest

from designer.errors import GraphInvalid
from designer.graph import PipelineGraph
from studio.core import errors
from studio.core.activity.models import Activity
from studio.pipelines import orchestration, planning, running, selectors, services
from studio.pipelines.models import Draft, Step
from tests import factories

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])

NUMBERS = "x,y\n" + "\n".join(f"{i},{i % 3}" for i in range(40)) + "\n"


def chain(name: str, fraction: float = 0.5, version="latest") -> dict:
    return factories.graph(
        ("d", "dataset@1", {"dataset": {"name": name, "version": version}}),
        ("c", "clean_missing_data@1", {}),
        ("s", "split_data@1", {"fraction": fraction}),
        edges=(("d.dataset", "c.dataset"), ("c.dataset", "s.dataset")),
    )


def draw(workspace, owner, graph, name="Drawing") -> Draft:
    return services.create_draft(actor=owner, workspace=workspace, name=name, graph=graph)


def redraw(draft, owner, graph) -> Draft:
    return services.save_draft(actor=owner, draft=draft, revision=draft.revision, graph=graph, view={"positions": {}})


def run_all(run) -> dict[str, str]:
    """Advance and work as workers would, until the run ends."""
    orchestration.advance(run.pk)
    for _ in range(50):
        queued = Activity.objects.filter(parent_id=run.pk, status="queued").first()
        if queued is None:
            break
        (running.run_user_step if queued.task.endswith("user_step") else running.run_steps)(str(queued.pk))
    return {step.node: step.run.activity.status for step in Step.objects.filter(pipeline_id=run.pk)}


def submit(draft, owner, **more):
    run = services.submit(actor=owner, draft=draft, **more)
    states = run_all(run)
    run.activity.refresh_from_db()
    return run, states


def reasons(run) -> dict[str, dict]:
    return {step.node: step.reason for step in Step.objects.filter(pipeline_id=run.pk)}


def test_a_drawing_runs_to_its_end_and_again_with_every_step_reused(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    first, states = submit(draft, owner)
    assert set(states.values()) == {"completed"} and first.activity.status == "completed"
    second, states = submit(draft, owner)
    assert set(states.values()) == {"completed"}
    assert {reason["kind"] for reason in reasons(second).values()} == {"reused"}
    assert all(step.reused_from.number == first.number for step in Step.objects.filter(pipeline_id=second.pk))
    split = Step.objects.get(pipeline_id=second.pk, node="s")
    assert [output.rows for output in split.run.outputs.order_by("port")] == [20, 20]


def test_pl_1_parameter_data_and_looks_decide_what_runs(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    submit(draft, owner)

    # a box that moved changes nothing
    draft = services.save_draft(
        actor=owner,
        draft=draft,
        revision=draft.revision,
        graph=chain("numbers"),
        view={"positions": {"s": {"x": 9, "y": 9}}},
    )
    run, _ = submit(draft, owner)
    assert {reason["kind"] for reason in reasons(run).values()} == {"reused"}

    # a parameter changes its step only, and the reason says which
    draft = redraw(draft, owner, chain("numbers", 0.75))
    run, _ = submit(draft, owner)
    found = reasons(run)
    assert (found["d"]["kind"], found["c"]["kind"], found["s"]["kind"]) == ("reused", "reused", "changed")
    assert "0.5 → 0.75" in found["s"]["text"]
    assert found["s"]["differences"] == [{"field": "parameters.fraction", "old": 0.5, "new": 0.75}]

    # a new version with other bytes runs everything below it
    from studio.datasets import services as datasets
    from studio.datasets.models import Dataset

    dataset = Dataset.objects.get(name="numbers")
    factories.prepared(
        datasets.register_version(
            actor=owner, dataset=dataset, source={"file": factories.csv_file(NUMBERS + "99,1\n")}, options=None
        )
    )
    run, _ = submit(draft, owner)
    assert [reasons(run)[node]["kind"] for node in "dcs"] == ["upstream", "upstream", "upstream"]

    # a new version with the same bytes is a hit: the content counts, not the number
    factories.prepared(
        datasets.register_version(
            actor=owner, dataset=dataset, source={"file": factories.csv_file(NUMBERS + "99,1\n")}, options=None
        )
    )
    run, _ = submit(draft, owner)
    assert {reason["kind"] for reason in reasons(run).values()} == {"reused"}


def test_pl_1_a_random_seed_is_never_reused(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    graph = chain("numbers")
    graph["nodes"][2]["parameters"]["seed"] = None
    draft = draw(workspace, owner, graph)
    submit(draft, owner)
    run, _ = submit(draft, owner)
    assert reasons(run)["s"]["kind"] == "not_cacheable"


def test_pl_2_the_plan_says_what_submitting_does(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    submit(draft, owner)
    draft = redraw(draft, owner, chain("numbers", 0.25))
    planned = {step.node: step.decision for step in planning.plan_draft(draft).steps}
    assert planned == {"d": "reuse", "c": "reuse", "s": "run"}
    run, _ = submit(draft, owner)
    done = {node: "reuse" if reason["kind"] == "reused" else "run" for node, reason in reasons(run).items()}
    assert done == planned


def branches(name: str) -> dict:
    return factories.graph(
        ("d", "dataset@1", {"dataset": {"name": name, "version": "latest"}}),
        ("bad", "apply_sql_transformation@1", {"query": "SELECT no_such_column FROM t1"}),
        ("below", "split_data@1", {}),
        ("good", "split_data@1", {}),
        edges=(("d.dataset", "bad.t1"), ("bad.dataset", "below.dataset"), ("d.dataset", "good.dataset")),
    )


def test_pl_4_a_failed_step_stops_what_hangs_on_it(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, branches("numbers"))
    run, states = submit(draft, owner, continue_on_step_failure=True)
    assert states == {"d": "completed", "bad": "failed", "below": "skipped", "good": "completed"}
    assert run.activity.status == "failed"
    assert [part["node"] for part in run.activity.failure["errors"]] == ["bad"]


def test_advancing_twice_does_nothing_twice(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    run = services.submit(actor=owner, draft=draw(workspace, owner, chain("numbers")))
    for _ in range(3):
        orchestration.advance(run.pk)
    assert Activity.objects.filter(parent_id=run.pk, status="queued").count() == 1
    run_all(run)
    assert Activity.objects.filter(parent_id=run.pk).exclude(attempt__lte=1).count() == 0


def test_canceling_ends_what_waits_and_then_the_run(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    run = services.submit(actor=owner, draft=draw(workspace, owner, chain("numbers")))
    orchestration.advance(run.pk)
    services.cancel_run(run=run)
    states = set(Activity.objects.filter(parent_id=run.pk).values_list("status", flat=True))
    assert states == {"completed", "canceled"} and run.activity.status == "canceled"


def test_two_people_saving_one_draft(workspace, owner):
    draft = draw(workspace, owner, chain("numbers"))
    mine, theirs = Draft.objects.get(pk=draft.pk), Draft.objects.get(pk=draft.pk)
    services.save_draft(actor=owner, draft=theirs, revision=1, graph=chain("numbers", 0.9), view={"positions": {}})
    with pytest.raises(errors.Stale) as refused:
        services.save_draft(actor=owner, draft=mine, revision=1, graph=chain("numbers", 0.1), view={"positions": {}})
    assert refused.value.extra["current_revision"] == 2
    draft.refresh_from_db()
    assert draft.graph["nodes"][2]["parameters"]["fraction"] == 0.9


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            lambda g: g["edges"].append(
                {"source": "s", "source_port": "first", "target": "c", "target_port": "dataset"}
            ),
            "cycle",
        ),
        (lambda g: g["nodes"][0]["parameters"].clear(), "missing_parameter"),
        (lambda g: g["nodes"][0]["parameters"]["dataset"].update(name="nowhere"), "invalid_parameter"),
        (
            lambda g: g["nodes"].append({"id": "u", "component": "from_the_future@9", "parameters": {"kept": 1}}),
            "unknown_component",
        ),
        (lambda g: g["edges"].pop(0), "missing_input"),
    ],
)
def test_what_does_not_validate_is_kept_and_not_run(workspace, owner, change, code):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    graph = chain("numbers")
    change(graph)
    draft = draw(workspace, owner, graph)
    with pytest.raises(GraphInvalid) as refused:
        services.submit(actor=owner, draft=draft)
    assert code in {issue.code for issue in refused.value.issues}
    assert not Step.objects.exists()
    if code == "unknown_component":
        assert draft.graph["nodes"][-1]["parameters"] == {"kept": 1}, "a placeholder keeps its data"


def test_a_dataset_of_another_workspace_is_never_found_ws_3(workspace, owner):
    other = factories.workspace(owner)
    version = factories.dataset(other, owner, NUMBERS, "secret")
    graph = chain("secret")
    graph["nodes"][0]["parameters"]["dataset"] = {"id": str(version.dataset_id), "name": "secret", "version": 1}
    with pytest.raises(GraphInvalid):
        services.submit(actor=owner, draft=draw(workspace, owner, graph))


def test_lineage_joins_data_and_runs_da_7(workspace, owner):
    from studio.core.activity import selectors as activities

    version = factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    first, _ = submit(draft, owner)
    second, _ = submit(draft, owner)
    used = activities.used_by("dataset_version", [version.pk])
    assert {link.target_id for link in used} == {first.pk, second.pk}


def test_columns_that_only_running_tells_are_suggested_afterwards(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    graph = factories.graph(
        ("d", "dataset@1", {"dataset": {"name": "numbers", "version": "latest"}}),
        ("sql", "apply_sql_transformation@1", {"query": "SELECT COLUMNS('^x$') AS renamed FROM t1"}),
        edges=(("d.dataset", "sql.t1"),),
    )
    draft = draw(workspace, owner, graph)

    def columns():
        checked = selectors.validate_graph(workspace, PipelineGraph.parse(draft.graph))
        return selectors.seen_schemas(draft, checked)["sql"]["dataset"]

    assert columns() is None
    submit(draft, owner)
    assert [column["name"] for column in columns()["columns"]] == ["renamed"]


def failing_late(name: str) -> dict:
    """Nine steps in a row, of which the seventh fails; the fourth has a random seed."""
    nodes = [("d", "dataset@1", {"dataset": {"name": name, "version": "latest"}})]
    edges = []
    for number in range(2, 10):
        node = f"s{number}"
        parameters = {"seed": None} if number == 4 else {"seed": number, "fraction": 0.9}
        if number == 7:
            nodes.append((node, "apply_sql_transformation@1", {"query": "SELECT no_such_column FROM t1"}))
        else:
            nodes.append((node, "split_data@1", parameters))
        before = "d.dataset" if number == 2 else f"s{number - 1}.{'dataset' if number == 8 else 'first'}"
        edges.append((before, f"{node}.{'t1' if number == 7 else 'dataset'}"))
    return factories.graph(*nodes, edges=tuple(edges))


def test_pl_3_resume_runs_only_what_was_left(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    run, states = submit(draw(workspace, owner, failing_late("numbers")), owner)
    assert states["s6"] == "completed" and states["s7"] == "failed" and states["s8"] == "skipped"
    planned = planning.plan_resumption(run)
    assert [step.node for step in planned.steps if step.decision == "run"] == ["s7", "s8", "s9"]
    again = services.resume(actor=owner, run=run)
    run_all(again)
    worked = {step.node for step in Step.objects.filter(pipeline_id=again.pk) if step.run.activity.attempt}
    assert worked == {"s7"}, "not even the step that depends on chance ran again"
    kept = Step.objects.get(pipeline_id=again.pk, node="s4")
    assert kept.reason["kind"] == "resumed" and kept.reused_from.number == run.number


def test_pl_3_what_completed_or_goes_on_is_not_resumed(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    going = services.submit(actor=owner, draft=draft)
    with pytest.raises(errors.Conflict, match="stop it first"):
        services.resume(actor=owner, run=going)
    run_all(going)
    going.activity.refresh_from_db()
    with pytest.raises(errors.Conflict, match="nothing to resume"):
        services.resume(actor=owner, run=going)


def test_pl_3_run_to_here_ignores_what_is_wrong_behind_it(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    graph = chain("numbers")
    graph["nodes"].append({"id": "wrong", "component": "train_model@1", "parameters": {}})
    draft = draw(workspace, owner, graph)
    with pytest.raises(GraphInvalid):
        services.submit(actor=owner, draft=draft)
    run, states = submit(draft, owner, selection=["c"])
    assert states == {"d": "completed", "c": "completed"} and run.activity.status == "completed"
    assert [step.node for step in planning.plan_draft(draft, ["s"]).steps] == ["d", "c", "s"]
    run, states = submit(draft, owner, selection=["s"])
    assert reasons(run)["c"]["kind"] == "reused" and states["s"] == "completed"
    with pytest.raises(errors.InvalidInput, match="Nothing is selected"):
        services.submit(actor=owner, draft=draft, selection=[])
    with pytest.raises(GraphInvalid, match="no node"):
        services.submit(actor=owner, draft=draft, selection=["nowhere"])


def test_pl_2_a_submission_may_insist_on_the_plan_it_saw(workspace, owner):
    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    seen = planning.plan_draft(draft).digest
    assert {step.expected_s for step in planning.plan_draft(draft).steps} == {0.0, None}
    submit(draft, owner)
    with pytest.raises(errors.Stale, match="plan"):
        services.submit(actor=owner, draft=draft, plan_digest=seen)
    draft = redraw(draft, owner, chain("numbers", 0.25))
    now = planning.plan_draft(draft)
    assert {step.node: step.reason["text"] for step in now.steps}["s"].startswith("Runs, because")
    assert all(step.expected_s is not None for step in now.steps), "history tells how long it takes"
    run, _ = submit(draft, owner, plan_digest=now.digest)
    done = {node: "reuse" if reason["kind"] == "reused" else "run" for node, reason in reasons(run).items()}
    assert done == {step.node: step.decision for step in now.steps}


def test_planning_writes_nothing(workspace, owner):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    submit(draft, owner)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        planning.plan_draft(draft)
    assert {query["sql"].split()[0] for query in seen.captured_queries} == {"SELECT"}
