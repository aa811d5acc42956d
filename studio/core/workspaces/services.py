"""Writes about people and workspaces."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from studio.core.errors import Conflict, InvalidInput, NotFound, Part
from studio.core.units import announce, unit
from studio.core.workspaces.models import SLUG, LoginLink, Member, Role, Token, User, Workspace

_TOKEN_PREFIX = "studio_"
# Writing the time of use at each request would make every read a write.
_USE_RESOLUTION = timedelta(minutes=5)


def digest_of_secret(secret: str) -> str:
    """Return what is kept of a secret instead of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_workspace(*, actor: User, name: str, friendly_name: str = "", description: str = "") -> Workspace:
    """Make a workspace that the actor owns.

    Raises
    ------
    Conflict
        If the name is taken.
    """
    SLUG(name)
    with unit():
        if Workspace.objects.filter(name=name).exists():
            raise Conflict(
                f"A workspace named {name!r} exists. Choose another name.",
                errors=[Part("taken", "This name is taken.", pointer="/name")],
            )
        workspace = Workspace(name=name, friendly_name=friendly_name or name, description=description)
        workspace.full_clean()
        workspace.save()
        Member.objects.create(workspace=workspace, user=actor, role=Role.OWNER)
        announce(workspace.id, "workspaces.workspace_changed", {})
    return workspace


def update_workspace(*, workspace: Workspace, **fields: str) -> Workspace:
    """Change the friendly name or the description."""
    with unit():
        for name, value in fields.items():
            setattr(workspace, name, value)
        workspace.full_clean()
        workspace.save(update_fields=[*fields, "updated_at"])
        announce(workspace.id, "workspaces.workspace_changed", {})
    return workspace


def archive_workspace(*, workspace: Workspace) -> None:
    """Hide a workspace and everything in it; nothing is deleted."""
    with unit():
        Workspace.objects.filter(pk=workspace.pk).update(archived_at=timezone.now())
        announce(workspace.id, "workspaces.workspace_changed", {})


def add_member(*, workspace: Workspace, username: str, role: str) -> Member:
    """Give a person a role.

    Raises
    ------
    InvalidInput
        If nobody has that user name.
    Conflict
        If the person is a member already.
    """
    with unit():
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise InvalidInput(
                f"Nobody is named {username!r} here. Ask them to sign in once, or make the "
                "account with `manage.py create_user`.",
                errors=[Part("unknown_user", "No such user name.", pointer="/username")],
            )
        member, made = Member.objects.get_or_create(workspace=workspace, user=user, defaults={"role": role})
        if not made:
            raise Conflict(f"{user.display_name} is a {member.role} already.")
        announce(workspace.id, "workspaces.member_changed", {"user": str(user.id)})
    return member


def change_role(*, member: Member, role: str) -> Member:
    """Change a member's role (raises Conflict for the last owner)."""
    with unit():
        if member.role == Role.OWNER and role != Role.OWNER:
            _keep_an_owner(member)
        member.role = role
        member.save(update_fields=["role", "updated_at"])
        announce(member.workspace_id, "workspaces.member_changed", {"user": str(member.user_id)})
    return member


def remove_member(*, member: Member) -> None:
    """Take a person's role away (raises Conflict for the last owner)."""
    with unit():
        if member.role == Role.OWNER:
            _keep_an_owner(member)
        announce(member.workspace_id, "workspaces.member_changed", {"user": str(member.user_id)})
        member.delete()


def _keep_an_owner(member: Member) -> None:
    owners = Member.objects.filter(workspace_id=member.workspace_id, role=Role.OWNER)
    if not owners.exclude(pk=member.pk).exists():
        raise Conflict("A workspace keeps at least one owner. Make somebody else owner first.")


def dismiss_getting_started(*, member: Member) -> None:
    """Hide the getting-started card for this member."""
    with unit():
        Member.objects.filter(pk=member.pk).update(getting_started_dismissed_at=timezone.now())


def mark_activities_read(*, member: Member, at: datetime | None = None) -> None:
    """Empty the bell: everything that ended up to ``at`` (now) counts as seen."""
    with unit():
        Member.objects.filter(pk=member.pk).update(activities_read_at=at or timezone.now())


def create_user(*, username: str, password: str | None = None, email: str = "") -> User:
    """Make an account; without a password it can only use links and tokens."""
    with unit():
        if User.objects.filter(username=username).exists():
            raise Conflict(f"The user name {username!r} is taken.")
        user = User(username=username, email=email)
        if password is None:
            user.set_unusable_password()
        else:
            validate_password(password, user)
            user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
    return user


def change_password(*, user: User, current: str, new: str) -> None:
    """Change the password; a user who never had one gives no current one.

    Raises
    ------
    InvalidInput
        If the current password is wrong or the new one too weak.
    """
    if user.has_usable_password() and not user.check_password(current):
        raise InvalidInput(
            "The current password is wrong.",
            errors=[Part("wrong", "This is not your password.", pointer="/current_password")],
        )
    validate_password(new, user)
    with unit():
        user.set_password(new)
        user.save(update_fields=["password"])


def create_token(*, user: User, name: str, expires_at: datetime | None = None) -> tuple[Token, str]:
    """Make a token.

    Returns
    -------
    tuple of Token and str
        The row, and the secret that is shown this once.
    """
    secret = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    with unit():
        token = Token.objects.create(
            user=user,
            name=name,
            prefix=secret[:12],
            digest=digest_of_secret(secret),
            expires_at=expires_at,
        )
    return token, secret


def revoke_token(*, user: User, token_id: uuid.UUID) -> None:
    """Delete a token of this user (raises NotFound)."""
    with unit():
        gone, _ = Token.objects.filter(user=user, id=token_id).delete()
    if not gone:
        raise NotFound("You have no such token.")


def use_token(*, secret: str) -> Token | None:
    """Return the valid token that a secret stands for, noting its use."""
    now = timezone.now()
    token = Token.objects.select_related("user").filter(digest=digest_of_secret(secret)).first()
    if token is None or not token.user.is_active or (token.expires_at and token.expires_at < now):
        return None
    if token.last_used_at is None or now - token.last_used_at > _USE_RESOLUTION:
        with unit():
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def create_login_link(*, user: User, lifetime: timedelta = timedelta(hours=1)) -> str:
    """Return the secret of a link that signs this user in once."""
    secret = secrets.token_urlsafe(24)
    with unit():
        LoginLink.objects.create(user=user, digest=digest_of_secret(secret), expires_at=timezone.now() + lifetime)
    return secret


def use_login_link(*, secret: str) -> User | None:
    """Return the user a link signs in, or None when it was used, is old or unknown."""
    now = timezone.now()
    with unit():
        used = LoginLink.objects.filter(digest=digest_of_secret(secret), used_at=None, expires_at__gt=now).update(
            used_at=now
        )
        if not used:
            return None
        return LoginLink.objects.select_related("user").get(digest=digest_of_secret(secret)).user
