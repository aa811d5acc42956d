"""The default profile: everything on one machine, started by ``manage.py up``."""

import hashlib
import os

from studio.settings import secrets
from studio.settings.base import *  # noqa: F403
from studio.settings.base import DATA, channel_layers
from studio.settings.env import setting

PROFILE = "embedded"
METRICS_SHARED = False

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    },
    "CONN_MAX_AGE": None,
}
DATABASES = {
    "default": {**_SQLITE, "NAME": DATA / "studio.sqlite3"},
    "metrics": {**_SQLITE, "NAME": DATA / "metrics.sqlite3"},
}
DATABASE_ROUTERS = ["studio.experiments.routers.MetricsRouter"]

_kept = secrets.load(DATA / "secrets.json")
SECRET_KEY = _kept["secret_key"]
BROKER_PASSWORD = _kept["broker_password"]

# A socket's path may have at most 107 bytes: a deep data folder gets one in the temporary folder.
_socket = DATA / "valkey.sock"
if len(os.fsencode(_socket)) > 100:
    _digest = hashlib.sha256(os.fsencode(DATA)).hexdigest()[:16]
    _socket = type(DATA)(f"/tmp/studio-{os.getuid()}-{_digest}.sock")
VALKEY_SOCKET = _socket
VALKEY_URL = f"unix://:{BROKER_PASSWORD}@{VALKEY_SOCKET}?db=0"
CELERY_BROKER_URL = f"redis+socket://:{BROKER_PASSWORD}@{VALKEY_SOCKET}?virtual_host=0"
CHANNEL_LAYERS = channel_layers(VALKEY_URL)

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files", "base_url": None},
    },
    "blobs": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "blobs", "base_url": None},
    },
    "datastores": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "datastores", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SEED_SAMPLES = setting("STUDIO_SEED_SAMPLES", True, "Make the sample workspace at the first start.")
