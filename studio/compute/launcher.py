"""The only place that starts processes for computing: limits, isolation, log, cancel."""

import json
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from django.conf import settings

from studio.compute import isolation

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys/devices/system/cpu")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/shm")
_LOOK_S = 0.1


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Parameters
    ----------
    memory_bytes : int
        Resident memory of the program and all its children.
    wall_s : float
        Time from start to end.
    open_files : int
        File descriptors per process.
    file_bytes : int
        Largest file it may write.
    log_bytes : int
        Most that it may print.
    processes : int
        Processes it may have at a time, threads not counted.
    """

    memory_bytes: int
    wall_s: float
    open_files: int = 1024
    file_bytes: int = 64 * 1024**3
    log_bytes: int = 1024**3
    processes: int = 512


@dataclass(frozen=True)
class Program:
    """What to start, and where.

    Parameters
    ----------
    argv : sequence of str
        Command; the first is an absolute path.
    folder : Path
        Run directory: working folder, and all it may write.
    log : Path
        File that takes its output.
    limits : Limits
        What it may use.
    packages : sequence of Path
        Our own packages that it imports, each made visible by a link.
    readable : sequence of Path
        Files besides the run directory that it may read.
    environment : dict
        Variables besides the clean ones.
    """

    argv: Sequence[str]
    folder: Path
    log: Path
    limits: Limits
    packages: Sequence[Path] = ()
    readable: Sequence[Path] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exit:
    """How a program ended.

    Parameters
    ----------
    code : int or None
        Exit code, negative for a signal; None when it was not seen.
    stopped : str
        Why we ended it: ``""``, ``"canceled"``, ``"memory"``, ``"processes"``, ``"log"`` or ``"time"``.
    duration_s : float
        Seconds from start to end.
    peak_memory_bytes : int
        Largest resident memory seen.
    isolated : bool
        Whether the kernel confined it.
    """

    code: int | None
    stopped: str
    duration_s: float
    peak_memory_bytes: int
    isolated: bool


def run(program: Program, *, should_stop: Callable[[], bool]) -> Exit:
    """Run a program to its end.

    Parameters
    ----------
    program : Program
        What to run.
    should_stop : callable
        Asked about once a second; True ends the program and all its children
        (TERM, three seconds of grace, KILL).

    Returns
    -------
    Exit
        How it ended. Nothing it started is left behind.
    """
    program.log.parent.mkdir(parents=True, exist_ok=True)
    report = program.folder / "exit.json"
    report.unlink(missing_ok=True)
    confined = isolation.abi() > 0
    spec = _spec(program, report, confined)
    started = time.monotonic()
    shim = subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("shim.py")), json.dumps(spec)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath},
        start_new_session=True,
        cwd="/",
    )
    try:
        stopped, peak = _watch(shim, program, started, should_stop)
    finally:
        if shim.poll() is None:
            _stop(shim)
        shim.wait()
        if shim.stdin is not None:
            shim.stdin.close()
    code = json.loads(report.read_text())["code"] if report.exists() else None
    report.unlink(missing_ok=True)
    return Exit(code, stopped, time.monotonic() - started, peak, confined)


def _watch(
    shim: subprocess.Popen, program: Program, started: float, should_stop: Callable[[], bool]
) -> tuple[str, int]:
    process, limits, peak, asked = psutil.Process(shim.pid), program.limits, 0, time.monotonic()
    while shim.poll() is None:
        used, processes = _use(process)
        peak = max(peak, used)
        now = time.monotonic()
        if used > limits.memory_bytes:
            return _stop(shim, "memory"), peak
        if processes > limits.processes:
            return _stop(shim, "processes"), peak
        if _size(program.log) > limits.log_bytes:
            return _stop(shim, "log"), peak
        if now - started > limits.wall_s:
            return _stop(shim, "time"), peak
        if now - asked > 1.0:
            asked = now
            if should_stop():
                return _stop(shim, "canceled"), peak
        try:
            shim.wait(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            continue
    return "", peak


def _use(process: psutil.Process) -> tuple[int, int]:
    """Return the resident bytes and the number of the processes below."""
    try:
        below = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return 0, 0
    total = 0
    for child in below:
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total, len(below)


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:  # not begun, or removed by the program itself
        return 0


def _stop(shim: subprocess.Popen, why: str = "") -> str:
    try:
        if shim.stdin is not None:
            shim.stdin.write(b"stop")
            shim.stdin.flush()
    except (BrokenPipeError, ValueError):
        pass  # it has ended already
    try:
        shim.wait(timeout=5)
    except subprocess.TimeoutExpired:
        # The shim itself hangs: its death ends the program (parent-death signal).
        shim.kill()
    return why


def _spec(program: Program, report: Path, confined: bool) -> dict:
    links = program.folder / "lib"
    links.mkdir(parents=True, exist_ok=True)
    for package in program.packages:
        link = links / package.name
        if not link.is_symlink():
            link.symlink_to(package)
    scratch = program.folder / "tmp"
    scratch.mkdir(exist_ok=True)
    readable = [
        *_SYSTEM,
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_path("stdlib"),
        *map(str, program.packages),
        *map(str, program.readable),
    ]
    return {
        "argv": list(program.argv),
        "folder": str(program.folder),
        "log": str(program.log),
        "exit": str(report),
        "confine": confined,
        "readable": sorted(set(readable)),
        "writable": [str(program.folder), *_DEVICES],
        "limits": {
            "RLIMIT_NOFILE": program.limits.open_files,
            "RLIMIT_FSIZE": program.limits.file_bytes,
            "RLIMIT_CORE": 0,
            "RLIMIT_NPROC": 4096,
        },
        "environment": {
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(links),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLBACKEND": "Agg",
            "OMP_NUM_THREADS": "2",
            **program.environment,
        },
    }


def default_limits() -> Limits:
    """Return the limits that the settings give to a user's program."""
    return Limits(
        memory_bytes=settings.STEP_MEMORY_LIMIT_BYTES,
        wall_s=settings.STEP_TIME_LIMIT_S,
        log_bytes=settings.STEP_LOG_LIMIT_BYTES,
        processes=settings.STEP_PROCESS_LIMIT,
    )
