from django.urls import path

from studio.pipelines import views

urlpatterns = [
    path("components", views.ComponentsView.as_view()),
    path("samples", views.SamplesView.as_view()),
]
