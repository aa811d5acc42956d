"""Reads about people and workspaces."""

import uuid

from django.db.models import QuerySet

from studio.core.errors import NotFound
from studio.core.workspaces.models import Member, Token, User, Workspace


def memberships(user: User) -> QuerySet[Member]:
    """Return the user's roles in workspaces that are not archived."""
    return (
        Member.objects.select_related("workspace", "user")
        .filter(user=user, workspace__archived_at=None)
        .order_by("created_at")
    )


def members(workspace: Workspace) -> QuerySet[Member]:
    return Member.objects.select_related("user").filter(workspace=workspace).order_by("created_at")


def member(workspace: Workspace, user_id: uuid.UUID) -> Member:
    """Return one member (raises NotFound)."""
    found = members(workspace).filter(user_id=user_id).first()
    if found is None:
        raise NotFound("No such member in this workspace.")
    return found


def tokens(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user=user).order_by("-created_at")
