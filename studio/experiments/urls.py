from django.urls import path

from studio.experiments import views

urlpatterns = [
    path("experiments", views.ExperimentsView.as_view()),
    path("runs/<uuid:run>/children", views.ChildrenView.as_view()),
    path("runs/<uuid:run>/metrics", views.MetricsView.as_view()),
    path("runs/<uuid:run>/log", views.LogView.as_view()),
]
