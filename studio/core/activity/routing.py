from django.urls import path

from studio.core.activity.consumers import WorkspaceConsumer

urlpatterns = [path("ws/workspaces/<str:workspace>", WorkspaceConsumer.as_asgi())]
