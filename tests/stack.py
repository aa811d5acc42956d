"""A running studio for tests, and a small client of its API."""

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)
ENDED = ("completed", "failed", "canceled", "skipped")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    body: Any
    headers: dict[str, str]


class Client:
    """Calls the API with a token."""

    def __init__(self, url: str, token: str | None) -> None:
        self.url, self.token = url, token

    def call(
        self, method: str, path: str, body: Any = None, headers: dict | None = None, raw: bytes | None = None
    ) -> Answer:
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=data,
            headers={
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
                "Content-Type": "application/octet-stream" if raw is not None else "application/json",
                **(headers or {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(
                    answer.status, _read(answer), {name.lower(): value for name, value in answer.headers.items()}
                )
        except urllib.error.HTTPError as error:
            return Answer(error.code, _read(error), {name.lower(): value for name, value in error.headers.items()})

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.body

    def post(self, path: str, body: Any = None, status: int | tuple = (200, 201, 202, 204)) -> Any:
        answer = self.call("POST", path, {} if body is None else body)
        wanted = status if isinstance(status, tuple) else (status,)
        assert answer.status in wanted, (path, answer.status, answer.body)
        return answer.body


def _read(answer) -> Any:
    data = answer.read()
    if not data:
        return None
    if "json" in (answer.headers.get("Content-Type") or ""):
        return json.loads(data)
    return data


@dataclass
class Space:
    """A workspace on a running studio."""

    stack: "Stack"
    name: str
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.stack.client

    def path(self, rest: str) -> str:
        return f"/api/workspaces/{self.name}/{rest}"

    def get(self, rest: str) -> Any:
        return self.client.get(self.path(rest))

    def post(self, rest: str, body: Any = None, **expected) -> Any:
        return self.client.post(self.path(rest), body, **expected)

    def call(self, method: str, rest: str, body: Any = None, **more) -> Answer:
        return self.client.call(method, self.path(rest), body, **more)

    def upload(self, name: str, data: bytes, chunk: int = 1024 * 1024) -> str:
        upload = self.post("uploads", {"file_name": name, "size_bytes": len(data)})
        for start in range(0, len(data), chunk):
            answer = self.call(
                "PATCH",
                f"uploads/{upload['id']}",
                raw=data[start : start + chunk],
                headers={"Upload-Offset": str(start)},
            )
            assert answer.status == 200, answer.body
        return upload["id"]

    def dataset(self, name: str, data: bytes | str, file_name: str = "data.csv") -> dict:
        """Upload a file, register it, wait until it is prepared."""
        data = data.encode() if isinstance(data, str) else data
        version = self.post("datasets", {"name": name, "source": {"upload": self.upload(file_name, data)}})
        return wait_for(
            lambda: self.get(f"datasets/{version['dataset']['id']}/versions/1"), lambda v: v["status"] in ENDED
        )

    def draft(self, graph: dict, name: str = "Drawing") -> dict:
        return self.post("drafts", {"name": name, "graph": graph})

    def submit(self, draft: dict, **body) -> dict:
        return self.post(f"drafts/{draft['id']}/runs", body, status=202)

    def finished(self, run: dict, seconds: float = 60) -> dict:
        return wait_for(lambda: self.get(f"runs/{run['id']}"), lambda r: r["status"] in ENDED, seconds)

    def steps(self, run: dict) -> dict[str, dict]:
        return {step["node"]: step for step in self.get(f"runs/{run['id']}/steps")}


def wait_for(read, done, seconds: float = 60, every: float = 0.05):
    """Read until it is done; fail with the last thing seen."""
    deadline = time.monotonic() + seconds
    while True:
        seen = read()
        if done(seen):
            return seen
        assert time.monotonic() < deadline, f"not done after {seconds} s: {seen}"
        time.sleep(every)


@dataclass
class Stack:
    """A running studio."""

    data: Path
    port: int
    process: subprocess.Popen
    client: Client = field(init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __post_init__(self) -> None:
        self.client = Client(self.url, None)

    def new_workspace(self) -> Space:
        name = f"space-{os.getpid()}-{next(_numbers)}"
        self.client.post("/api/workspaces", {"name": name})
        return Space(self, name)

    @property
    def sample(self) -> Space:
        return Space(self, "sample")

    def login_link(self, username: str = "owner") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "login_link", username, "--port", str(self.port)],
            cwd=ROOT,
            env=self.environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            check=check,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def environment(self) -> dict[str, str]:
        return _environment(self.data, self.port)

    def log(self) -> str:
        return (self.data / "up.log").read_text(errors="replace")

    def processes(self, part: str) -> list[psutil.Process]:
        """The studio's processes whose command line has ``part``, parents first."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if part in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _environment(data: Path, port: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("STUDIO_TEST")},
        "DJANGO_SETTINGS_MODULE": "studio.settings.embedded",
        "STUDIO_DATA": str(data),
        "STUDIO_PORT": str(port),
        "STUDIO_LEASE_S": "2",
        "STUDIO_HEARTBEAT_S": "0.5",
        "STUDIO_SWEEP_S": "0.5",
        "STUDIO_REQUEUE_AFTER_S": "1",
    }


def start_stack(data: Path | None = None, wait: bool = True) -> Stack:
    """Start a studio with `manage.py up` and wait until its workers and sample data are ready."""
    data = data or Path(tempfile.mkdtemp(prefix="studio-stack-"))
    port = free_port()
    log = (data / "up.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=_environment(data, port),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    running = Stack(data, port, process)
    token = data / "owner.token"
    try:
        wait_for(lambda: (process.poll(), token.exists()), lambda seen: seen[1] or seen[0] is not None, 90)
        assert process.poll() is None, running.log()
        running.client = Client(running.url, token.read_text().strip())
        if wait:
            wait_for(lambda: _prepared(running), bool, 120, 0.2)
    except BaseException:
        running.stop()
        print(running.log())
        raise
    return running


def _prepared(running: Stack) -> bool:
    try:
        answer = running.client.call("GET", "/api/workspaces/sample/datasets")
    except OSError:
        return False
    if answer.status != 200:
        return False
    rows = answer.body["results"]
    return bool(rows) and all(row["status"] in ENDED for row in rows)
