from django.urls import path

from studio.core.workspaces import views, views_invitations

urlpatterns = [
    path("session", views.SessionView.as_view()),
    path("session/password", views.PasswordView.as_view()),
    path("tokens", views.TokensView.as_view()),
    path("tokens/<uuid:token>", views.TokenView.as_view()),
    path("workspaces", views.WorkspacesView.as_view()),
    path("workspaces/<str:workspace>", views.WorkspaceDetailView.as_view()),
    path("workspaces/<str:workspace>/members", views.MembersView.as_view()),
    path("workspaces/<str:workspace>/members/<uuid:user>", views.MemberView.as_view()),
    path("workspaces/<str:workspace>/invitations", views_invitations.InvitationsView.as_view()),
    path("workspaces/<str:workspace>/invitations/<uuid:invitation>", views_invitations.InvitationView.as_view()),
    path("invitations/<str:secret>", views_invitations.OpenInvitationView.as_view()),
    path("invitations/<str:secret>/acceptance", views_invitations.AcceptanceView.as_view()),
]
