"""Experiments, metrics and logs of runs over HTTP."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core.activity.serializers import LogPageSerializer
from studio.core.activity.views import PAGING, log_answer, statuses_asked
from studio.core.paging import paginate
from studio.core.workspaces.access import WorkspaceView
from studio.experiments import selectors
from studio.experiments import serializers as wire
from studio.experiments.ordering import ordered


class ExperimentsView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(operation_id="listExperiments", responses=wire.ExperimentSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        rows = selectors.experiments(self.workspace)
        return Response(wire.ExperimentSerializer(rows, many=True).data)


_CHILD_SORTS = {
    "created_at": "created_at",
    "place": "place",
    "display_name": "display_name",
    "status": "activity__status",
    "started_at": "activity__started_at",
    "finished_at": "activity__finished_at",
}


class ChildrenView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(
        operation_id="listChildren",
        parameters=[
            *PAGING,
            OpenApiParameter("status", description="States, separated by commas."),
            OpenApiParameter(
                "sort",
                description="created_at, place, display_name, status, started_at, finished_at, duration_s or "
                "metrics.NAME; a leading minus means descending.",
            ),
        ],
        responses=wire.ChildRunPageSerializer,
    )
    def get(self, request: Request, workspace: str, run) -> Response:
        query = request.query_params.copy()
        rows = selectors.children(selectors.run(self.workspace, run))
        if names := statuses_asked(request):
            rows = rows.filter(activity__status__in=names)
        rows = ordered(rows, query, _CHILD_SORTS)
        page = paginate(rows, query, sort="created_at", allowed={*_CHILD_SORTS.values(), "sorted"})
        return Response(wire.ChildRunPageSerializer(page).data)


class MetricsView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(
        operation_id="getRunMetrics",
        parameters=[OpenApiParameter("recursive", bool)],
        responses=wire.MetricsSerializer,
    )
    def get(self, request: Request, workspace: str, run) -> Response:
        recursive = request.query_params.get("recursive") in ("1", "true")
        found = selectors.run(self.workspace, run)
        return Response({"series": selectors.metrics(found, recursive=recursive)})


class LogView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(
        operation_id="getRunLog",
        parameters=[OpenApiParameter("offset", int), OpenApiParameter("limit", int)],
        responses=LogPageSerializer,
    )
    def get(self, request: Request, workspace: str, run) -> Response:
        return Response(log_answer(selectors.run(self.workspace, run).activity, request))
