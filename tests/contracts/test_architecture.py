"""The plan of the house as tests that can fail (import contracts run in `make check`)."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [
    path
    for folder in ("studio", "designer")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
WRITES = {
    "create",
    "update",
    "delete",
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "aupdate",
    "acreate",
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def app_of(module: str) -> str:
    """The app a module belongs to: studio.core.activity, studio.datasets …"""
    parts = module.split(".")
    if parts[:2] == ["studio", "core"]:
        inner = parts[2] if len(parts) > 2 and (ROOT / "studio/core" / parts[2]).is_dir() else ""
        return f"studio.core.{inner}" if inner else "studio.core"
    return ".".join(parts[:2])


def module_of(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def foreign_models(path: Path) -> set[str]:
    here, found = app_of(module_of(path)), set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".models"):
            if app_of(node.module) != here and node.module.startswith("studio."):
                found |= {alias.asname or alias.name for alias in node.names}
    return found


def chain_root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def writes_to(path: Path, models: set[str]) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            if chain_root(node.func) in models:
                yield f"{name(path)}:{node.lineno} {ast.unparse(node.func)[:60]}"


def test_one_writer_per_table():
    found = [line for path in SOURCES if (models := foreign_models(path)) for line in writes_to(path, models)]
    assert found == []


def test_status_is_assigned_only_in_the_lifecycle():
    found = []
    for path in SOURCES:
        if "core/activity" not in name(path) or path.name == "lifecycle.py":
            continue
        for node in ast.walk(tree(path)):
            written = isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "status" for target in node.targets
            )
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("update", "Activity")
            ):
                written |= any(keyword.arg == "status" for keyword in node.keywords)
            if written:
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


# The points have their own database, whose transactions carry no announcement.
MAY_OPEN_TRANSACTIONS = {"studio/core/units.py", "studio/experiments/metric_store.py"}


def test_only_units_open_transactions():
    found = {name(path) for path in SOURCES if re.search(r"\batomic\(", path.read_text())}
    assert found <= MAY_OPEN_TRANSACTIONS


# `up` is the supervisor, the named exception.
MAY_START_PROCESSES = re.compile(r"studio/(compute|management)/")
STARTERS = {"subprocess", "multiprocessing", "pty"}


def test_only_compute_starts_processes():
    found = []
    for path in SOURCES:
        if MAY_START_PROCESSES.match(name(path)):
            continue
        for node in ast.walk(tree(path)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            if {module.split(".")[0] for module in modules} & STARTERS:
                found.append(f"{name(path)}:{node.lineno}")
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "os.system",
                "os.fork",
                "os.popen",
                "os.posix_spawn",
            ):
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


# Django's apps are not loaded yet where these stand.
MAY_IMPORT_LATE = re.compile(r".*/apps\.py|studio/workers\.py|studio/management/.*|designer/catalog\.py")


def test_our_packages_are_imported_at_the_top():
    found = []
    for path in SOURCES:
        if MAY_IMPORT_LATE.fullmatch(name(path)):
            continue
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "studio":
                        found.append(f"{name(path)}:{node.lineno} {node.module}")
    assert found == []


def test_every_name_that_is_enqueued_is_a_task():
    from studio.celery import app

    app.loader.import_default_modules()
    names = set()
    for path in SOURCES:
        names |= set(re.findall(r'enqueue\(\s*"([a-z_.]+)"', path.read_text()))
        names |= set(re.findall(r'task="([a-z_]+\.[a-z_.]+)"', path.read_text()))
    names |= {entry["task"] for entry in app.conf.beat_schedule.values()} | set(app.conf.task_routes)
    assert len(names) > 5 and names <= set(app.tasks)


def test_every_task_of_ours_is_sent_by_somebody():
    from studio.celery import app

    app.loader.import_default_modules()
    sent = {entry["task"] for entry in app.conf.beat_schedule.values()}
    sources = "".join(path.read_text() for path in SOURCES if path.name not in ("tasks.py", "base.py"))
    ours = {task for task in app.tasks if not task.startswith("celery.")}
    assert {task for task in ours - sent if f'"{task}"' not in sources} == set()


def test_tasks_are_doors_of_a_few_lines():
    for path in SOURCES:
        if path.name == "tasks.py":
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.FunctionDef):
                    assert node.end_lineno - node.lineno <= 5, f"{name(path)}:{node.lineno}"


HEAVY = [
    "polars",
    "sklearn",
    "lightgbm",
    "duckdb",
    "pyarrow",
    "pandas",
    "plotly",
    "scipy",
    "numpy",
    "optuna",
    "sqlglot",
    "python_calamine",
]


def test_heavy_libraries_stay_out_of_the_web(tmp_path):
    script = f"""
import os, sys, json
os.environ.update(DJANGO_SETTINGS_MODULE="studio.settings.embedded", STUDIO_DATA={str(tmp_path)!r})
from studio.asgi import application
from django.urls import get_resolver
get_resolver().url_patterns
from designer.catalog import default_catalog
from designer.graph import PipelineGraph
from designer.plan import compile_plan
from designer.samples import list_samples
from designer.validation import validate
catalog = default_catalog()
[spec.to_json() for spec in catalog.components()]
for sample in list_samples():
    graph = PipelineGraph.parse(sample["graph"])
    validate(graph, catalog, {{}})
    compile_plan(graph, catalog)
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_packages_of_apps_are_empty():
    packages = [path for path in SOURCES if path.name == "__init__.py" and path.parts[-2] != "samples"]
    studio = [path for path in packages if "studio" in path.relative_to(ROOT).parts]
    assert [name(path) for path in studio if path.read_text().strip()] == []
