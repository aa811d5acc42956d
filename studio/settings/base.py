"""Settings that every profile shares. A profile only picks addresses."""

from pathlib import Path
from tempfile import TemporaryFile

from studio.settings.env import setting

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = "0.1.0"

DATA = Path(setting("STUDIO_DATA", str(ROOT / "var"), "Folder that holds everything the studio keeps.")).resolve()
try:
    for _folder in (DATA, DATA / "tmp"):
        _folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    DATA.chmod(0o700)
    with TemporaryFile(dir=DATA / "tmp"):
        pass
except OSError as _error:
    raise SystemExit(
        f"The data folder {DATA} cannot be written: {_error.strerror}. "
        "Make it writable, or name another in STUDIO_DATA."
    ) from None
PORT = setting("STUDIO_PORT", 8000, "Port of the web server.")
HOST = setting("STUDIO_HOST", "127.0.0.1", "Address the web server listens on.")
DEBUG = setting("STUDIO_DEBUG", False, "Show tracebacks to the browser; never in production.")
ALLOWED_HOSTS = setting(
    "STUDIO_ALLOWED_HOSTS",
    ["127.0.0.1", "localhost", "[::1]"],
    "Host names the web server answers to, separated by commas.",
)
CSRF_TRUSTED_ORIGINS = setting(
    "STUDIO_TRUSTED_ORIGINS",
    [],
    "Origins (with scheme) that may send forms and open WebSockets, besides the own host.",
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "studio.core",
    "studio.core.workspaces",
    "studio.core.activity",
    "studio.compute",
    "studio.datasets",
    "studio.experiments",
    "studio.pipelines",
    "studio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studio.core.middleware.TraceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "studio.core.middleware.ContentSecurityMiddleware",
]

ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

AUTH_USER_MODEL = "workspaces.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_NAME = "studio_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "studio_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "studio.core.problems.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Django's own checks of the production profile name these; embedded serves plain HTTP on loopback.

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [path for path in [ROOT / "frontend" / "dist"] if path.exists()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Vite names hashed files `name-HASH.ext`; only those may be kept for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,}\.(js|css|woff2|svg|png)$"
FRONTEND_MANIFEST = ROOT / "frontend" / "dist" / ".vite" / "manifest.json"

DATA_UPLOAD_MAX_MEMORY_SIZE = 17 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = str(DATA / "tmp")
UPLOAD_CHUNK_BYTES = 8 * 1024 * 1024
UPLOAD_LIMIT_BYTES = setting("STUDIO_UPLOAD_LIMIT_BYTES", 16 * 1024**3, "Largest file that may be uploaded, in bytes.")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "studio.core.workspaces.authentication.TokenAuthentication",
        "studio.core.workspaces.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["studio.core.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["studio.core.rendering.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "studio.core.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Studio",
    "DESCRIPTION": "A self-hosted machine-learning studio.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
    "SCHEMA_PATH_PREFIX": r"/api",
    "POSTPROCESSING_HOOKS": ["studio.core.openapi.add_problems"],
    "SORT_OPERATIONS": True,
}

# -- activities -------------------------------------------------------------
LEASE_S = setting("STUDIO_LEASE_S", 15.0, "How long a worker's claim lives without a heartbeat, in seconds.")
HEARTBEAT_S = setting("STUDIO_HEARTBEAT_S", 1.0, "Time between two heartbeats of a worker, in seconds.")
SWEEP_S = setting("STUDIO_SWEEP_S", 2.0, "Time between two looks for lost work, in seconds.")
REQUEUE_AFTER_S = setting(
    "STUDIO_REQUEUE_AFTER_S", 5.0, "A queued activity nobody claimed is announced again after this, in seconds."
)
EVENT_RETENTION_S = setting("STUDIO_EVENT_RETENTION_S", 7 * 24 * 3600.0, "How long events can be replayed, in seconds.")
EPHEMERAL_EVENT_RETENTION_S = 3600.0
STEP_MEMORY_LIMIT_BYTES = setting("STUDIO_STEP_MEMORY_LIMIT_BYTES", 4 * 1024**3, "Memory one step may use, in bytes.")
STEP_TIME_LIMIT_S = setting("STUDIO_STEP_TIME_LIMIT_S", 24 * 3600.0, "Wall time one step may take, in seconds.")
STEP_LOG_LIMIT_BYTES = setting("STUDIO_STEP_LOG_LIMIT_BYTES", 1024**3, "Most that a user's script may print, in bytes.")
STEP_PROCESS_LIMIT = setting("STUDIO_STEP_PROCESS_LIMIT", 512, "Processes that a user's script may have at a time.")
STEP_CONCURRENCY = setting("STUDIO_STEP_CONCURRENCY", 2, "Steps that run side by side on this machine.")
STEP_RUN_ON_S = setting(
    "STUDIO_STEP_RUN_ON_S", 0.5, "A worker goes on with the steps that follow on its own for this long, in seconds."
)
SCRIPT_CONCURRENCY = setting("STUDIO_SCRIPT_CONCURRENCY", 4, "User scripts that run side by side on this machine.")
BLOB_GRACE_S = setting(
    "STUDIO_BLOB_GRACE_S", 24 * 3600.0, "A stored blob nobody refers to is removed after this, in seconds."
)
MAX_GRAPH_NODES = setting("STUDIO_MAX_GRAPH_NODES", 2000, "Steps that one pipeline may have.")


def channel_layers(url: str) -> dict:
    """Return Channels' configuration for a Valkey address."""
    # A socket waits for its next message as long as it takes; redis-py would give up after 5 s.
    host = {"address": url, "socket_timeout": None}
    return {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [host], "prefix": "studio-channels", "capacity": 1000},
        }
    }


# -- celery -----------------------------------------------------------------
CELERY_TASK_DEFAULT_QUEUE = "control"
CELERY_TASK_ROUTES = {
    "pipelines.run_step": {"queue": "steps"},
    "pipelines.run_user_step": {"queue": "scripts"},
    "datasets.prepare_version": {"queue": "steps"},
    "datasets.make_profile": {"queue": "steps"},
}
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A publish must fail fast: the sweep announces the activity again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "activity.sweep": {"task": "activity.sweep", "schedule": SWEEP_S, "options": {"expires": 10}},
    "pipelines.tick": {"task": "pipelines.tick", "schedule": SWEEP_S, "options": {"expires": 10}},
    "activity.forget_events": {"task": "activity.forget_events", "schedule": 600.0},
    "core.sweep_blobs": {"task": "core.sweep_blobs", "schedule": 3600.0},
    "datasets.sweep_uploads": {"task": "datasets.sweep_uploads", "schedule": 3600.0},
    "pipelines.sweep_folders": {"task": "pipelines.sweep_folders", "schedule": 3600.0},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "studio.core.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
    },
}
