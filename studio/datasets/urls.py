from django.urls import path

from studio.datasets import views

_version = "datasets/<uuid:dataset>/versions/<int:number>"

urlpatterns = [
    path("datastores", views.DatastoresView.as_view()),
    path("datastores/<str:datastore>/tree", views.TreeView.as_view()),
    path("datastores/<str:datastore>/files", views.DatastoreFilesView.as_view()),
    path("uploads", views.UploadsView.as_view()),
    path("uploads/<uuid:upload>", views.UploadView.as_view()),
    path("parse-previews", views.ParsePreviewsView.as_view()),
    path("datasets", views.DatasetsView.as_view()),
    path("datasets/<uuid:dataset>", views.DatasetView.as_view()),
    path("datasets/<uuid:dataset>/restoration", views.RestorationView.as_view()),
    path("datasets/<uuid:dataset>/versions", views.VersionsView.as_view()),
    path(_version, views.VersionView.as_view()),
    path(f"{_version}/preview", views.PreviewView.as_view()),
    path(f"{_version}/profile", views.ProfileView.as_view()),
    path(f"{_version}/lineage", views.LineageView.as_view()),
    path(f"{_version}/files", views.VersionFilesView.as_view()),
    path(f"{_version}/download", views.DownloadView.as_view()),
]
