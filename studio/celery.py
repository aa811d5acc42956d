"""The Celery application: wake-ups only; the database holds the state."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.embedded")

from studio import workers  # noqa: F401  signal handlers of worker processes

app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
