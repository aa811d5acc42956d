from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "studio.core.activity"
    label = "activity"

    def ready(self) -> None:
        from studio.core import units
        from studio.core.activity import events

        units.set_sink(events.write)
