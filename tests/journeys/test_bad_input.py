"""What people get wrong, over HTTP: one clear problem, nothing changed, nothing lost. DA-4, DA-8, DS-5."""

import copy

import pytest

from tests.factories import graph
from tests.stack import ENDED

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

MANUAL = ("d", "enter_data_manually@1", {"data": "a\n1\n2\n", "has_header": True})
TABLE = graph(MANUAL)


def assert_problem(answer, status: int | tuple) -> dict:
    wanted = status if isinstance(status, tuple) else (status,)
    assert answer.status in wanted, (answer.status, answer.body)
    problem = answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"] and problem["code"] and problem["fault"] == "user" and problem["status"] == answer.status
    assert "Traceback" not in str(problem)
    return problem


def contents(space) -> tuple:
    """What a workspace holds, to be compared before and after."""
    return tuple(
        (kind, [(row["id"], row.get("updated_at")) for row in space.get(kind)["results"]])
        for kind in ("datasets", "drafts", "runs")
    )


# files


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n1,2\n1,2,3\n", "wrong_width"),
        (b'a,b\n1,"open\n', "broken_quote"),
        (b"a,b\n1,x\x00y\n", "null_bytes"),
        (b" \n\n", "empty_file"),
        (b"PK\x03\x04" + b"x" * 99, "unknown_format"),
        (b"PAR1" + b"zzzz" * 10, "broken_parquet"),
    ],
)
def test_a_broken_file_previews_and_fails_with_one_named_issue_da_8(space, data, code):
    before = contents(space)
    answer = space.call("POST", "parse-previews", {"upload": space.upload("data.csv", data)})
    if answer.status == 200:
        assert code in [issue["code"] for issue in answer.body["issues"]]
    else:
        assert assert_problem(answer, 422)["errors"][0]["code"] == code
    assert contents(space) == before, "a preview keeps nothing"
    version = space.dataset("broken", data)
    failure = version["activity"]["failure"]
    assert version["status"] == "failed" and failure["errors"][0]["code"] == code and failure["fault"] == "user"
    dataset = f"datasets/{version['dataset']['id']}"
    assert_problem(space.call("GET", f"{dataset}/versions/1/preview"), 409)
    source = {"upload": space.upload("good.csv", b"a\n1\n")}
    assert space.post(f"{dataset}/versions", {"source": source})["version"] == 2, "the next version may be right"


def test_a_wrong_encoding_is_seen_and_the_right_one_reads_da_8(space):
    upload = space.upload("latin.csv", "name,n\nMüller,1\nPeña,2\n".encode("cp1252"))
    options = space.post("parse-previews", {"upload": upload})["options"]
    wrong = space.post("parse-previews", {"upload": upload, "options": {**options, "encoding": "utf-8"}})
    assert [issue["code"] for issue in wrong["issues"]] == ["wrong_encoding"]
    right = space.post("parse-previews", {"upload": upload, "options": {**options, "encoding": "cp1252"}})
    assert right["issues"] == [] and right["rows"] == [["Müller", 1], ["Peña", 2]]


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "hex"},
        {"encoding": "no-such"},
        {"delimiter": ""},
        {"delimiter": "ab"},
        {"quote": "ab"},
        {"format": "xlsx"},
        {"skip_rows": -1},
        {"column_types": {"a": "money"}},
        {"decimal": "x"},
        {"delimiter": "\n"},
        {"missing_values": "NA"},
    ],
)
def test_options_that_make_no_sense_are_refused(space, options):
    upload = space.upload("a.csv", b"a,b\n1,2\n")
    assert_problem(space.call("POST", "parse-previews", {"upload": upload, "options": options}), 422)


def test_odd_tables_are_tables_da_4(space):
    version = space.dataset("no rows", "a,b\n")
    assert (version["status"], version["rows"], version["columns"]) == ("completed", 0, 2)
    odd = space.dataset("names", "a,a,A,,größe,<script>alert(1)</script>\n1,,x,2,3,=1+1\n,,y,4,5,@x\n")
    assert odd["status"] == "completed", odd["activity"]["failure"]
    names = [column["name"] for column in odd["schema"]["columns"]]
    assert len(set(names)) == 6 and names[4:] == ["größe", "<script>alert(1)</script>"]
    page = space.get(f"datasets/{odd['dataset']['id']}/versions/1/preview")
    assert page["rows"][0] == [1, None, "x", 2, 3, "=1+1"], "a formula is only text"
    profile = space.get(f"datasets/{odd['dataset']['id']}/versions/1/profile")
    assert profile["columns"][1]["notes"] == ["all_missing"]


def test_two_thousand_columns_are_previewed_and_prepared_da_4(space):
    data = ",".join(f"c{i}" for i in range(2000)) + "\n" + ",".join("7" * 2000) + "\n"
    preview = space.post("parse-previews", {"upload": space.upload("wide.csv", data.encode())})
    assert len(preview["columns"]) == 2000 and preview["issues"] == []
    version = space.dataset("wide", data)
    assert (version["status"], version["columns"]) == ("completed", 2000)
    page = space.get(f"datasets/{version['dataset']['id']}/versions/1/preview?columns=c0,c1999")
    assert page["rows"] == [[7, 7]] and page["total_columns"] == 2000


@pytest.mark.parametrize("path", ["../../secrets.json", "/etc/passwd", "a/../../../x", "..", "x%00y", "\\windows"])
def test_a_path_out_of_the_datastore_is_refused_ds_5(space, path):
    before = contents(space)
    store = space.get("datastores")[0]["name"]
    assert_problem(space.call("GET", f"datastores/{store}/tree?path={path}"), (404, 422))
    source = {"datastore": store, "path": path.replace("%00", "\x00")}
    assert_problem(space.call("POST", "parse-previews", source), (404, 422))
    assert_problem(space.call("POST", "datasets", {"name": "x", "source": source}), (404, 422))
    assert contents(space) == before


@pytest.mark.parametrize("name", ["", " ", "x" * 10_000, "nul\x00l"])
def test_names_that_cannot_be_kept_are_refused(space, name):
    before = contents(space)
    source = {"upload": space.upload("a.csv", b"a\n1\n")}
    assert_problem(space.call("POST", "datasets", {"name": name, "source": source}), 422)
    assert_problem(space.call("POST", "drafts", {"name": name}), 422)
    assert contents(space) == before


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "'; DROP TABLE x; --", "../../x", "🙂"])
def test_hostile_names_are_kept_as_text(space, name):
    version = space.dataset(name, "a\n1\n", file_name=f"{name}.csv")
    assert version["status"] == "completed" and version["dataset"]["name"] == name
    answer = space.call("GET", f"datasets/{version['dataset']['id']}/versions/1/download")
    assert answer.status == 200 and "\n" not in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")


# graphs


def edge(source, target) -> dict:
    made = graph(edges=((source, target),))
    return made["edges"][0]


CHAIN = graph(
    MANUAL,
    ("s", "split_data@1", {}),
    ("t", "split_data@1", {}),
    edges=(("d.dataset", "s.dataset"), ("s.first", "t.dataset")),
)


def changed(change) -> dict:
    made = copy.deepcopy(CHAIN)
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda g: g["edges"].__setitem__(0, edge("t.first", "s.dataset")), "cycle"),
        (lambda g: g["edges"].append(edge("d.dataset", "zzz.dataset")), "unknown_node"),
        (lambda g: g["edges"].append(edge("d.nothing", "t.dataset")), "unknown_port"),
        (lambda g: g["edges"].append(edge("d.dataset", "s.dataset")), "duplicate_edge"),
        (lambda g: g["edges"].pop(0), "missing_input"),
        (lambda g: g["nodes"][1].update(component="no_such_thing@7"), "unknown_component"),
        (lambda g: g["nodes"][1].update(component="split_data@99"), "unknown_component"),
        (lambda g: g["nodes"][1]["parameters"].update(fraction=7), "invalid_parameter"),
        (lambda g: g["nodes"][1]["parameters"].update(fraction="<script>"), "invalid_parameter"),
        (lambda g: g["nodes"][1]["parameters"].update(nonsense=1), "unknown_parameter"),
        (lambda g: (g["nodes"].clear(), g["edges"].clear()), "empty_graph"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_drawing_is_kept_named_and_not_run(space, change, code):
    drawing = changed(change)
    answer = space.call("POST", "drafts", {"name": "Wrong", "graph": drawing})
    if answer.status == 422:
        problem = assert_problem(answer, 422)
        assert code in [part["code"] for part in problem["errors"]]
        assert space.get("drafts")["results"] == []
        return
    draft = answer.body
    assert code in [issue["code"] for issue in draft["issues"]], draft["issues"]
    kept = space.get(f"drafts/{draft['id']}")["graph"]
    assert kept["nodes"] == drawing["nodes"] and kept["edges"] == drawing["edges"], "nothing is lost"
    problem = assert_problem(space.call("POST", f"drafts/{draft['id']}/runs", {}), 422)
    assert code in [part["code"] for part in problem["errors"]]
    assert space.get("runs")["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {"nodes": "x", "edges": []},
        {"nodes": [1], "edges": []},
        {"nodes": [{"id": "a"}], "edges": []},
        {"nodes": [], "edges": [{"source": 1}]},
        {"schema_version": 99, "nodes": [], "edges": []},
        {**TABLE, "nodes": TABLE["nodes"] * 2},
        graph(("x" * 5000, "split_data@1", {})),
        graph(("a\x00b", "split_data@1", {})),
    ],
)
def test_what_is_no_drawing_is_refused_and_nothing_is_made(space, body):
    assert_problem(space.call("POST", "drafts", {"name": "Wrong", "graph": body}), 422)
    assert space.get("drafts")["results"] == []


def test_a_bad_save_leaves_the_draft_as_it_was(space):
    draft = space.draft(CHAIN)
    before = space.get(f"drafts/{draft['id']}")
    for body in ({"graph": "x", "view": {}}, {"graph": {"nodes": 1}, "view": {}}, {}, {"view": {}}):
        answer = space.call("PUT", f"drafts/{draft['id']}", body, headers={"If-Match": f'"{draft["revision"]}"'})
        assert_problem(answer, 422)
    assert space.get(f"drafts/{draft['id']}") == before


def test_of_two_people_saving_one_draft_the_second_is_told(space):
    draft = space.draft(CHAIN)
    revision = draft["revision"]

    def save(drawing, seen):
        body = {"graph": drawing, "view": draft["view"]}
        return space.call("PUT", f"drafts/{draft['id']}", body, headers={"If-Match": f'"{seen}"'})

    first = save(changed(lambda g: g["nodes"][0].update(title="Mine")), revision)
    assert first.status == 200 and first.body["revision"] == revision + 1
    second = save(changed(lambda g: g["nodes"][0].update(title="Theirs")), revision)
    problem = assert_problem(second, 412)
    assert (problem["code"], problem["current_revision"]) == ("stale", revision + 1)
    assert space.get(f"drafts/{draft['id']}")["graph"]["nodes"][0]["title"] == "Mine"
    again = save(changed(lambda g: g["nodes"][0].update(title="Theirs")), problem["current_revision"])
    assert again.status == 200


def test_a_dataset_of_another_workspace_is_not_found_by_a_pipeline_ws_3(stack, space):
    version = stack.new_workspace().dataset("secret", "a\n1\n")
    reference = {"id": version["dataset"]["id"], "name": "secret", "version": 1}
    draft = space.draft(graph(("d", "dataset@1", {"dataset": reference})))
    assert_problem(space.call("POST", f"drafts/{draft['id']}/runs", {}), 422)
    assert space.get("runs")["results"] == []


# code


def failed_step(space, *nodes, node, edges=()):
    run = space.finished(space.submit(space.draft(graph(*nodes, edges=edges))), 90)
    step = space.steps(run)[node]
    assert run["status"] == step["status"] == "failed", step
    assert step["failure"]["fault"] == "user" and step["failure"]["detail"]
    return step


def test_sql_touches_no_file_and_loads_nothing(space):
    """All at once: each statement is a step of its own beside the others."""
    queries = [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "ATTACH '/tmp/studio-escape.db' AS x",
        "COPY t1 TO '/tmp/studio-escape.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET enable_external_access=true",
        "CREATE TABLE x AS SELECT 1; SELECT * FROM x",
        "SELECT getenv('HOME')",
        "SELEC nonsense",
        "",
    ]
    nodes = [MANUAL, *((f"q{i}", "apply_sql_transformation@1", {"query": q}) for i, q in enumerate(queries) if q)]
    edges = tuple(("d.dataset", f"q{i}.t1") for i, q in enumerate(queries) if q)
    drawing = graph(*nodes, edges=edges)
    drawing["settings"]["continue_on_step_failure"] = True
    run = space.finished(space.submit(space.draft(drawing)), 120)
    steps = space.steps(run)
    assert steps["d"]["status"] == "completed"
    for number, query in enumerate(queries):
        if query:
            step = steps[f"q{number}"]
            assert step["status"] == "failed", query
            assert step["failure"]["fault"] == "user" and "root:" not in str(step["failure"]), query


def script(body: str, before: str = "") -> dict:
    return {"script": f"{before}\ndef azureml_main(dataframe1=None, dataframe2=None):\n    {body}\n"}


def test_scripts_that_end_badly_fail_with_a_name_and_the_worker_lives(space):
    endings = {
        "hard": (script("import os; print('so far'); os._exit(3)"), "exit code 3"),
        "segv": (script("import ctypes; ctypes.string_at(0)"), "signal 11"),
        "exit": (script("raise SystemExit(5)"), "SystemExit"),
        "syntax": ({"script": "def azureml_main(:\n"}, "SyntaxError"),
        "absent": ({"script": "x = 1\n"}, "azureml_main"),
        "wrong": (script("return 'text',"), ""),
        "raise": (script("raise ValueError('<b>wrong</b>')"), "<b>wrong</b>"),
    }
    drawing = graph(*((name, "execute_python_script@1", how) for name, (how, _) in endings.items()))
    drawing["settings"]["continue_on_step_failure"] = True
    run = space.finished(space.submit(space.draft(drawing)), 120)
    steps = space.steps(run)
    for name, (_, text) in endings.items():
        failure = steps[name]["failure"]
        assert steps[name]["status"] == "failed" and failure["fault"] == "user", (name, failure)
        assert text in str(failure), (name, failure)
        assert steps[name]["attempt"] == 1, "user code is tried once"
    assert "so far" in space.get(f"runs/{steps['hard']['id']}/log")["text"]
    good = graph(MANUAL, ("py", "execute_python_script@1", script("return dataframe1,")), edges=PYTHON)
    assert space.finished(space.submit(space.draft(good)))["status"] == "completed"


PYTHON = (("d.dataset", "py.dataset1"),)


def test_a_hundred_megabytes_of_print_are_a_log_that_can_be_paged(space):
    body = "line = 'x' * 999\n    for _ in range(100_000): print(line)\n    print('the end')\n    return dataframe1,"
    drawing = graph(MANUAL, ("py", "execute_python_script@1", script(body)), edges=PYTHON)
    run = space.finished(space.submit(space.draft(drawing)), 120)
    assert run["status"] == "completed", run["failure"]
    step = space.steps(run)["py"]
    page = space.get(f"runs/{step['id']}/log?offset=100000000")
    assert page["size_bytes"] >= 100_000_000 and "the end" in page["text"] and page["complete"]
    assert len(space.get(f"runs/{step['id']}/log?offset=0&limit=1000")["text"]) == 1000


def test_a_second_output_that_was_not_returned_is_an_empty_table(space):
    drawing = graph(MANUAL, ("py", "execute_python_script@1", script("return dataframe1,")), edges=PYTHON)
    run = space.finished(space.submit(space.draft(drawing)))
    step = space.steps(run)["py"]
    page = space.get(f"runs/{step['id']}/outputs/result2/table")
    assert (page["columns"], page["rows"], page["total_rows"]) == ([], [], 0)


def test_the_studio_is_whole_after_all_this(stack):
    assert stack.process.poll() is None
    running = stack.sample.get("runs?status=running,queued,canceling")["results"]
    assert running == [] and all(row["status"] in ENDED for row in stack.sample.get("datasets")["results"])
