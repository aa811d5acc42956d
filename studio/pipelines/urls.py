from django.urls import path

from studio.pipelines import views, views_versions
from studio.pipelines.comparison.views import ComparisonView

_run = "runs/<uuid:run>"
_output = f"{_run}/outputs/<str:port>"

urlpatterns = [
    path("home", views.HomeView.as_view()),
    path("home/dismissal", views.DismissalView.as_view()),
    path("search", views.SearchView.as_view()),
    path("drafts", views.DraftsView.as_view()),
    path("drafts/<uuid:draft>", views.DraftView.as_view()),
    path("drafts/<uuid:draft>/restoration", views.DraftRestorationView.as_view()),
    path("drafts/<uuid:draft>/copies", views.DraftCopiesView.as_view()),
    path("drafts/<uuid:draft>/plan", views.PlanView.as_view()),
    path("drafts/<uuid:draft>/runs", views.DraftRunsView.as_view()),
    path("drafts/<uuid:draft>/versions", views_versions.DraftVersionsView.as_view()),
    path("drafts/<uuid:draft>/versions/<int:number>", views_versions.DraftVersionView.as_view()),
    path("drafts/<uuid:draft>/versions/<int:number>/restoration", views_versions.DraftVersionRestorationView.as_view()),
    path("comparison", ComparisonView.as_view()),
    path("runs", views.RunsView.as_view()),
    path(_run, views.RunView.as_view()),
    path(f"{_run}/cancellation", views.RunCancellationView.as_view()),
    path(f"{_run}/resumption", views.ResumptionView.as_view()),
    path(f"{_run}/drafts", views.RunDraftsView.as_view()),
    path(f"{_run}/steps", views.StepsView.as_view()),
    path(f"{_run}/graph", views.RunGraphView.as_view()),
    path(_output, views.OutputView.as_view()),
    path(f"{_output}/table", views.OutputTableView.as_view()),
    path(f"{_output}/profile", views.OutputProfileView.as_view()),
    path(f"{_output}/download", views.OutputDownloadView.as_view()),
]
