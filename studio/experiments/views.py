"""Experiments, metrics and logs of runs over HTTP."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core.activity.serializers import LogPageSerializer
from studio.core.activity.views import log_answer
from studio.core.workspaces.access import WorkspaceView
from studio.experiments import selectors
from studio.experiments import serializers as wire


class ExperimentsView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(operation_id="listExperiments", responses=wire.ExperimentSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        rows = selectors.experiments(self.workspace)
        return Response(wire.ExperimentSerializer(rows, many=True).data)


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
