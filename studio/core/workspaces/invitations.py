"""Invitations: a link joins a workspace once, with an account one has or makes."""

import secrets
import uuid
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from studio.core.errors import Conflict, InvalidInput, NotFound, Part
from studio.core.units import announce, unit
from studio.core.workspaces import services
from studio.core.workspaces.models import Invitation, Member, User, Workspace

LONGEST_DAYS = 90


def invitations(workspace: Workspace) -> QuerySet[Invitation]:
    """Return the invitations of a workspace, newest first."""
    rows = Invitation.objects.select_related("created_by", "accepted_by").filter(workspace=workspace)
    return rows.order_by("-created_at")


def invite(*, actor: User, workspace: Workspace, role: str, days: int, note: str = "") -> tuple[Invitation, str]:
    """Make an invitation.

    Parameters
    ----------
    actor : User
        Who invites.
    workspace : Workspace
        Where to.
    role : str
        The role it gives.
    days : int in [1, 90]
        How long the link works.
    note : str
        For whom it is, for the owner's list.

    Returns
    -------
    tuple of Invitation and str
        The row, and the secret of the link, which is shown this once.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(
            f"An invitation works for 1 to {LONGEST_DAYS} days.",
            errors=[Part("range", f"Choose 1 to {LONGEST_DAYS} days.", pointer="/days")],
        )
    secret = secrets.token_urlsafe(24)
    with unit():
        made = Invitation(
            workspace=workspace,
            role=role,
            note=note,
            digest=services.digest_of_secret(secret),
            created_by=actor,
            expires_at=timezone.now() + timedelta(days=days),
        )
        made.full_clean(exclude=["workspace", "created_by"])
        made.save()
        announce(workspace.pk, "workspaces.member_changed", {"user": None})
    return made, secret


def withdraw(*, workspace: Workspace, invitation_id: uuid.UUID) -> None:
    """Delete an invitation; its link stops working (raises NotFound)."""
    with unit():
        gone, _ = Invitation.objects.filter(workspace=workspace, pk=invitation_id).delete()
        if not gone:
            raise NotFound("There is no such invitation in this workspace.")
        announce(workspace.pk, "workspaces.member_changed", {"user": None})


def open_invitation(secret: str) -> Invitation:
    """Return the invitation of a link that still works.

    Raises
    ------
    NotFound
        If it is unknown, used, withdrawn or too old; all look the same, so that links cannot be guessed.
    """
    found = (
        Invitation.objects.select_related("workspace", "created_by")
        .filter(
            digest=services.digest_of_secret(secret),
            accepted_at=None,
            expires_at__gt=timezone.now(),
            workspace__archived_at=None,
        )
        .first()
    )
    if found is None:
        raise NotFound("This invitation was used, was withdrawn or is too old. Ask whoever sent it for another.")
    return found


def accept(*, secret: str, user: User) -> Member:
    """Join the workspace of a link.

    Returns
    -------
    Member
        With the invited role.

    Raises
    ------
    NotFound
        If the link does not work (any more).
    Conflict
        If the user is a member already; the link stays usable for somebody else.
    """
    found = open_invitation(secret)
    with unit():
        # One statement decides who was first.
        rows = Invitation.objects.filter(pk=found.pk, accepted_at=None)
        if not rows.update(accepted_at=timezone.now(), accepted_by=user):
            raise NotFound("Somebody else has just used this invitation. Ask whoever sent it for another.")
        member, made = Member.objects.get_or_create(workspace=found.workspace, user=user, defaults={"role": found.role})
        if not made:
            raise Conflict(f"You are a {member.role} of {found.workspace.friendly_name} already.")
        announce(found.workspace_id, "workspaces.member_changed", {"user": str(user.pk)})
    return member


def accept_as_new(*, secret: str, username: str, password: str, email: str = "") -> tuple[User, Member]:
    """Make an account and join with it, both or neither."""
    open_invitation(secret)
    with unit():
        user = services.create_user(username=username, password=password, email=email)
        return user, accept(secret=secret, user=user)
