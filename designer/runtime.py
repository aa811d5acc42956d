"""Run one step in its run directory: ``run_step``, and ``python -m designer.runtime PATH``."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from designer import reporting
from designer.artifacts import codecs
from designer.catalog import default_catalog
from designer.component import ComponentSpec, Effect
from designer.errors import DesignerError, LimitExceeded, PlatformFault, StepFailed
from designer.rundir import RunDirectory

COMPLETED_EXIT = 0
FAILED_EXIT = 3


def run_step(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Run the step that a run directory describes.

    What the step prints goes to ``logs/log.txt``, also from native code; what it reports goes to the spool.

    Parameters
    ----------
    path : path-like
        A run directory with its ``spec.json``.

    Returns
    -------
    dict
        The result, as written to ``result.json``. A failure is a result with a problem; nothing is raised
        for faults of the user, of the data or of the component.
    """
    directory = RunDirectory(Path(path).absolute())
    started = time.perf_counter()
    _reset_peak_memory()
    result: dict[str, Any] = {"status": "failed", "outputs": {}, "problem": None}
    with _output_to(directory.log):
        try:
            with reporting.listening(directory.append_spool):
                result["outputs"] = _run(directory)
            result["status"] = "completed"
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a component may raise SystemExit, polars PanicException
            result["problem"] = _problem(error)
    result["duration_s"] = round(time.perf_counter() - started, 6)
    result["peak_memory_bytes"] = _peak_memory()
    directory.write_result(result)
    return result


def _run(directory: RunDirectory) -> dict[str, Any]:
    spec = directory.spec
    component = default_catalog().find(spec["component"])
    if component.effect in (Effect.SOURCE, Effect.SINK):
        raise PlatformFault(f"{component.title} is resolved by the studio and has no body to run.")
    inputs = _read_inputs(component, spec.get("inputs", {}), directory)
    parameters = _check_parameters(component, spec.get("parameters", {}))
    answer = component.function(**inputs, **parameters)
    values = answer if len(component.outputs) > 1 else (answer,)
    written = {}
    for port, value in zip(component.outputs, values, strict=False):
        codec = codecs[port.type]
        file = directory.outputs / f"{port.name}.{codec.extension}"
        summary = codec.write(value, file)
        written[port.name] = {"type": port.type, "path": f"outputs/{file.name}", **summary.to_json()}
    return written


def _read_inputs(component: ComponentSpec, given: Mapping[str, Any], directory: RunDirectory) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for port in component.inputs:
        entries = given.get(port.name) or []
        if not entries:
            if port.required:
                raise StepFailed(
                    "missing_input", f"The input {port.title} is not connected.", fix="Connect it.", port=port.name
                )
            values[port.name] = None
            continue
        path = directory.resolve(entries[0]["path"])
        if not path.is_file():
            raise PlatformFault(f"The file for the input {port.title} is not there: {path.name}.")
        values[port.name] = codecs[port.type].read(path)
    return values


def _check_parameters(component: ComponentSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    resolved = component.resolve(given)
    for parameter in component.parameters:
        value = resolved[parameter.name]
        if not component.is_shown(parameter.name, resolved):
            continue
        if parameter.is_missing(value):
            raise StepFailed(
                "missing_parameter",
                f"{parameter.title} has no value.",
                fix=f"Set {parameter.title}.",
                parameter=parameter.name,
            )
        if value is not None and (wrong := parameter.complaint(value)):
            raise StepFailed("invalid_parameter", wrong, fix=f"Change {parameter.title}.", parameter=parameter.name)
    return resolved


def _problem(error: BaseException) -> dict[str, Any]:
    """Turn whatever was raised into a problem; the log keeps the traceback of what we did not foresee."""
    if isinstance(error, DesignerError):
        shown = getattr(error, "traceback", None) or f"{error.title}: {error.detail}\n"
        sys.stderr.write(shown if shown.endswith("\n") else shown + "\n")
        return error.to_problem()
    if isinstance(error, MemoryError):
        return LimitExceeded(
            "The step needed more memory than there is.",
            fix="Use fewer rows or columns, or run it on a larger compute target.",
            errors=[{"code": "out_of_memory", "detail": "Memory ran out.", "fix": "Use fewer rows or columns."}],
        ).to_problem()
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(error):
        return LimitExceeded(
            "The disk is full: the step could not write what it made.",
            fix="Make room on the studio's disk, then run it again.",
            errors=[{"code": "disk_full", "detail": "The disk is full.", "fix": "Make room, then run it again."}],
        ).to_problem()
    traceback.print_exception(error)
    kind = type(error).__name__
    detail = f"{kind}: {error}".strip()
    return PlatformFault(
        f"The component stopped with an error of its own. {detail[:2000]}",
        fix="The log has the details. Please report it.",
        errors=[{"code": "unexpected_error", "detail": detail[:2000], "fix": "Look at the log."}],
    ).to_problem()


@contextlib.contextmanager
def _output_to(log: Path) -> Iterator[None]:
    """Send file descriptors 1 and 2, and Python's streams, to the log; put everything back after."""
    log.parent.mkdir(parents=True, exist_ok=True)
    streams = sys.stdout, sys.stderr
    _flush(*streams)
    saved = {number: _duplicate(number) for number in (1, 2)}
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        for number in saved:
            os.dup2(file, number)
        os.close(file)
        writer = io.TextIOWrapper(
            io.FileIO(1, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True
        )
        # Celery puts proxies in the place of sys.stdout that would never reach the descriptors.
        sys.stdout = sys.stderr = writer
        yield
    finally:
        _flush(sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = streams
        for number, copy in saved.items():
            if copy is None:
                os.close(number)
            else:
                os.dup2(copy, number)
                os.close(copy)


def _duplicate(number: int) -> int | None:
    try:
        return os.dup(number)
    except OSError:
        # A daemon may have closed it.
        return None


def _flush(*streams: Any) -> None:
    for stream in streams:
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()


def _reset_peak_memory() -> None:
    """Start counting anew: a warm process runs many steps."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def _peak_memory() -> int:
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(arguments: list[str] | None = None) -> int:
    """Run one step as its own program.

    Parameters
    ----------
    arguments : list of str, optional
        The run directory; the program's arguments when left out.

    Returns
    -------
    int
        0 when the step completed, 3 when it failed, 2 when it was called wrongly.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        sys.stderr.write("usage: python -m designer.runtime RUN_DIRECTORY\n")
        return 2
    return COMPLETED_EXIT if run_step(given[0])["status"] == "completed" else FAILED_EXIT


if __name__ == "__main__":
    sys.exit(main())
