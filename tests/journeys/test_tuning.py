"""Tuning over HTTP with real workers: each trial is a run of its own, seen while the step works."""

import time

import pytest

from tests.drawings import graph

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

FLOWERS = "a,b,c,kind\n" + "\n".join(
    f"{(i * 7) % 31},{(i * 11) % 17},{(i * 5) % 23},{'uvw'[((i * 7) % 31) // 11]}" for i in range(400)
)


def tuning(trials: int = 8, space: str = "trees: 20 to 60\ndepth: 2, 4, 8") -> dict:
    return graph(
        ("data", "dataset@1", {"dataset": {"name": "flowers", "version": "latest"}}),
        ("split", "split_data@1", {"fraction": 0.7}),
        ("forest", "multiclass_decision_forest@1", {}),
        ("tune", "tune_model_hyperparameters@1", {"label": "kind", "trials": trials, "search_space": space}),
        ("score", "score_model@1", {}),
        ("judge", "evaluate_model@1", {}),
        edges=(
            ("data.dataset", "split.dataset"),
            ("split.first", "tune.dataset"),
            ("forest.untrained_model", "tune.untrained_model"),
            ("tune.model", "score.model"),
            ("split.second", "score.dataset"),
            ("score.dataset", "judge.scored_dataset"),
        ),
    )


def test_trials_are_child_runs_and_a_second_run_reuses_every_step(space):
    space.dataset("flowers", FLOWERS)
    draft = space.draft(tuning())
    run = space.finished(space.submit(draft))
    assert run["status"] == "completed", run["failure"]
    steps = space.steps(run)
    best_first = space.get(f"runs/{steps['tune']['id']}/children?sort=-metrics.accuracy")
    assert best_first["count"] == 8 and {row["status"] for row in best_first["results"]} == {"completed"}
    best = best_first["results"][0]
    assert set(best["parameters"]) == {"trees", "depth"} and best["parent"] == steps["tune"]["id"]
    assert best["metrics"]["accuracy"] == pytest.approx(steps["tune"]["metrics"]["best accuracy"])
    sweep = space.get(f"runs/{steps['tune']['id']}/outputs/sweep_results/table")
    names = [column["name"] for column in sweep["columns"]]
    assert sweep["rows"][0][names.index("accuracy")] == pytest.approx(best["metrics"]["accuracy"])
    evaluation = space.get(f"runs/{steps['judge']['id']}/outputs/evaluation")["document"]
    assert evaluation["task"] == "multiclass" and evaluation["results"][0]["labels"] == ["u", "v", "w"]
    assert space.get("runs")["count"] == 1, "trials are no runs of the list"

    again = space.finished(space.submit(draft))
    assert all(step["reused_from"] for step in space.steps(again).values())
    assert again["metrics"] == run["metrics"]


def test_canceling_ends_the_trials_too(space):
    space.dataset("flowers", FLOWERS)
    run = space.submit(space.draft(tuning(1000, "trees: 200 to 400")))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        step = space.steps(run)["tune"]
        trials = space.get(f"runs/{step['id']}/children")
        if trials["count"]:
            break
        time.sleep(0.3)
    assert any(row["status"] == "running" for row in trials["results"]), "trials are seen while the step works"
    assert not any(row["can_cancel"] for row in trials["results"])
    space.post(f"runs/{run['id']}/cancellation")
    assert space.finished(run)["status"] == "canceled"
    ended = space.get(f"runs/{step['id']}/children?limit=200")["results"]
    assert {row["status"] for row in ended} <= {"completed", "canceled"}
    assert [row["status"] for row in ended].count("canceled") <= 1
