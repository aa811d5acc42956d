"""Comparing runs over HTTP."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core.errors import InvalidInput
from studio.core.ids import parse_id
from studio.core.workspaces.access import WorkspaceView
from studio.pipelines.comparison import selectors, shapes
from studio.pipelines.comparison import serializers as wire


class ComparisonView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(
        operation_id="compareRuns",
        parameters=[
            OpenApiParameter(
                "runs",
                required=True,
                description=f"Ids of runs, separated by commas; at most {selectors.MAX_RUNS}, because each brings its "
                "whole drawing and every step.",
            ),
            OpenApiParameter(
                "baseline", description="The run that the others are measured against; the first when left out."
            ),
        ],
        responses=wire.ComparisonSerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params
        baseline = None
        if text := query.get("baseline"):
            baseline = parse_id(text)
            if baseline is None:
                raise InvalidInput(f"baseline={text[:60]!r} is not the id of a run.")
        compared = selectors.compare(self.workspace, selectors.asked(query.get("runs", "")), baseline)
        answer = {"runs": compared.runs, **shapes.shape(compared)}
        return Response(wire.ComparisonSerializer(answer).data)
