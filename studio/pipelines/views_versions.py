"""Named versions of drafts over HTTP."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core.workspaces.access import WorkspaceView
from studio.core.workspaces.views import read
from studio.pipelines import selectors, versions
from studio.pipelines import serializers as wire
from studio.pipelines.views import draft_answer, revision_of


class DraftVersionsView(WorkspaceView):
    actions = {"GET": "drafts.view", "POST": "drafts.edit"}

    @extend_schema(operation_id="listDraftVersions", responses=wire.DraftVersionSummarySerializer(many=True))
    def get(self, request: Request, workspace: str, draft) -> Response:
        rows = versions.versions(selectors.draft(self.workspace, draft))
        return Response(wire.DraftVersionSummarySerializer(rows, many=True).data)

    @extend_schema(
        operation_id="saveDraftVersion",
        request=wire.DraftVersionCreateSerializer,
        responses={201: wire.DraftVersionSerializer},
    )
    def post(self, request: Request, workspace: str, draft) -> Response:
        made = versions.save_version(
            actor=self.actor,
            draft=selectors.draft(self.workspace, draft),
            **read(wire.DraftVersionCreateSerializer, request),
        )
        return Response(wire.DraftVersionSerializer(made).data, status=201)


class DraftVersionView(WorkspaceView):
    actions = {"GET": "drafts.view"}

    @extend_schema(operation_id="getDraftVersion", responses=wire.DraftVersionSerializer)
    def get(self, request: Request, workspace: str, draft, number: int) -> Response:
        found = versions.version(selectors.draft(self.workspace, draft), number)
        return Response(wire.DraftVersionSerializer(found).data)


class DraftVersionRestorationView(WorkspaceView):
    actions = {"POST": "drafts.edit"}

    @extend_schema(
        operation_id="restoreDraftVersion",
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        request=None,
        responses=wire.DraftSerializer,
    )
    def post(self, request: Request, workspace: str, draft, number: int) -> Response:
        saved = versions.restore_version(
            actor=self.actor,
            draft=selectors.draft(self.workspace, draft),
            number=number,
            revision=revision_of(request),
        )
        return draft_answer(saved)
