"""The main job over HTTP with real workers: upload, draw, run, look, change, run again."""

import pytest

from tests.drawings import graph

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

CUSTOMERS = "tenure,charges,contract,churned\n" + "\n".join(
    f"{i % 72},{20 + (i * 7) % 100},{('monthly', 'yearly')[i % 2]},{'yes' if (i * 7) % 100 > 60 else 'no'}"
    for i in range(300)
)


def training(name: str, trees: int = 20) -> dict:
    return graph(
        ("data", "dataset@1", {"dataset": {"name": name, "version": "latest"}}),
        (
            "codes",
            "convert_to_indicator_values@1",
            {"columns": {"rules": [{"action": "include", "by": "names", "values": ["contract"]}]}},
        ),
        ("split", "split_data@1", {"fraction": 0.7, "seed": 7}),
        ("trees", "two_class_boosted_decision_tree@1", {"trees": trees}),
        ("train", "train_model@1", {"label": "churned"}),
        ("score", "score_model@1", {}),
        ("judge", "evaluate_model@1", {}),
        edges=(
            ("data.dataset", "codes.dataset"),
            ("codes.dataset", "split.dataset"),
            ("trees.untrained_model", "train.untrained_model"),
            ("split.first", "train.dataset"),
            ("train.model", "score.model"),
            ("split.second", "score.dataset"),
            ("score.dataset", "judge.scored_dataset"),
        ),
    )


def test_from_a_file_to_a_model_and_again_with_one_change(space):
    version = space.dataset("customers", CUSTOMERS)
    assert (version["status"], version["rows"], version["columns"]) == ("completed", 300, 4)

    draft = space.draft(training("customers"))
    assert [issue for issue in draft["issues"] if issue["severity"] == "error"] == []
    assert [c["name"] for c in draft["schemas"]["data"]["dataset"]["columns"]] == [
        "tenure",
        "charges",
        "contract",
        "churned",
    ]
    run = space.finished(space.submit(draft))
    assert run["status"] == "completed", run["failure"]
    assert run["steps"]["total"] == run["steps"]["completed"] == 7
    assert 0.5 < run["metrics"]["auc"] <= 1

    steps = space.steps(run)
    page = space.get(f"runs/{steps['split']['id']}/outputs/first/table?limit=5&sort=tenure&direction=desc")
    assert page["total_rows"] == 210 and len(page["rows"]) == 5
    evaluation = space.get(f"runs/{steps['judge']['id']}/outputs/evaluation")["document"]
    assert evaluation["task"] == "binary" and evaluation["results"][0]["roc"]["fpr"]
    model = space.get(f"runs/{steps['train']['id']}/outputs/model")["document"]
    assert model["label"] == "churned"

    answer = space.call(
        "PUT",
        f"drafts/{draft['id']}",
        {"graph": training("customers", trees=30), "view": draft["view"]},
        headers={"If-Match": f'"{draft["revision"]}"'},
    )
    assert answer.status == 200 and answer.headers["etag"] == f'"{draft["revision"] + 1}"'
    plan = {step["node"]: step["decision"] for step in space.get(f"drafts/{draft['id']}/plan")["steps"]}
    again = space.finished(space.submit(draft))
    done = {node: "reuse" if step["reused_from"] else "run" for node, step in space.steps(again).items()}
    assert done == {
        "data": "reuse",
        "codes": "reuse",
        "split": "reuse",
        "trees": "run",
        "train": "run",
        "score": "run",
        "judge": "run",
    }
    assert plan == done, "what runs equals what was shown"
    assert "20 → 30" in space.steps(again)["trees"]["reason"]["text"]


def test_a_script_runs_isolated_with_a_live_log(space):
    space.dataset("numbers", "a,b\n1,2\n3,4\n")
    script = (
        "def azureml_main(dataframe1=None, dataframe2=None):\n"
        "    print('hello from the script', len(dataframe1))\n"
        "    dataframe1['c'] = dataframe1['a'] + dataframe1['b']\n"
        "    return dataframe1,\n"
    )
    run = space.finished(space.submit(space.draft(_script(script))))
    assert run["status"] == "completed", run["failure"]
    step = space.steps(run)["py"]
    page = space.get(f"runs/{step['id']}/outputs/result1/table")
    assert page["rows"] == [[1, 2, 3], [3, 4, 7]]
    assert "hello from the script 2" in space.get(f"runs/{step['id']}/log")["text"]


def _script(text: str) -> dict:
    return graph(
        ("d", "dataset@1", {"dataset": {"name": "numbers", "version": "latest"}}),
        ("py", "execute_python_script@1", {"script": text}),
        edges=(("d.dataset", "py.dataset1"),),
    )


@pytest.mark.parametrize(
    "body",
    [
        "open(DATA + '/secrets.json').read()",
        "open(DATA + '/studio.sqlite3', 'rb').read()",
        "open('/tmp/studio-escape', 'w').write('x')",
        "open(os.path.expanduser('~root/.bashrc')).read()",
        "os.kill(os.getppid(), 9)",
    ],
)
def test_a_script_reaches_nothing_but_its_run_directory(space, body):
    space.dataset("numbers", "a,b\n1,2\n3,4\n")
    script = (
        f"import os\nDATA = {str(space.stack.data)!r}\n\ndef azureml_main(dataframe1=None, dataframe2=None):\n"
        f"    {body}\n    return dataframe1,\n"
    )
    run = space.finished(space.submit(space.draft(_script(script))))
    assert run["status"] == "failed"
    failure = space.steps(run)["py"]["failure"]
    assert failure["fault"] == "user" and "PermissionError" in str(failure)


def test_a_failing_script_shows_its_own_traceback(space):
    space.dataset("numbers", "a,b\n1,2\n3,4\n")
    script = "def azureml_main(dataframe1=None, dataframe2=None):\n    return dataframe1['no such column'],\n"
    run = space.finished(space.submit(space.draft(_script(script))))
    failure = space.steps(run)["py"]["failure"]
    assert failure["code"] == "user_code_failed" and "no such column" in str(failure)
    assert run["failure"]["errors"][0]["node"] == "py"


def test_a_clone_of_a_run_is_a_draft_with_the_same_drawing(space):
    space.dataset("numbers", "a,b\n1,2\n3,4\n")
    drawing = graph(("d", "dataset@1", {"dataset": {"name": "numbers", "version": "latest"}}))
    run = space.finished(space.submit(space.draft(drawing)))
    clone = space.post(f"runs/{run['id']}/drafts")
    assert clone["graph"] == space.get(f"runs/{run['id']}/graph")["graph"]


def test_sample_pipelines_run_green_and_then_from_results(stack):
    import json

    names = json.loads(stack.manage("run_sample", "--list", "--json").stdout)
    assert len(names) >= 2
    for name in names:
        first = json.loads(stack.manage("run_sample", name, "--json").stdout)
        again = json.loads(stack.manage("run_sample", name, "--json").stdout)
        assert first["status"] == again["status"] == "completed"
        assert all(step["reused_from"] for step in again["steps"])
        assert again["metrics"] == first["metrics"] != {}
