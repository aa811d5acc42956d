"""One step, on a worker: the run directory is filled, the program runs, its outputs are kept."""

import logging
import shutil
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from designer.catalog import default_catalog
from designer.plan import Step as PlanStep
from designer.rundir import RunDirectory
from studio.compute import launcher
from studio.core import blobs, errors
from studio.core.activity import services as activity
from studio.core.activity import working
from studio.core.activity.models import Activity
from studio.core.activity.working import Canceled, Work
from studio.experiments import following
from studio.experiments import services as experiments
from studio.experiments.models import RunOutput
from studio.pipelines import orchestration, outside, reuse
from studio.pipelines.look import Claim, Look, Taken, completion_details, frozen
from studio.pipelines.models import Step

logger = logging.getLogger(__name__)
TAIL_BYTES = 64 * 1024
KEEP_FOLDERS_S = 2 * 24 * 3600.0


def run_steps(activity_id: str) -> None:
    """Run a catalogue step in this pool process, and what follows on it for as long as that is quick.

    A message to another process costs more than a step of a few milliseconds. After
    ``STEP_RUN_ON_S`` what follows is announced like anything else, so that nobody
    waits long behind somebody else's row of steps.
    """
    until = time.monotonic() + settings.STEP_RUN_ON_S
    claimed, taken = working.claim(activity_id, to="running", log_path=following.log_path), None
    while claimed is not None:
        turn = Turn(taken, until)
        working.work_on(claimed, turn.run)
        if not turn.has_looked:
            after(str(claimed.pk))
        taken = turn.taken
        claimed = taken and taken.activity


@dataclass
class Turn:
    """One step of a row: what is known of it beforehand, and what follows on it."""

    given: Taken | None
    until: float
    taken: Taken | None = None
    has_looked: bool = False

    def run(self, work: Work) -> None:
        """Run the step (the body of its activity)."""
        from designer import runtime

        step, directory = _prepare(work, self.given)
        effect = frozen(step.pipeline_id).plan.step(step.node).effect
        if effect in ("source", "sink"):
            result = outside.run(work.activity.workspace, directory, effect)
        else:
            result = runtime.run_step(directory.path)
        take = working.claim if time.monotonic() < self.until else None
        more, self.taken = _finish(work, step, directory, result, take)
        self.has_looked = self.taken is not None or not more


def run_user_step(activity_id: str) -> None:
    """Run a step with user code as a program of its own."""
    claimed = working.claim(activity_id, log_path=following.log_path)
    if claimed is not None:
        working.work_on(claimed, _run_user_step)
        after(activity_id)


def _run_user_step(work: Work) -> None:
    step, directory = _prepare(work, None)
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
    if ended.stopped == "log":
        return errors.LimitExceeded(
            f"The code printed more than {limits.log_bytes:,} bytes (STUDIO_STEP_LOG_LIMIT_BYTES). "
            "The log is kept as far as it came.",
            fix="Print less, or write to a result instead.",
        ).to_problem()
    if ended.stopped == "processes":
        return errors.LimitExceeded(
            f"The code had more than {limits.processes:,} processes at a time (STUDIO_STEP_PROCESS_LIMIT).",
            fix="Start fewer at a time, and wait for those that were started.",
        ).to_problem()
    code = ended.code or 0
    how = f"exit code {code}" if code >= 0 else f"signal {-code}"
    return errors.UserCodeFailed(
        f"The program ended with {how} before it could report.", traceback=_tail(directory.log)
    ).to_problem()


def _tail(log: Path) -> str:
    """Return the last lines of a log, which may be larger than memory."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-50:])


def _prepare(work: Work, taken: Taken | None) -> tuple[Step, RunDirectory]:
    """Fill the run directory; what a look has read already is not read again."""
    step = taken.step if taken else Step.objects.get(run_id=work.activity.pk)
    plan = frozen(step.pipeline_id).plan.step(step.node)
    arriving = taken.inputs if taken else _arriving(step, plan)
    inputs = {
        port: [{"type": output.type, "path": str(blobs.local_path(output.blob_id))} for output in outputs]
        for port, outputs in arriving.items()
    }
    folder = following.run_folder(work.activity)
    if folder.exists():
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
    return step, directory


def _arriving(step: Step, plan: PlanStep) -> dict[str, list[RunOutput]]:
    look = Look(step.run.activity, frozen(step.pipeline_id), {})
    look.fetch_outputs([step.node])
    return look.inputs(plan)


def _finish(
    work: Work, step: Step, directory: RunDirectory, result: dict[str, Any], take: Claim | None = None
) -> tuple[bool, Taken | None]:
    """Keep what the step left, end it, and let its pipeline go on, all in one transaction."""
    lines = directory.read_spool()
    if lines:
        following.store_spool(work.activity, lines)
    log = activity.stored_log(directory.log)
    outputs, kept = _outputs(step, directory, result)

    def end(made: orchestration.Known) -> None:
        if log is not None:
            activity.refer_log(work.activity, log)
        if result["status"] != "completed":
            work.move("failed", failure=_placed(result["problem"], step))
            return
        childless = not any(line["kind"] == "child" for line in lines)
        work.move("completed", progress=1.0, details=completion_details(outputs, None), childless=childless)
        blobs.record(kept)
        experiments.store_outputs(outputs)
        if step.key_digest:
            reuse.remember(work.activity.workspace_id, {step.key_digest: step.run_id})
        made.update({(step.node, output.port): output for output in outputs})

    found = orchestration.look(step.pipeline_id, first=end, take=take)
    _remove(directory)
    return found


def _outputs(step: Step, directory: RunDirectory, result: dict[str, Any]) -> tuple[list[RunOutput], list[blobs.Kept]]:
    """Store the files of a step; returns its outputs, and the bytes to record."""
    titles = {port.name: port.title for port in default_catalog().find(directory.spec["component"]).outputs}
    outputs, kept = [], []
    for port, found in result["outputs"].items() if result["status"] == "completed" else ():
        kept.append(blobs.keep_file(directory.resolve(found["path"]), move=True))
        outputs.append(
            RunOutput(
                run_id=step.run_id,
                port=port,
                title=titles[port],
                type=found["type"],
                blob_id=kept[-1].digest,
                media_type=found["media_type"],
                rows=found.get("rows"),
                columns=found.get("columns"),
                schema=found.get("schema"),
                document=found.get("document"),
            )
        )
    return outputs, kept


def _placed(problem: dict[str, Any] | None, step: Step) -> dict[str, Any]:
    """Return a problem whose parts say which node they speak of."""
    problem = dict(problem or errors.StudioError("The step left no result.").to_problem())
    problem["errors"] = [{"node": step.node, **part} for part in problem.get("errors", [])]
    return problem


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
