"""Settings of the tests: the embedded profile on a folder of its own, with short leases.

``STUDIO_TEST_POSTGRES`` (an address) runs the same tests on PostgreSQL.
"""

import os
import tempfile

# Each test process has a folder of its own, whatever it inherits.
os.environ["STUDIO_DATA"] = tempfile.mkdtemp(prefix="studio-test-")

from studio.settings.embedded import *  # noqa: F403
from studio.settings.embedded import DATA, DATABASES

# Files, not memory: threads of one test then meet the locks that processes meet.
DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test-default.sqlite3")}
DATABASES["metrics"]["TEST"] = {"NAME": str(DATA / "test-metrics.sqlite3")}

LEASE_S = 2.0
HEARTBEAT_S = 0.5
REQUEUE_AFTER_S = 1.0
# Sign-in in tests is not where seconds should go.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if _address := os.environ.get("STUDIO_TEST_POSTGRES"):
    from urllib.parse import urlsplit

    _parts = urlsplit(_address)
    _postgres: dict = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.path.lstrip("/"),
        "USER": _parts.username,
        "HOST": _parts.hostname,
        "PORT": _parts.port,
    }
    DATABASES["default"] = dict(_postgres)
    DATABASES["metrics"] = {**_postgres, "NAME": "studio_metrics"}
