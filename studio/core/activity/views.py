"""Activities, their logs, and the events of a workspace over HTTP."""

from dataclasses import asdict

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core.activity import selectors, services
from studio.core.activity import serializers as wire
from studio.core.activity.statuses import STATUSES
from studio.core.errors import InvalidInput
from studio.core.paging import paginate, whole_number
from studio.core.workspaces import services as people
from studio.core.workspaces.access import WorkspaceView
from studio.core.workspaces.views import read

PAGING = [OpenApiParameter("cursor"), OpenApiParameter("limit", int)]
LOG_LIMIT = 4 * 1024 * 1024


def statuses_asked(request: Request) -> list[str]:
    """Return the statuses named in the query (raises InvalidInput for unknown ones)."""
    names = [name for name in request.query_params.get("status", "").split(",") if name]
    for name in names:
        if name not in STATUSES:
            raise InvalidInput(f"There is no status {name!r}. There are {', '.join(STATUSES)}.")
    return names


class ActivitiesView(WorkspaceView):
    actions = {"GET": "activity.view"}

    @extend_schema(
        operation_id="listActivities",
        parameters=[
            *PAGING,
            OpenApiParameter("status", description="States, separated by commas."),
            OpenApiParameter("kind", description="Kinds, separated by commas."),
            OpenApiParameter("mine", bool),
            OpenApiParameter("search"),
            OpenApiParameter("steps", bool, description="Include the steps of pipelines."),
        ],
        responses=wire.ActivityPageSerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params
        rows = selectors.activities(self.workspace)
        if names := statuses_asked(request):
            rows = rows.filter(status__in=names)
        if kinds := [kind for kind in query.get("kind", "").split(",") if kind]:
            rows = rows.filter(kind__in=kinds)
        elif query.get("steps") not in ("1", "true"):
            rows = rows.filter(parent=None)
        if query.get("mine") in ("1", "true"):
            rows = rows.filter(actor=self.actor)
        if text := query.get("search", "").strip():
            rows = rows.filter(Q(title__icontains=text) | Q(subject_name__icontains=text))
        page = paginate(rows, query)
        return Response(wire.ActivityPageSerializer(page).data)


class ActivityView(WorkspaceView):
    actions = {"GET": "activity.view"}

    @extend_schema(operation_id="getActivity", responses=wire.ActivitySerializer)
    def get(self, request: Request, workspace: str, activity) -> Response:
        return Response(wire.ActivitySerializer(selectors.activity(self.workspace, activity)).data)


class CancellationView(WorkspaceView):
    actions = {"POST": "activity.cancel"}

    @extend_schema(operation_id="cancelActivity", request=None, responses={202: wire.ActivitySerializer})
    def post(self, request: Request, workspace: str, activity) -> Response:
        found = services.cancel(selectors.activity(self.workspace, activity))
        return Response(wire.ActivitySerializer(found).data, status=202)


class LogView(WorkspaceView):
    actions = {"GET": "activity.view"}

    @extend_schema(
        operation_id="getActivityLog",
        parameters=[OpenApiParameter("offset", int), OpenApiParameter("limit", int)],
        responses=wire.LogPageSerializer,
    )
    def get(self, request: Request, workspace: str, activity) -> Response:
        found = selectors.activity(self.workspace, activity)
        return Response(log_answer(found, request))


def log_answer(activity, request: Request) -> dict:
    """Return the piece of a log that the query asks for."""
    query = request.query_params
    offset = whole_number(query.get("offset"), "offset", 0, -LOG_LIMIT, 2**53)
    limit = whole_number(query.get("limit"), "limit", 65536, 1, LOG_LIMIT)
    return wire.LogPageSerializer(asdict(selectors.log_page(activity, offset, limit))).data


class UnreadView(WorkspaceView):
    actions = {"GET": "activity.view"}

    @extend_schema(operation_id="listUnreadActivities", responses=wire.UnreadSerializer)
    def get(self, request: Request, workspace: str) -> Response:
        rows = selectors.unread(self.member)
        return Response(wire.UnreadSerializer({"count": rows.count(), "results": rows[:20]}).data)


class ReadView(WorkspaceView):
    # A reader's own bell is the reader's to empty.
    actions = {"POST": "activity.view"}

    @extend_schema(
        operation_id="markActivitiesRead",
        request=wire.ReadMarkSerializer,
        responses={204: None},
    )
    def post(self, request: Request, workspace: str) -> Response:
        data = read(wire.ReadMarkSerializer, request)
        people.mark_activities_read(member=self.member, at=data["up_to"])
        return Response(status=204)


class EventsView(WorkspaceView):
    actions = {"GET": "activity.view"}

    @extend_schema(
        operation_id="listEvents",
        parameters=[OpenApiParameter("after", int), OpenApiParameter("limit", int)],
        responses=wire.ReplaySerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params
        if "after" not in query:
            latest = selectors.last_seq(self.workspace.pk)
            return Response({"events": [], "seq": latest, "resync": False})
        after = whole_number(query.get("after"), "after", 0, 0, 2**62)
        limit = whole_number(query.get("limit"), "limit", 500, 1, 1000)
        replay = selectors.events_after(self.workspace.pk, after, limit)
        return Response(asdict(replay))
