from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "studio.experiments"
    label = "experiments"

    def ready(self) -> None:
        from studio.core.activity import keeper
        from studio.experiments import following

        keeper.on_look(following.follow)
