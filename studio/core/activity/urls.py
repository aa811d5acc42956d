from django.urls import path

from studio.core.activity import views

urlpatterns = [
    path("activities", views.ActivitiesView.as_view()),
    path("activities/unread", views.UnreadView.as_view()),
    path("activities/read", views.ReadView.as_view()),
    path("activities/<uuid:activity>", views.ActivityView.as_view()),
    path("activities/<uuid:activity>/cancellation", views.CancellationView.as_view()),
    path("activities/<uuid:activity>/log", views.LogView.as_view()),
    path("events", views.EventsView.as_view()),
]
