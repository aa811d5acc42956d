"""The production profile: PostgreSQL, Valkey or Redis, object storage, secrets from outside."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from studio.settings.base import *  # noqa: F403
from studio.settings.base import DATA, channel_layers
from studio.settings.env import setting

PROFILE = "production"


def _required(name: str, help: str) -> str:
    value = setting(name, "", help)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {help}")
    return value


def _postgres(url: str) -> dict:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
    }


SECRET_KEY = _required("STUDIO_SECRET_KEY", "Key that signs sessions, 50 random characters or more.")
_database = _required("STUDIO_DATABASE_URL", "PostgreSQL address, postgresql://user:password@host:5432/name.")
DATABASES = {"default": _postgres(_database)}
# The same PostgreSQL by default, over connections of its own, so that points never wait for a state move.
_metrics = setting("STUDIO_METRICS_DATABASE_URL", "", "PostgreSQL address of the metric points, when not the same.")
METRICS_SHARED = _metrics in ("", _database)
DATABASES["metrics"] = _postgres(_metrics or _database)
DATABASE_ROUTERS = ["studio.experiments.routers.MetricsRouter"]

VALKEY_URL = _required("STUDIO_VALKEY_URL", "Valkey or Redis address, redis://:password@host:6379/0.")
CELERY_BROKER_URL = VALKEY_URL
CHANNEL_LAYERS = channel_layers(VALKEY_URL)

_kind = setting("STUDIO_STORAGE", "folder", "Where blobs and the default datastore live: folder, s3 or azure.")
_bucket = setting("STUDIO_STORAGE_BUCKET", "studio", "Bucket (s3) or container (azure) that holds them.")


def _storage(prefix: str) -> dict:
    if _kind == "s3":
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _bucket,
                "location": prefix,
                "endpoint_url": setting("STUDIO_S3_ENDPOINT", "", "Address of an S3 server other than Amazon's.")
                or None,
                "region_name": setting("STUDIO_S3_REGION", "us-east-1", "Region of the bucket."),
                "access_key": setting("STUDIO_S3_ACCESS_KEY", "", "Access key of the bucket.") or None,
                "secret_key": setting("STUDIO_S3_SECRET_KEY", "", "Secret key of the bucket.") or None,
                "signature_version": "s3v4",
                "file_overwrite": True,
                "default_acl": None,
            },
        }
    if _kind == "azure":
        return {
            "BACKEND": "storages.backends.azure_storage.AzureStorage",
            "OPTIONS": {
                "azure_container": _bucket,
                "location": prefix,
                "connection_string": setting("STUDIO_AZURE_CONNECTION", "", "Connection string of the storage account.")
                or None,
                "overwrite_files": True,
            },
        }
    if _kind != "folder":
        raise ImproperlyConfigured(f"STUDIO_STORAGE={_kind!r}: choose folder, s3 or azure.")
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / prefix, "base_url": None},
    }


STORAGES = {
    "default": _storage("files"),
    "blobs": _storage("blobs"),
    "datastores": _storage("datastores"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SEED_SAMPLES = setting("STUDIO_SEED_SAMPLES", False, "Make the sample workspace at the first start.")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
