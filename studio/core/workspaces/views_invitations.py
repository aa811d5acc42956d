"""Invitations over HTTP: the owner's list, and the two doors of a link."""

from django.contrib.auth import login
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.core.errors import InvalidInput, Part
from studio.core.workspaces import invitations
from studio.core.workspaces import serializers as wire
from studio.core.workspaces.access import WorkspaceView
from studio.core.workspaces.views import SignInThrottle, read


class InvitationsView(WorkspaceView):
    actions = {"GET": "members.edit", "POST": "members.edit"}

    @extend_schema(operation_id="listInvitations", responses=wire.InvitationSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        rows = invitations.invitations(self.workspace)
        return Response(wire.InvitationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="createInvitation",
        request=wire.InvitationCreateSerializer,
        responses={201: wire.InvitationCreatedSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        made, secret = invitations.invite(
            actor=self.actor, workspace=self.workspace, **read(wire.InvitationCreateSerializer, request)
        )
        made.url = request.build_absolute_uri(f"/invitation/{secret}")
        return Response(wire.InvitationCreatedSerializer(made).data, status=201)


class InvitationView(WorkspaceView):
    actions = {"DELETE": "members.edit"}

    @extend_schema(operation_id="withdrawInvitation", responses={204: None})
    def delete(self, request: Request, workspace: str, invitation) -> Response:
        invitations.withdraw(workspace=self.workspace, invitation_id=invitation)
        return Response(status=204)


class OpenInvitationView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="getInvitation", responses=wire.OpenInvitationSerializer)
    def get(self, request: Request, secret: str) -> Response:
        return Response(wire.OpenInvitationSerializer(invitations.open_invitation(secret)).data)


class AcceptanceView(APIView):
    """Joins with the account that is signed in, or with a new one."""

    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    @extend_schema(
        operation_id="acceptInvitation",
        request=wire.AcceptanceCreateSerializer,
        responses={201: wire.WorkspaceSerializer},
    )
    def post(self, request: Request, secret: str) -> Response:
        data = read(wire.AcceptanceCreateSerializer, request)
        if request.user and request.user.is_authenticated:
            member = invitations.accept(secret=secret, user=request.user)
            return Response(wire.WorkspaceSerializer(member).data, status=201)
        for name in ("username", "password"):
            if not data[name]:
                raise InvalidInput(
                    "Sign in first, or choose a user name and a password for a new account.",
                    errors=[Part("required", "This is needed for a new account.", pointer=f"/{name}")],
                )
        user, member = invitations.accept_as_new(secret=secret, **data)
        login(request._request, user, backend="django.contrib.auth.backends.ModelBackend")
        return Response(wire.WorkspaceSerializer(member).data, status=201)
