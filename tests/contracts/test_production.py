"""The production profile: PostgreSQL beneath the services, S3 beneath the blobs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import server

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("stack")]


def test_the_service_layer_and_orchestration_on_postgresql():
    with server() as address:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "PYTEST_"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "tests/studio", "-n", "0"],
            cwd=ROOT,
            env={**environment, "STUDIO_TEST_POSTGRES": address},
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout[-5000:]
    assert "[100%]" in done.stdout


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "studio.settings.production",
    "STUDIO_SECRET_KEY": "x" * 60,
    "STUDIO_VALKEY_URL": "redis://localhost:6379/0",
    "STUDIO_ALLOWED_HOSTS": "studio.example.org",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "DJANGO_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_production_refuses_to_start_without_its_secrets(tmp_path):
    done = manage("check", DJANGO_SETTINGS_MODULE="studio.settings.production", STUDIO_DATA=str(tmp_path))
    assert done.returncode != 0 and "STUDIO_SECRET_KEY" in done.stderr


def test_production_migrates_and_serves_the_service_layer(tmp_path):
    with server() as address:
        environment = {**PRODUCTION, "STUDIO_DATA": str(tmp_path), "STUDIO_DATABASE_URL": address}
        for alias in ("default", "metrics"):
            done = manage("migrate", "--database", alias, "-v", "0", **environment)
            assert done.returncode == 0, done.stderr
        done = manage("create_user", "first", **environment)
        assert done.returncode == 0 and "/login/" in done.stdout, done.stderr


S3 = """
import django; django.setup()
import json, pathlib, sys
from studio.core import blobs
path = pathlib.Path(sys.argv[1]); path.write_bytes(b"kept" * 1000)
blob = blobs.put_file(path)
again = blobs.put_file(path, move=True)
print(json.dumps({
    "digest": blob.digest, "same": blob.digest == again.digest, "moved": not path.exists(),
    "read": blobs.read(blob.digest) == b"kept" * 1000, "local": blobs.local_path(blob.digest).read_bytes()[:4].decode(),
    "exists": blobs.exists(blob.digest), "missing": blobs.exists("0" * 64),
}))
"""


def test_blobs_live_in_an_s3_bucket(tmp_path):
    import boto3
    from moto.server import ThreadedMotoServer

    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    url = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=url, **keys)
    client.create_bucket(Bucket="studio")
    try:
        with server() as address:
            environment = {
                **PRODUCTION,
                "STUDIO_DATA": str(tmp_path / "data"),
                "STUDIO_DATABASE_URL": address,
                "STUDIO_STORAGE": "s3",
                "STUDIO_S3_ENDPOINT": url,
                "STUDIO_S3_ACCESS_KEY": "key",
                "STUDIO_S3_SECRET_KEY": "secret",
            }
            assert manage("migrate", "-v", "0", **environment).returncode == 0
            kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "DJANGO_"))}
            done = subprocess.run(
                [sys.executable, "-c", S3, str(tmp_path / "file")],
                cwd=ROOT,
                env={**kept, **environment},
                capture_output=True,
                text=True,
            )
        assert done.returncode == 0, done.stderr
        seen = json.loads(done.stdout)
        assert seen.pop("digest") and seen == {
            "same": True,
            "moved": True,
            "read": True,
            "local": "kept",
            "exists": True,
            "missing": False,
        }
        names = [item["Key"] for item in client.list_objects_v2(Bucket="studio")["Contents"]]
        assert len(names) == 1 and names[0].startswith("blobs/")
    finally:
        store.stop()
