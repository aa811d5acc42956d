"""The small program between the launcher and user code.

It confines and starts the program in a process group of its own, and makes sure
that nothing outlives the launcher: the launcher holds one end of a pipe, and
when that closes (it was killed) or says ``stop``, everything below is ended,
TERM first, KILL three seconds later. Run as ``python -I shim.py SPEC``.
"""

import ctypes
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path

GRACE_S = 3.0
_PR_SET_CHILD_SUBREAPER, _PR_SET_PDEATHSIG = 36, 1


def main() -> int:
    spec = json.loads(sys.argv[1])
    # Orphans of the program become ours, so that they can be found and ended.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        _become(spec)
    code = _wait(child, sys.stdin.fileno())
    _end_all(signal.SIGKILL, [])
    Path(spec["exit"]).write_text(json.dumps({"code": code}))
    return 0


def _become(spec: dict) -> None:
    """Turn the forked child into the program (never returns)."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDONLY)
        log = os.open(spec["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 256)
        for name, value in spec["limits"].items():
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            top = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (top, top))
        os.chdir(spec["folder"])
        if spec["confine"]:
            _isolation().restrict(spec["readable"], spec["writable"])
        os.execve(spec["argv"][0], spec["argv"], spec["environment"])
    except BaseException as error:
        os.write(2, f"The program could not be started: {error!r}\n".encode())
    finally:
        os._exit(127)


def _isolation():
    path = Path(__file__).with_name("isolation.py")
    found = importlib.util.spec_from_file_location("isolation", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _wait(child: int, pipe: int) -> int:
    """Wait for the program's end, or for the word to stop."""
    stop_at = None
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == child:
            return os.waitstatus_to_exitcode(status)
        if pid:
            continue
        if stop_at is None:
            ready, _, _ = select.select([pipe], [], [], 0.02)
            if ready:
                os.read(pipe, 64)  # "stop", or nothing: the launcher is gone
                _end_all(signal.SIGTERM, [child])
                stop_at = time.monotonic() + GRACE_S
        else:
            time.sleep(0.02)
            if time.monotonic() > stop_at:
                _end_all(signal.SIGKILL, [child])


def _end_all(sign: int, known: list[int]) -> None:
    """Signal everything below this process, whatever group or session it fled to."""
    for _ in range(50):
        below = set(known) | _descendants(os.getpid())
        for pid in below:
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                pass  # it ended between the look and the signal
        if sign != signal.SIGKILL or known:
            return
        if not below:
            return
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def _descendants(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path(f"/proc/{name}/stat").read_text()
            except OSError:
                continue  # ended meanwhile
            parents[int(name)] = int(text.rsplit(")", 1)[1].split()[1])
    found: set[int] = set()
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found | {root}} - found
        found |= more
        grown = bool(more)
    return found


if __name__ == "__main__":
    sys.exit(main())
