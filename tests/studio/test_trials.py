"""Trials are runs of their own: told once however often their lines come, and ended with the attempt that ran them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from studio.core import errors
from studio.core.activity import lifecycle, services, sweep
from studio.core.activity.models import Activity, Event
from studio.experiments import following, metric_store
from studio.experiments.models import Run, Series
from tests import factories
from tests.contracts.test_http import client_of
from tests.studio.test_orchestration import draw, submit

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])

ROWS = "a,b,y\n" + "\n".join(f"{i % 7},{i % 5},{'uvw'[(i % 7) // 3]}" for i in range(60)) + "\n"


def tuning(name: str) -> dict:
    return factories.graph(
        ("d", "dataset@1", {"dataset": {"name": name, "version": "latest"}}),
        ("u", "multiclass_decision_forest@1", {}),
        ("t", "tune_model_hyperparameters@1", {"label": "y", "trials": 3, "folds": 2, "search_space": "trees: 2 to 9"}),
        edges=(("d.dataset", "t.dataset"), ("u.untrained_model", "t.untrained_model")),
    )


def step_at_work(workspace, owner) -> Activity:
    """A step that a worker has claimed, as the keeper sees it."""
    from studio.experiments import services as experiments

    experiment = experiments.ensure_experiment(workspace=workspace, name="e")
    pipeline = experiments.create_run(actor=owner, experiment=experiment, new=experiments.NewRun("pipeline"))
    new = experiments.NewRun("step", "Tune", task="t.t")
    (step,) = experiments.create_child_runs(actor=owner, parent=pipeline, new=[new])
    lifecycle.move(step.pk, "queued")
    return claimed(step.pk)


def claimed(step_id) -> Activity:
    found = lifecycle.claim(step_id, holder="one", pid=1)
    lifecycle.move(step_id, "running", lease=found.lease)
    return Activity.objects.get(pk=step_id)


def line(n: int, kind: str, child: int, **fields) -> dict:
    at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n)).isoformat()
    return {"n": n, "at": at, "kind": kind, "child": child, **fields}


def begun(n: int, child: int) -> dict:
    return line(n, "child", child, status="running", title=f"Trial {child}", parameters={"trees": child})


def trials(step: Activity, **more) -> list[tuple[int, str]]:
    rows = Run.objects.filter(parent_id=step.pk, **more).order_by("created_at")
    return [(run.place, run.activity.status) for run in rows]


def test_a_tuning_step_leaves_its_trials_and_a_second_run_reuses_it(workspace, owner):
    factories.dataset(workspace, owner, ROWS, "rows")
    draft = draw(workspace, owner, tuning("rows"))
    run, states = submit(draft, owner)
    assert set(states.values()) == {"completed"}, run.activity.failure
    step = Run.objects.get(parent=run, step__node="t")
    found = list(step.children.order_by("place"))
    assert [trial.display_name for trial in found] == ["Trial 1", "Trial 2", "Trial 3"]
    assert {trial.activity.status for trial in found} == {"completed"} and {trial.kind for trial in found} == {"trial"}
    assert all(set(trial.parameters) == {"trees"} and "accuracy" in trial.summary for trial in found)
    assert set(step.summary) == {"best accuracy"}, "a step's numbers are its own"
    again, _ = submit(draft, owner)
    reused = Run.objects.get(parent=again, step__node="t")
    assert reused.step.reused_from_id == step.pk and not reused.children.exists()


def test_repeated_and_overlapping_lines_tell_once(workspace, owner):
    step = step_at_work(workspace, owner)
    lines = [
        begun(1, 1), line(2, "child_metric", 1, name="accuracy", value=0.5, step=None),
        line(3, "metric", 0, name="best", value=0.5), line(4, "child", 1, status="completed"), begun(5, 2),
        line(6, "metric", 0, name="best", value=0.7),
        line(7, "child_metric", 2, name="accuracy", value=0.7, step=None),
    ]  # fmt: skip
    following.store_spool(step, lines[:4])
    before = Event.objects.filter(type="activity.changed").count()
    following.store_spool(step, lines[:4])
    assert Event.objects.filter(type="activity.changed").count() == before, "what was told is not told again"
    following.store_spool(step, lines)
    following.store_spool(step, lines)
    assert trials(step) == [(1, "completed"), (2, "running")]
    first = Run.objects.get(parent_id=step.pk, place=1)
    assert first.summary == {"accuracy": 0.5} and first.parameters == {"trees": 1}
    assert first.activity.finished_at - first.activity.started_at == timedelta(seconds=3)
    counts = {(series.run, series.name): series.count for series in Series.objects.all()}
    assert counts == {(step.pk, "best"): 2, (first.pk, "accuracy"): 1, (trial_id(step, 2), "accuracy"): 1}


def trial_id(step: Activity, place: int):
    return Run.objects.get(parent_id=step.pk, place=place).pk


def test_a_killed_worker_ends_its_trials_and_the_next_attempt_has_its_own(workspace, owner):
    step = step_at_work(workspace, owner)
    following.store_spool(step, [begun(1, 1), line(2, "child", 1, status="completed"), begun(3, 2)])
    Activity.objects.filter(pk=step.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep.sweep()
    assert trials(step) == [(1, "completed"), (2, "canceled")]
    ended = Activity.objects.get(pk=trial_id(step, 2))
    assert ended.failure["code"] == "worker_lost" and "Attempt 1 of 'Tune'" in ended.failure["detail"]
    following.store_spool(step, [line(4, "child", 2, status="completed"), begun(5, 3)])
    assert trials(step) == [(1, "completed"), (2, "canceled")], "a lost attempt tells nothing any more"
    second = claimed(step.pk)
    following.store_spool(second, [begun(1, 1)])
    assert trials(step) == [(1, "completed"), (2, "canceled"), (1, "running")]


@pytest.mark.parametrize(
    ("to", "becomes"),
    [("failed", "failed"), ("completed", "canceled"), ("queued", "canceled"), ("canceling", "running")],
)
def test_unfinished_trials_end_with_their_step(workspace, owner, to, becomes):
    step = step_at_work(workspace, owner)
    following.store_spool(step, [begun(1, 1)])
    problem = errors.LimitExceeded("It used too much memory.").to_problem()
    lifecycle.move(step.pk, to, failure=problem if to == "failed" else None)
    assert trials(step) == [(1, becomes)]
    if to == "failed":
        assert Activity.objects.get(pk=trial_id(step, 1)).failure == problem


def test_canceling_a_step_cancels_its_trials_and_a_trial_alone_cannot_be(workspace, owner):
    step = step_at_work(workspace, owner)
    following.store_spool(step, [begun(1, 1), line(2, "child", 1, status="completed"), begun(3, 2)])
    with pytest.raises(errors.IllegalMove, match="part of 'Tune'"):
        services.cancel(Activity.objects.get(pk=trial_id(step, 2)))
    services.cancel(step)
    assert trials(step) == [(1, "completed"), (2, "canceling")]
    lifecycle.move(step.pk, "canceled", lease=step.lease)
    assert trials(step) == [(1, "completed"), (2, "canceled")]


def test_a_failed_trial_keeps_its_problem(workspace, owner):
    step = step_at_work(workspace, owner)
    problem = {"code": "step_failed", "title": "The step failed", "detail": "It ran away."}
    following.store_spool(step, [begun(1, 1), line(2, "child", 1, status="failed", problem=problem)])
    assert Activity.objects.get(pk=trial_id(step, 1)).failure == problem and trials(step) == [(1, "failed")]


@pytest.mark.parametrize(
    "strange",
    [
        {"child": 0}, {"child": "1"}, {"child": 10**9}, {"child": True, "status": "running"}, {"status": "weird"},
        {"status": "running", "title": 3}, {"status": "completed"}, {"kind": "child_metric", "name": "x", "value": []},
        {"kind": "child_metric", "name": "never begun", "value": 1}, {"at": "soon", "status": "running", "title": "x"},
        {"kind": "child_metric", "name": "x", "value": "many"},
    ],
)  # fmt: skip
def test_lines_that_a_script_made_up_do_no_harm(workspace, owner, strange):
    step = step_at_work(workspace, owner)
    following.store_spool(step, [{**line(1, "child", 7), **strange}, begun(2, 1)])
    assert trials(step) == [(1, "running")]


def test_list_children_in_any_order_by_page(workspace, owner):
    step = step_at_work(workspace, owner)
    lines = []
    for place, value in ((1, 0.4), (2, 0.9), (3, 0.7)):
        lines += [
            begun(len(lines) + 1, place), line(len(lines) + 2, "child_metric", place, name="accuracy", value=value),
            line(len(lines) + 3, "child", place, status="completed"),
        ]  # fmt: skip
    following.store_spool(step, lines)
    client = client_of(owner)
    path = f"/api/workspaces/{workspace.name}/runs/{step.pk}/children"
    first = json.loads(client.get(path, {"sort": "-metrics.accuracy", "limit": 2}).content)
    assert [(row["place"], row["metrics"]["accuracy"]) for row in first["results"]] == [(2, 0.9), (3, 0.7)]
    rest = json.loads(client.get(path, {"sort": "-metrics.accuracy", "limit": 2, "cursor": first["next"]}).content)
    assert [row["place"] for row in rest["results"]] == [1] and rest["next"] is None and rest["count"] == 3
    (row,) = rest["results"]
    assert row["parameters"] == {"trees": 1} and row["kind"] == "trial" and row["can_cancel"] is False
    assert json.loads(client.get(path, {"status": "failed"}).content)["count"] == 0
    assert client.get(path, {"sort": "beauty"}).status_code == 422
    pipeline = f"/api/workspaces/{workspace.name}/runs/{step.parent_id}/children"
    assert [row["kind"] for row in json.loads(client.get(pipeline).content)["results"]] == ["step"]


def test_points_of_overlapping_batches_are_kept_once(workspace, owner):
    step = step_at_work(workspace, owner)
    lines = [line(n, "metric", 0, name="loss", value=float(n), step=n) for n in range(1, 6)]
    following.store_spool(step, lines[:3])
    following.store_spool(step, lines)
    (series,) = metric_store.series_of([step.pk])
    points, count = metric_store.points_of(series)
    assert [point.value for point in points] == [1.0, 2.0, 3.0, 4.0, 5.0] and count == 5
