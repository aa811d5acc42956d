"""Who may do what: one table of roles and actions, and the view that asks it."""

import uuid
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.views import APIView

from studio.core.errors import NotAllowed
from studio.core.workspaces.models import Member, Role, User, Workspace

_READER = frozenset(
    {
        "workspace.view",
        "activity.view",
        "datastores.view",
        "datasets.view",
        "drafts.view",
        "runs.view",
    }
)
_CONTRIBUTOR = _READER | {
    "activity.cancel",
    "datasets.edit",
    "drafts.edit",
    "runs.submit",
    "runs.edit",
}
_OWNER = _CONTRIBUTOR | {"workspace.edit", "members.edit"}

ACTIONS: dict[str, frozenset[str]] = {
    Role.READER: _READER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.OWNER: _OWNER,
}


def membership(user: User, name: str) -> Member:
    """Return the caller's membership of a workspace.

    Raises
    ------
    NotAllowed
        If there is no such workspace or the user has no role in it; the two
        look the same, so names of workspaces cannot be guessed.
    """
    member = (
        Member.objects.select_related("workspace", "user")
        .filter(workspace__name=name, user=user, workspace__archived_at=None)
        .first()
    )
    if member is None:
        raise NotAllowed(f"You have no role in a workspace named {name!r}.")
    return member


def may(role: str, action: str) -> bool:
    """Say whether a role allows an action."""
    return action in ACTIONS[role]


class WorkspaceView(APIView):
    """A view inside a workspace: it resolves workspace, member and required action.

    Attributes
    ----------
    actions : dict
        HTTP method → action that the caller's role must allow.
    """

    actions: ClassVar[dict[str, str]] = {}
    workspace: Workspace
    member: Member

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method
        if method not in self.actions:
            return  # OPTIONS, or a method the view does not have: DRF answers
        self.member = membership(request.user, kwargs["workspace"])
        self.workspace = self.member.workspace
        if not may(self.member.role, self.actions[method]):
            raise NotAllowed(
                f"A {self.member.role} may not do this ({self.actions[method]}) in "
                f"{self.workspace.friendly_name}. Ask an owner for another role."
            )

    @property
    def actor(self) -> User:
        return self.member.user


def workspace_id(user: User, name: str) -> uuid.UUID:
    """Return the id of a workspace in which the user has a role (raises NotAllowed)."""
    return membership(user, name).workspace_id
