from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    label = "studio"

    def ready(self) -> None:
        # Whoever loads Django may send wake-ups, so the Celery application is configured here.
        from studio import celery  # noqa: F401
