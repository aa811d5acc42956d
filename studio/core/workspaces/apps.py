from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "studio.core.workspaces"
    label = "workspaces"

    def ready(self) -> None:
        from studio.core.workspaces import openapi  # noqa: F401  registers the two schemes
