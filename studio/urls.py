"""Every address of the studio."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from studio import shell
from studio.core import problems
from studio.core.workspaces import views as people

_workspace = [
    path("", include("studio.core.activity.urls")),
    path("", include("studio.datasets.urls")),
    path("", include("studio.experiments.urls")),
    path("", include("studio.pipelines.urls")),
]

urlpatterns = [
    path("api/", include("studio.core.workspaces.urls")),
    path("api/", include("studio.pipelines.urls_global")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/workspaces/<str:workspace>/", include(_workspace)),
    re_path(r"^api/[\s\S]*$", problems.not_found),  # a line break in an address is an address too
    path("login/<str:secret>", people.login_with_link),
    path("health", shell.health),
    re_path(r"^(?!static/)[\s\S]*$", shell.page),
]

handler400 = "studio.core.problems.bad_request"
handler500 = "studio.core.problems.server_error"
