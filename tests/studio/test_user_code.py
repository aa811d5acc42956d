"""Scripts that misbehave: one named refusal each, and the next step runs. RU-2."""

import zipfile

import pytest

from designer.errors import StepFailed
from designer.script import unpack_bundle
from studio.core.activity.selectors import log_page
from studio.pipelines.models import Step
from tests import factories
from tests.studio.test_orchestration import draw, submit

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])
MB = 1024**2


def script(body: str) -> str:
    return f"def azureml_main(dataframe1=None, dataframe2=None):\n    {body}\n    return dataframe1,\n"


def run_script(workspace, owner, text: str):
    """Run a script beside a step that knows nothing of it; the script's activity."""
    graph = factories.graph(
        ("py", "execute_python_script@1", {"script": text}),
        ("next", "enter_data_manually@1", {"data": "a\n1\n", "has_header": True}),
    )
    graph["settings"]["continue_on_step_failure"] = True
    run, states = submit(draw(workspace, owner, graph), owner)
    assert states["next"] == "completed", "the worker lives"
    return Step.objects.get(pipeline_id=run.pk, node="py").run.activity


@pytest.mark.parametrize(
    ("limits", "body", "told"),
    [
        ({"STEP_TIME_LIMIT_S": 3.0}, "while True: pass", "STUDIO_STEP_TIME_LIMIT_S"),
        ({"STEP_LOG_LIMIT_BYTES": 10 * MB}, "while True: print('x' * 999)", "STUDIO_STEP_LOG_LIMIT_BYTES"),
        (
            {"STEP_MEMORY_LIMIT_BYTES": 400 * MB},
            "import time; a = []\n    while True: a.append(bytearray(9_000_000)); time.sleep(0.01)",
            "STUDIO_STEP_MEMORY_LIMIT_BYTES",
        ),
        (
            {"STEP_PROCESS_LIMIT": 30},
            "import os, time\n    while True: os.fork(); time.sleep(0.2)",
            "STUDIO_STEP_PROCESS_LIMIT",
        ),
    ],
    ids=["hangs", "prints", "eats memory", "forks"],
)
def test_a_limit_is_named_and_the_next_step_runs(workspace, owner, settings, limits, body, told):
    for name, value in limits.items():
        setattr(settings, name, value)
    ended = run_script(workspace, owner, script(body))
    assert ended.status == "failed" and ended.attempt == 1
    failure = ended.failure
    assert (failure["code"], failure["fault"]) == ("limit_exceeded", "user")
    assert told in failure["detail"] and failure["fix"] and failure["errors"] == []


def test_of_a_long_log_the_end_is_in_the_problem_and_all_can_be_paged(workspace, owner):
    body = (
        "import os\n    for i in range(30_000): print(i, 'x' * 90)\n    print('the end', flush=True)\n    os._exit(3)"
    )
    ended = run_script(workspace, owner, script(body))
    assert "exit code 3" in ended.failure["detail"]
    lines = ended.failure["traceback"].splitlines()
    assert lines[-1] == "the end" and len(lines) == 50
    page = log_page(ended, 0, 1000)
    assert page.text.startswith("0 xxx") and page.size_bytes > 2_700_000 and 0 < page.next_offset <= 1000


def bundle(path, write) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        write(archive)


def zeros(archive) -> None:
    """A bomb: 600 MiB of zeros in 600 kB."""
    with archive.open("zeros.py", "w") as file:
        for _ in range(600):
            file.write(bytes(MB))


def many(archive) -> None:
    for number in range(10_001):
        archive.writestr(f"{number}.py", "")


def link(archive) -> None:
    entry = zipfile.ZipInfo("link.py")
    entry.external_attr = 0o120777 << 16
    archive.writestr(entry, "/etc/passwd")


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (zeros, "unpacks to more than 512 MiB"),
        (many, "more than 10,000 files"),
        (link, "holds a link"),
        (lambda archive: archive.writestr("../out.py", ""), "leads outside"),
        (lambda archive: archive.writestr("/etc/out.py", ""), "leads outside"),
        (lambda archive: (archive.writestr("a", ""), archive.writestr("a/b.py", "")), "cannot be unpacked"),
    ],
    ids=["bomb", "many", "link", "above", "absolute", "both"],
)
def test_a_bundle_that_is_a_trap_is_refused(tmp_path, write, told):
    bundle(tmp_path / "bundle.zip", write)
    (tmp_path / "to").mkdir()
    with pytest.raises(StepFailed, match=told):
        unpack_bundle(tmp_path / "bundle.zip", tmp_path / "to")
    assert not (tmp_path / "out.py").exists()


def test_a_bundle_with_broken_bytes_is_refused(tmp_path):
    path = tmp_path / "bundle.zip"
    bundle(path, lambda archive: archive.writestr("a.py", "x = 1\n" * 5000))
    data = bytearray(path.read_bytes())
    for place in range(34, 54):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    (tmp_path / "to").mkdir()
    with pytest.raises(StepFailed, match="script bundle"):
        unpack_bundle(path, tmp_path / "to")
