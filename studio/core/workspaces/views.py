"""Sign-in, tokens, workspaces, members over HTTP."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from studio.core.errors import Unauthenticated
from studio.core.workspaces import selectors, services
from studio.core.workspaces import serializers as wire
from studio.core.workspaces.access import WorkspaceView


def read(serializer_class, request: Request) -> dict:
    """Return the request's validated body (raises the one problem for bad input)."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def login_with_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in by a one-time link and go to the first page."""
    user = services.use_login_link(secret=secret)
    if user is None:
        return redirect("/sign-in?reason=link")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("/")


class SignInThrottle(SimpleRateThrottle):
    """Lets one address guess twenty passwords a minute."""

    scope = "sign_in"
    rate = "20/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"sign-in:{self.get_ident(request)}" if request.method == "POST" else None


@method_decorator(ensure_csrf_cookie, name="dispatch")
class SessionView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    @extend_schema(operation_id="getSession", responses=wire.SessionSerializer)
    def get(self, request: Request) -> Response:
        return Response(self._session(request.user))

    @extend_schema(
        operation_id="signIn",
        request=wire.SessionCreateSerializer,
        responses=wire.SessionSerializer,
    )
    def post(self, request: Request) -> Response:
        data = read(wire.SessionCreateSerializer, request)
        user = authenticate(request._request, **data)
        if user is None:
            raise Unauthenticated("The user name or the password is wrong.")
        login(request._request, user)
        return Response(self._session(user))

    @extend_schema(operation_id="signOut", responses={204: None})
    def delete(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=204)

    def _session(self, user) -> dict:
        return wire.SessionSerializer(
            {
                "user": user if user and user.is_authenticated else None,
                "version": settings.VERSION,
                "profile": settings.PROFILE,
            }
        ).data


class PasswordView(APIView):
    @extend_schema(
        operation_id="changePassword",
        request=wire.PasswordChangeSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        data = read(wire.PasswordChangeSerializer, request)
        services.change_password(user=request.user, current=data["current_password"], new=data["new_password"])
        update_session_auth_hash(request._request, request.user)
        return Response(status=204)


class TokensView(APIView):
    @extend_schema(operation_id="listTokens", responses=wire.TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(wire.TokenSerializer(selectors.tokens(request.user), many=True).data)

    @extend_schema(
        operation_id="createToken",
        request=wire.TokenCreateSerializer,
        responses={201: wire.TokenCreatedSerializer},
    )
    def post(self, request: Request) -> Response:
        token, secret = services.create_token(user=request.user, **read(wire.TokenCreateSerializer, request))
        token.secret = secret
        return Response(wire.TokenCreatedSerializer(token).data, status=201)


class TokenView(APIView):
    @extend_schema(operation_id="revokeToken", responses={204: None})
    def delete(self, request: Request, token) -> Response:
        services.revoke_token(user=request.user, token_id=token)
        return Response(status=204)


class WorkspacesView(APIView):
    @extend_schema(operation_id="listWorkspaces", responses=wire.WorkspaceSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = selectors.memberships(request.user)
        return Response(wire.WorkspaceSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="createWorkspace",
        request=wire.WorkspaceCreateSerializer,
        responses={201: wire.WorkspaceSerializer},
    )
    def post(self, request: Request) -> Response:
        workspace = services.create_workspace(actor=request.user, **read(wire.WorkspaceCreateSerializer, request))
        member = selectors.member(workspace, request.user.id)
        member.workspace = workspace
        return Response(wire.WorkspaceSerializer(member).data, status=201)


class WorkspaceDetailView(WorkspaceView):
    actions = {"GET": "workspace.view", "PATCH": "workspace.edit", "DELETE": "workspace.edit"}

    @extend_schema(operation_id="getWorkspace", responses=wire.WorkspaceSerializer)
    def get(self, request: Request, workspace: str) -> Response:
        return Response(wire.WorkspaceSerializer(self.member).data)

    @extend_schema(
        operation_id="updateWorkspace",
        request=wire.WorkspaceUpdateSerializer,
        responses=wire.WorkspaceSerializer,
    )
    def patch(self, request: Request, workspace: str) -> Response:
        services.update_workspace(workspace=self.workspace, **read(wire.WorkspaceUpdateSerializer, request))
        return Response(wire.WorkspaceSerializer(self.member).data)

    @extend_schema(operation_id="archiveWorkspace", responses={204: None})
    def delete(self, request: Request, workspace: str) -> Response:
        services.archive_workspace(workspace=self.workspace)
        return Response(status=204)


class MembersView(WorkspaceView):
    actions = {"GET": "workspace.view", "POST": "members.edit"}

    @extend_schema(operation_id="listMembers", responses=wire.MemberSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        rows = selectors.members(self.workspace)
        return Response(wire.MemberSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="addMember",
        request=wire.MemberCreateSerializer,
        responses={201: wire.MemberSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        member = services.add_member(workspace=self.workspace, **read(wire.MemberCreateSerializer, request))
        return Response(wire.MemberSerializer(member).data, status=201)


class MemberView(WorkspaceView):
    actions = {"PATCH": "members.edit", "DELETE": "members.edit"}

    @extend_schema(
        operation_id="changeMemberRole",
        request=wire.MemberUpdateSerializer,
        responses=wire.MemberSerializer,
    )
    def patch(self, request: Request, workspace: str, user) -> Response:
        member = services.change_role(
            member=selectors.member(self.workspace, user),
            **read(wire.MemberUpdateSerializer, request),
        )
        return Response(wire.MemberSerializer(member).data)

    @extend_schema(operation_id="removeMember", responses={204: None})
    def delete(self, request: Request, workspace: str, user) -> Response:
        services.remove_member(member=selectors.member(self.workspace, user))
        return Response(status=204)
