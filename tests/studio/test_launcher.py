"""Programs of users: limits, isolation, cancel, and nothing left behind. RU-2, WS-4."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from studio.compute import isolation, launcher

confined = pytest.mark.skipif(isolation.abi() == 0, reason="this kernel has no Landlock")
MB = 1024**2


@pytest.fixture
def folder(tmp_path) -> Path:
    path = tmp_path / "run"
    path.mkdir()
    return path


def program(folder, body, *, memory=512 * MB, wall=30.0, **more):
    script = folder / "script.py"
    script.write_text(textwrap.dedent(body))
    return launcher.Program(
        argv=[sys.executable, str(script)],
        folder=folder,
        log=folder / "logs" / "log.txt",
        limits=launcher.Limits(memory_bytes=memory, wall_s=wall),
        **more,
    )


def run(folder, body, *, should_stop=lambda: False, **more):
    """Run a script; how it ended, and its log."""
    what = program(folder, body, **more)
    ended = launcher.run(what, should_stop=should_stop)
    return ended, what.log.read_text() if what.log.exists() else ""


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("print('fine')", 0),
        ("raise SystemExit(7)", 7),
        ("import os; os._exit(3)", 3),
        ("raise ValueError('wrong')", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("import os; os.abort()", -signal.SIGABRT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    ],
)
def test_the_exit_code_or_the_signal_is_reported(folder, body, code):
    ended, _ = run(folder, body)
    assert (ended.code, ended.stopped) == (code, "")
    assert 0 < ended.duration_s < 20 and not (folder / "exit.json").exists()


def test_both_outputs_go_to_the_log_in_order_and_at_once(folder):
    ended, log = run(folder, "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('drei ä 🙂')\n")
    assert ended.code == 0 and log.splitlines() == ["one", "two", "drei ä 🙂"]


def test_a_traceback_is_in_the_log(folder):
    _, log = run(folder, "def broken():\n    raise ValueError('wrong')\nbroken()\n")
    assert log.startswith("Traceback") and log.rstrip().endswith("ValueError: wrong")


def test_a_program_that_cannot_be_started_says_so(folder):
    what = program(folder, "")
    ended = launcher.run(
        launcher.Program(argv=["/nowhere/python"], folder=folder, log=what.log, limits=what.limits),
        should_stop=lambda: False,
    )
    assert ended.code == 127 and "could not be started" in what.log.read_text()


def test_memory_beyond_the_limit_ends_it(folder):
    body = "import time\nkept = []\nwhile True:\n    kept.append(bytearray(8_000_000))\n    time.sleep(0.005)\n"
    ended, _ = run(folder, body, memory=150 * MB)
    assert ended.stopped == "memory" and ended.code != 0
    assert 150 * MB < ended.peak_memory_bytes < 1500 * MB


def test_the_memory_of_children_counts_too(folder):
    body = """
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                kept = bytearray(os.urandom(1)) * 60_000_000
                time.sleep(30)
        time.sleep(30)
    """
    ended, _ = run(folder, body, memory=150 * MB)
    assert ended.stopped == "memory"


def test_time_beyond_the_limit_ends_it(folder):
    ended, log = run(folder, "import time\nprint('started')\ntime.sleep(60)\n", wall=1.0)
    assert ended.stopped == "time" and 1.0 <= ended.duration_s < 8 and "started" in log


def test_cancel_lets_it_say_goodbye(folder):
    body = """
        import signal, sys, time
        def leave(*_):
            print('goodbye')
            sys.exit(0)
        signal.signal(signal.SIGTERM, leave)
        time.sleep(60)
    """
    ended, log = run(folder, body, should_stop=lambda: True)
    assert ended.stopped == "canceled" and "goodbye" in log and ended.duration_s < 5


def test_cancel_does_not_wait_for_somebody_deaf(folder):
    body = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n"
    ended, _ = run(folder, body, should_stop=lambda: True)
    assert ended.stopped == "canceled" and ended.code == -signal.SIGKILL and ended.duration_s < 8


FLEEING = """
    import os, sys, time
    pids = open('pids', 'w')
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                print(os.getpid(), file=pids, flush=True)
                time.sleep(120)
            os._exit(0)
    while len(open('pids').read().split()) < 2:
        time.sleep(0.02)
"""


@pytest.mark.parametrize(("tail", "stop"), [("", False), ("    time.sleep(60)\n", True)], ids=["after", "canceled"])
def test_grandchildren_in_sessions_of_their_own_are_ended_too(folder, tail, stop):
    ended, log = run(folder, FLEEING + tail, should_stop=lambda: stop)
    assert ended.stopped == ("canceled" if stop else ""), log
    pids = [int(pid) for pid in (folder / "pids").read_text().split()]
    assert len(pids) == 2 and not any(alive(pid) for pid in pids)


def test_nothing_outlives_a_killed_launcher(folder):
    """The launcher's own process is killed: the program and its children end by themselves."""
    script = folder / "script.py"
    script.write_text(textwrap.dedent(FLEEING + "    print(os.getpid(), file=pids, flush=True)\n    time.sleep(120)\n"))
    supervisor = folder / "supervisor.py"
    supervisor.write_text(
        f"import sys; sys.path.insert(0, {str(settings.ROOT)!r})\n"
        "import pathlib; from studio.compute import launcher\n"
        f"folder = pathlib.Path({str(folder)!r})\n"
        "limits = launcher.Limits(memory_bytes=10**9, wall_s=120)\n"
        f"launcher.run(launcher.Program(argv=[sys.executable, {str(script)!r}], folder=folder,"
        " log=folder / 'log.txt', limits=limits), should_stop=lambda: False)\n"
    )
    process = subprocess.Popen([sys.executable, str(supervisor)], env={**os.environ})
    pids = folder / "pids"
    try:
        deadline = time.monotonic() + 30
        while not pids.exists() or len(pids.read_text().split()) < 3:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    found = [int(pid) for pid in pids.read_text().split()]
    deadline = time.monotonic() + 8
    while any(alive(pid) for pid in found):
        assert time.monotonic() < deadline, "something lives on"
        time.sleep(0.05)


def test_the_environment_is_clean_ws_4(folder, monkeypatch):
    monkeypatch.setenv("STUDIO_SECRET_KEY", "hush")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("PYTHONSTARTUP", "/tmp/hush.py")
    _, log = run(folder, "import os\nfor item in os.environ.items(): print(item)\n", environment={"GIVEN": "value"})
    assert "hush" not in log and "STUDIO_" not in log and "DJANGO" not in log
    assert "('GIVEN', 'value')" in log and f"('HOME', '{folder / 'tmp'}')" in log


def test_no_open_file_of_the_studio_is_inherited_ws_4(folder, tmp_path):
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        ended, log = run(folder, "import os\nprint(sorted(os.listdir('/proc/self/fd')))\n")
    assert ended.code == 0 and len(eval(log)) <= 4, log


@confined
def test_it_writes_nowhere_but_in_its_run_directory(folder, tmp_path):
    outside = tmp_path / "outside.txt"
    existing = tmp_path / "existing.txt"
    existing.write_text("untouched")
    body = f"""
        import os, subprocess, sys
        def tried(what):
            try:
                what()
                print('ESCAPED')
            except OSError as error:
                print('refused', error.errno)
        tried(lambda: open({str(outside)!r}, 'w'))
        tried(lambda: open({str(existing)!r}, 'a'))
        tried(lambda: open({str(existing)!r}).read())
        tried(lambda: os.truncate({str(existing)!r}, 0))
        tried(lambda: os.unlink({str(existing)!r}))
        tried(lambda: os.rename({str(existing)!r}, 'taken'))
        tried(lambda: os.symlink({str(existing)!r}, 'link') or open('link').read())
        tried(lambda: os.mkdir({str(tmp_path / "new")!r}))
        tried(lambda: open({str(settings.DATA / "x")!r}, 'w'))
        tried(lambda: open('/etc/studio-test', 'w'))
        open('inside.txt', 'w').write('fine')
        code = 'import sys; open(sys.argv[1], "w")'
        done = subprocess.run([sys.executable, '-c', code, {str(outside)!r}], stderr=subprocess.DEVNULL)
        print('refused' if done.returncode else 'ESCAPED')
    """
    ended, log = run(folder, body)
    assert ended.isolated and ended.code == 0, log
    assert "ESCAPED" not in log and log.count("refused") == 11
    assert existing.read_text() == "untouched" and not outside.exists()
    assert (folder / "inside.txt").read_text() == "fine"


@confined
def test_it_reads_what_it_was_given_and_cannot_change_it(folder, tmp_path):
    given = tmp_path / "input.txt"
    given.write_text("given")
    body = f"print(open({str(given)!r}).read())\nopen({str(given)!r}, 'w')\n"
    ended, log = run(folder, body, readable=[given])
    assert log.startswith("given") and "PermissionError" in log and ended.code == 1 and given.read_text() == "given"


@confined
@pytest.mark.skipif(isolation.abi() < 6, reason="this kernel's Landlock has no signal scope")
def test_it_cannot_signal_the_studio(folder):
    ended, log = run(folder, f"import os\nos.kill({os.getpid()}, 0)\n")
    assert ended.code == 1 and "PermissionError" in log


def test_a_hundred_megabytes_of_output_are_taken(folder):
    ended, _ = run(folder, "line = 'x' * 999\nfor _ in range(100_000): print(line)\n", memory=200 * MB)
    assert ended.code == 0 and ended.stopped == ""
    assert (folder / "logs" / "log.txt").stat().st_size == 100_000 * 1000


def test_a_file_beyond_the_limit_ends_the_program(folder):
    what = program(folder, "f = open('big', 'wb')\nwhile True: f.write(bytes(1_000_000)); f.flush()\n")
    limits = launcher.Limits(memory_bytes=512 * MB, wall_s=30, file_bytes=5 * MB)
    ended = launcher.run(
        launcher.Program(argv=what.argv, folder=folder, log=what.log, limits=limits), should_stop=lambda: False
    )
    assert ended.code != 0 and ended.stopped == "" and (folder / "big").stat().st_size <= 5 * MB


def limited(folder, body, **limits) -> tuple[launcher.Exit, Path]:
    what = program(folder, body)
    bounds = launcher.Limits(memory_bytes=512 * MB, wall_s=30, **limits)
    ended = launcher.run(
        launcher.Program(argv=what.argv, folder=folder, log=what.log, limits=bounds), should_stop=lambda: False
    )
    return ended, what.log


def test_who_prints_without_end_is_ended(folder):
    ended, log = limited(folder, "while True: print('x' * 999)\n", log_bytes=20 * MB)
    assert ended.stopped == "log" and ended.duration_s < 20
    assert log.stat().st_size > 20 * MB and log.read_bytes().startswith(b"xxx")


def test_who_forks_without_end_is_ended_with_all_its_children(folder):
    body = """
        import os, time
        pids = open('pids', 'a')
        while True:  # every child does the same
            if os.fork() == 0:
                print(os.getpid(), file=pids, flush=True)
            time.sleep(0.2)
    """
    ended, _ = limited(folder, body, processes=40)
    assert ended.stopped == "processes" and ended.duration_s < 20
    pids = [int(pid) for pid in (folder / "pids").read_text().split()]
    assert len(pids) >= 40 and not any(alive(pid) for pid in pids)


def test_threads_are_not_processes(folder):
    body = """
        import threading, time
        for _ in range(60):
            threading.Thread(target=time.sleep, args=(0.5,)).start()
    """
    ended, _ = limited(folder, body, processes=40)
    assert (ended.code, ended.stopped) == (0, "")
