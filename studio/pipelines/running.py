"""One step, on a worker: the run directory is filled, the program runs, its outputs are kept."""

import logging
import shutil
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from designer.catalog import default_catalog
from designer.rundir import RunDirectory
from studio.compute import launcher
from studio.core import blobs, errors
from studio.core.activity import services as activity
from studio.core.activity.models import Activity
from studio.core.activity.working import Canceled, Work
from studio.core.units import unit
from studio.experiments import following
from studio.experiments import services as experiments
from studio.experiments.models import RunOutput
from studio.pipelines import beginning, orchestration, reuse
from studio.pipelines.models import Step

logger = logging.getLogger(__name__)
KEEP_FOLDERS_S = 2 * 24 * 3600.0


def run_step(work: Work) -> None:
    """Run a catalogue step in this pool process (the body of a step's activity)."""
    from designer import runtime

    step, directory = _prepare(work)
    work.move("running")
    result = runtime.run_step(directory.path)
    _finish(work, step, directory, result)


def run_user_step(work: Work) -> None:
    """Run a step with user code as a program of its own (the body of its activity)."""
    step, directory = _prepare(work)
    work.move("running", phase="Starting the interpreter")
    package = settings.ROOT / "designer"
    ended = launcher.run(
        launcher.Program(
            argv=[sys.executable, "-m", "designer.runtime", str(directory.path)],
            folder=directory.path,
            log=directory.log,
            limits=launcher.default_limits(),
            packages=[package],
            readable=[
                Path(entry["path"]).resolve() for entries in directory.spec["inputs"].values() for entry in entries
            ],
        ),
        should_stop=work.should_stop,
    )
    if ended.stopped == "canceled":
        activity.keep_log(work.activity, directory.log)
        _remove(directory)
        raise Canceled
    result = directory.result
    if ended.stopped or result is None:
        result = {"status": "failed", "outputs": {}, "problem": _exit_problem(ended, directory)}
    _finish(work, step, directory, result)


def _exit_problem(ended: launcher.Exit, directory: RunDirectory) -> dict[str, Any]:
    limits = launcher.default_limits()
    if ended.stopped == "memory":
        return errors.LimitExceeded(
            f"The code used more than {limits.memory_bytes / 1024**3:.1f} GiB of memory "
            "(STUDIO_STEP_MEMORY_LIMIT_BYTES).",
            fix="Work on fewer rows or columns at a time.",
        ).to_problem()
    if ended.stopped == "time":
        return errors.LimitExceeded(
            f"The code ran longer than {limits.wall_s:.0f} s (STUDIO_STEP_TIME_LIMIT_S).",
            fix="Make it faster, or raise the limit.",
        ).to_problem()
    tail = ""
    if directory.log.exists():
        tail = "\n".join(directory.log.read_text("utf-8", "replace").splitlines()[-50:])
    code = ended.code or 0
    how = f"exit code {code}" if code >= 0 else f"signal {-code}"
    return errors.UserCodeFailed(f"The program ended with {how} before it could report.", traceback=tail).to_problem()


def _prepare(work: Work) -> tuple[Step, RunDirectory]:
    step = Step.objects.select_related("run__workspace", "run__activity").get(run_id=work.activity.pk)
    plan = orchestration.plan_of(step.pipeline_id).step(step.node)
    inputs = {
        port: [{"type": output.type, "path": str(blobs.local_path(output.blob_id))} for output in outputs]
        for port, outputs in beginning.input_outputs(step.pipeline_id, plan).items()
    }
    folder = following.run_folder(work.activity)
    # A worker that was told to stop gave the attempt back, and its folder stayed.
    shutil.rmtree(folder, ignore_errors=True)
    directory = RunDirectory.create(
        folder,
        {
            "schema_version": 1,
            "component": plan.component,
            "parameters": dict(plan.parameters),
            "inputs": inputs,
            "run": str(work.activity.pk),
        },
    )
    activity.tell_log_path(work.activity, directory.log)
    return step, directory


def _finish(work: Work, step: Step, directory: RunDirectory, result: dict[str, Any]) -> None:
    """Keep what the step left, and end it."""
    lines = directory.read_spool()
    if lines:
        following.store_spool(work.activity, lines)
    activity.keep_log(work.activity, directory.log)
    if result["status"] != "completed":
        work.move("failed", failure=_placed(result["problem"], step))
        _remove(directory)
        return
    titles = {port.name: port.title for port in default_catalog().find(step.component).outputs}
    outputs = [_output(directory, port, titles[port], found) for port, found in result["outputs"].items()]
    with unit():
        experiments.store_outputs(run=step.run, outputs=outputs)
        if step.key_digest:
            reuse.remember(step.run.workspace, step.key_digest, step.run)
        work.move(
            "completed",
            progress=1.0,
            details=beginning.completion_details(outputs, None),
        )
    _remove(directory)


def _placed(problem: dict[str, Any] | None, step: Step) -> dict[str, Any]:
    """Return a problem whose parts say which node they speak of."""
    problem = dict(problem or errors.StudioError("The step left no result.").to_problem())
    problem["errors"] = [{"node": step.node, **part} for part in problem.get("errors", [])]
    return problem


def _output(directory: RunDirectory, port: str, title: str, found: dict[str, Any]) -> RunOutput:
    return RunOutput(
        port=port,
        title=title,
        type=found["type"],
        blob=blobs.put_file(directory.resolve(found["path"]), move=True),
        media_type=found["media_type"],
        rows=found.get("rows"),
        columns=found.get("columns"),
        schema=found.get("schema"),
        document=found.get("document"),
    )


def _remove(directory: RunDirectory) -> None:
    shutil.rmtree(directory.path, ignore_errors=True)


def after(activity_id: str) -> None:
    """Let the pipeline of an ended step go on, in this very process."""
    parent = Activity.objects.filter(pk=uuid.UUID(activity_id)).values_list("parent_id", flat=True)
    run_id = parent.first()
    if run_id is not None:
        orchestration.advance(run_id)


def sweep_folders() -> int:
    """Remove run directories that killed workers left; returns how many."""
    root, limit, removed = settings.DATA / "runs", time.time() - KEEP_FOLDERS_S, 0
    for folder in root.glob("*/*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
