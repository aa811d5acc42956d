"""The processes of the embedded profile: how each is started, kept alive and stopped.

Our own, because a stock process manager neither orders starts by readiness nor
restarts with back-off (docs/decisions/0009-own-supervisor.md).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_COLORS = ("36", "32", "33", "35", "34", "31")
_PR_SET_PDEATHSIG = 1
_FIRST_WAIT_S, _LONGEST_WAIT_S, _STEADY_S = 0.5, 15.0, 30.0
_libc = ctypes.CDLL(None)
_print_lock = threading.Lock()


@dataclass
class Process:
    """One process that is kept alive.

    Parameters
    ----------
    name : str
        Shown before each of its log lines.
    argv : list of str
        Command.
    environment : dict
        Variables besides ours.
    ready : callable or None
        Tells when it serves; the next process starts after that.
    stop_signal : int
        What asks it to end.
    stop_s : float
        How long it may take to end before it is killed, in seconds.
    hush : tuple of str
        Lines with one of these are left out of the merged log.
    """

    name: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    stop_signal: int = signal.SIGTERM
    stop_s: float = 10.0
    hush: tuple[str, ...] = ()
    color: str = "0"
    child: subprocess.Popen | None = None
    started_at: float = 0.0
    wait_s: float = _FIRST_WAIT_S
    again_at: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.child = subprocess.Popen(
            self.argv,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Its own session, so that Ctrl-C reaches the supervisor alone, which then stops in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        threading.Thread(target=self._copy_output, args=(self.child,), daemon=True).start()

    def _copy_output(self, child: subprocess.Popen) -> None:
        for raw in child.stdout or ():
            line = raw.decode("utf-8", "replace").rstrip()
            if line and not any(part in line for part in self.hush):
                say(self.name, line, self.color)

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        if self.child is None or self.child.poll() is not None:
            return
        _signal(self.child.pid, self.stop_signal)
        try:
            self.child.wait(timeout=self.stop_s)
        except subprocess.TimeoutExpired:
            say(self.name, f"did not stop within {self.stop_s:.0f} s and is killed", self.color)
        # What is left of its session goes too, such as pool processes of a killed worker.
        _signal(-self.child.pid, signal.SIGKILL)
        self.child.wait()


def _die_with_parent() -> None:
    """Ask the kernel to end this process when the supervisor is killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _signal(pid: int, number: int) -> None:
    try:
        if pid < 0:
            os.killpg(-pid, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended by itself


def say(name: str, text: str, color: str = "0") -> None:
    """Print one line of the merged log."""
    with _print_lock:
        if sys.stdout.isatty():
            print(f"\x1b[{color}m{name:>8}\x1b[0m {text}", flush=True)
        else:
            print(f"{name:>8} {text}", flush=True)


class Supervisor:
    """Starts processes in order, restarts what ends, stops all in reverse order."""

    def __init__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.stopping = threading.Event()
        for index, process in enumerate(processes):
            process.color = _COLORS[index % len(_COLORS)]

    def start(self, on_ready: Callable[[Process], None] = lambda process: None) -> None:
        """Start each process, waiting for those that tell when they are ready."""
        for process in self.processes:
            if self.stopping.is_set():
                return
            process.start()
            deadline = time.monotonic() + 60
            while process.ready is not None and not self.stopping.is_set():
                if process.ready():
                    break
                if not process.is_running():
                    raise RuntimeError(f"{process.name} ended while starting; its log is above.")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{process.name} was not ready within 60 s.")
                time.sleep(0.02)
            on_ready(process)

    def watch(self) -> None:
        """Restart what ends, until told to stop."""
        while not self.stopping.wait(0.2):
            now = time.monotonic()
            for process in self.processes:
                if process.is_running():
                    if now - process.started_at > _STEADY_S:
                        process.wait_s = _FIRST_WAIT_S
                elif process.child is not None and process.again_at == 0.0:
                    code = process.child.returncode
                    say(
                        process.name,
                        f"ended ({code}); starts again in {process.wait_s:.1f} s",
                        process.color,
                    )
                    _signal(-process.child.pid, signal.SIGKILL)
                    process.again_at = now + process.wait_s
                    process.wait_s = min(process.wait_s * 2, _LONGEST_WAIT_S)
                elif now >= process.again_at:
                    process.again_at = 0.0
                    process.start()

    def stop(self) -> None:
        """Stop all: what takes work first and together, what carries it last."""
        self.stopping.set()
        workers = [process for process in self.processes if process.ready is None]
        threads = [threading.Thread(target=process.stop) for process in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for process in reversed(self.processes):
            process.stop()
