"""Components, drafts and pipeline runs over HTTP."""

from django.db.models import Q
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.catalog import default_catalog
from studio.core import blobs
from studio.core.activity.serializers import ActivitySerializer
from studio.core.activity.views import PAGING, statuses_asked
from studio.core.errors import InvalidInput
from studio.core.ids import parse_id
from studio.core.paging import paginate
from studio.core.workspaces import services as people
from studio.core.workspaces.access import WorkspaceView
from studio.core.workspaces.views import read
from studio.datasets import selectors as datasets
from studio.datasets import services as dataset_services
from studio.datasets.serializers import ProfileSerializer, TablePageSerializer
from studio.datasets.views import TABLE_QUERY, profile_answer, table_query
from studio.experiments import selectors as experiments
from studio.experiments import services as experiment_services
from studio.experiments.ordering import ordered
from studio.experiments.serializers import OutputDetailSerializer, RunUpdateSerializer
from studio.pipelines import home, planning, selectors, services
from studio.pipelines import serializers as wire


class ComponentsView(APIView):
    @extend_schema(operation_id="listComponents", responses=wire.ComponentSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([spec.to_json() for spec in default_catalog().components()])


class SamplesView(APIView):
    @extend_schema(operation_id="listSamples", responses=wire.SampleSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(wire.SampleSerializer(selectors.samples(), many=True).data)


class HomeView(WorkspaceView):
    actions = {"GET": "workspace.view"}

    @extend_schema(operation_id="getHome", responses=wire.HomeSerializer)
    def get(self, request: Request, workspace: str) -> Response:
        return Response(wire.HomeSerializer(home.home(self.member)).data)


class DismissalView(WorkspaceView):
    actions = {"POST": "workspace.view"}

    @extend_schema(operation_id="dismissGettingStarted", request=None, responses={204: None})
    def post(self, request: Request, workspace: str) -> Response:
        people.dismiss_getting_started(member=self.member)
        return Response(status=204)


class SearchView(WorkspaceView):
    actions = {"GET": "workspace.view"}

    @extend_schema(
        operation_id="search",
        parameters=[OpenApiParameter("q", required=True)],
        responses=wire.FoundSerializer(many=True),
    )
    def get(self, request: Request, workspace: str) -> Response:
        text = request.query_params.get("q", "").strip()[:200]
        return Response(home.search(self.member, text) if text else [])


class DraftsView(WorkspaceView):
    actions = {"GET": "drafts.view", "POST": "drafts.edit"}

    @extend_schema(
        operation_id="listDrafts",
        parameters=[*PAGING, OpenApiParameter("search"), OpenApiParameter("sort")],
        responses=wire.DraftPageSerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params
        rows = selectors.drafts(self.workspace)
        if text := query.get("search", "").strip():
            rows = rows.filter(name__icontains=text)
        page = paginate(rows, query, sort="-updated_at", allowed={"name", "created_at"})
        return Response(wire.DraftPageSerializer(page).data)

    @extend_schema(
        operation_id="createDraft",
        request=wire.DraftCreateSerializer,
        responses={201: wire.DraftSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        draft = services.create_draft(
            actor=self.actor, workspace=self.workspace, **read(wire.DraftCreateSerializer, request)
        )
        return draft_answer(draft, 201)


def draft_answer(draft, status: int = 200) -> Response:
    """Answer with a draft, and its revision as the entity tag."""
    response = Response(wire.DraftSerializer(draft).data, status=status)
    response["ETag"] = f'"{draft.revision}"'
    return response


def revision_of(request: Request) -> int | None:
    """Return the revision in If-Match (raises InvalidInput when it is none)."""
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not text:
        return None
    if not text.isdecimal():
        raise InvalidInput('If-Match holds the revision in quotes, such as "7".')
    return int(text)


class DraftView(WorkspaceView):
    actions = {
        "GET": "drafts.view",
        "PUT": "drafts.edit",
        "PATCH": "drafts.edit",
        "DELETE": "drafts.edit",
    }

    @extend_schema(operation_id="getDraft", responses=wire.DraftSerializer)
    def get(self, request: Request, workspace: str, draft) -> Response:
        return draft_answer(selectors.draft(self.workspace, draft))

    @extend_schema(
        operation_id="saveDraft",
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        request=wire.DraftSaveSerializer,
        responses=wire.DraftSerializer,
    )
    def put(self, request: Request, workspace: str, draft) -> Response:
        saved = services.save_draft(
            actor=self.actor,
            draft=selectors.draft(self.workspace, draft),
            revision=revision_of(request),
            **read(wire.DraftSaveSerializer, request),
        )
        return draft_answer(saved)

    @extend_schema(
        operation_id="updateDraft",
        request=wire.DraftUpdateSerializer,
        responses=wire.DraftSerializer,
    )
    def patch(self, request: Request, workspace: str, draft) -> Response:
        found = services.rename_draft(
            draft=selectors.draft(self.workspace, draft),
            **read(wire.DraftUpdateSerializer, request),
        )
        return draft_answer(found)

    @extend_schema(operation_id="archiveDraft", responses={204: None})
    def delete(self, request: Request, workspace: str, draft) -> Response:
        services.archive_draft(draft=selectors.draft(self.workspace, draft))
        return Response(status=204)


class DraftRestorationView(WorkspaceView):
    actions = {"POST": "drafts.edit"}

    @extend_schema(operation_id="restoreDraft", request=None, responses=wire.DraftSerializer)
    def post(self, request: Request, workspace: str, draft) -> Response:
        found = selectors.draft(self.workspace, draft)
        services.restore_draft(draft=found)
        return draft_answer(selectors.draft(self.workspace, draft))


class DraftCopiesView(WorkspaceView):
    actions = {"POST": "drafts.edit"}

    @extend_schema(
        operation_id="copyDraft",
        request=wire.DraftNameSerializer,
        responses={201: wire.DraftSerializer},
    )
    def post(self, request: Request, workspace: str, draft) -> Response:
        copy = services.copy_draft(
            actor=self.actor,
            draft=selectors.draft(self.workspace, draft),
            name=read(wire.DraftNameSerializer, request)["name"] or None,
        )
        return draft_answer(copy, 201)


class PlanView(WorkspaceView):
    actions = {"GET": "drafts.view"}

    @extend_schema(
        operation_id="getPlan",
        parameters=[OpenApiParameter("nodes", description="Nodes to run, separated by commas; all when left out.")],
        responses=wire.PlanSerializer,
    )
    def get(self, request: Request, workspace: str, draft) -> Response:
        asked = request.query_params.get("nodes", "")
        nodes = [node for node in asked.split(",") if node] or None
        return Response(wire.PlanSerializer(planning.plan_draft(selectors.draft(self.workspace, draft), nodes)).data)


class DraftRunsView(WorkspaceView):
    actions = {"POST": "runs.submit"}

    @extend_schema(
        operation_id="submitDraft",
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        request=wire.RunCreateSerializer,
        responses={202: wire.RunSerializer},
    )
    def post(self, request: Request, workspace: str, draft) -> Response:
        run = services.submit(
            actor=self.actor,
            draft=selectors.draft(self.workspace, draft),
            revision=revision_of(request),
            **read(wire.RunCreateSerializer, request),
        )
        return Response(wire.RunSerializer(selectors.run(self.workspace, run.pk)).data, status=202)


_RUN_SORTS = {
    "created_at": "created_at",
    "number": "number",
    "display_name": "display_name",
    "experiment": "experiment__name",
    "status": "activity__status",
    "started_at": "activity__started_at",
    "finished_at": "activity__finished_at",
}


class RunsView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(
        operation_id="listRuns",
        parameters=[
            *PAGING,
            OpenApiParameter("status", description="States, separated by commas."),
            OpenApiParameter("search"),
            OpenApiParameter("experiment"),
            OpenApiParameter("draft"),
            OpenApiParameter(
                "sort",
                description="created_at, number, display_name, experiment, status, started_at, "
                "finished_at, duration_s or metrics.NAME; a leading minus means descending.",
            ),
        ],
        responses=wire.RunPageSerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params.copy()
        rows = selectors.pipeline_runs(self.workspace)
        if names := statuses_asked(request):
            rows = rows.filter(activity__status__in=names)
        if text := query.get("search", "").strip():
            wanted = Q(display_name__icontains=text) | Q(experiment__name__icontains=text)
            if text.isdecimal() and len(text) < 10:
                wanted |= Q(number=int(text))
            rows = rows.filter(wanted)
        for name in ("experiment", "draft"):
            if value := query.get(name):
                key = parse_id(value)
                if key is None:
                    raise InvalidInput(f"{name}={value!r} is not an id.")
                field = "experiment_id" if name == "experiment" else "pipeline__draft_id"
                rows = rows.filter(**{field: key})
        rows = ordered(rows, query, _RUN_SORTS)
        page = paginate(rows, query, sort="-created_at", allowed={*_RUN_SORTS.values(), "sorted"})
        return Response(wire.RunPageSerializer(page).data)


class RunView(WorkspaceView):
    actions = {"GET": "runs.view", "PATCH": "runs.edit", "DELETE": "runs.edit"}

    @extend_schema(operation_id="getRun", responses=wire.RunSerializer)
    def get(self, request: Request, workspace: str, run) -> Response:
        return Response(wire.RunSerializer(selectors.run(self.workspace, run)).data)

    @extend_schema(operation_id="updateRun", request=RunUpdateSerializer, responses=wire.RunSerializer)
    def patch(self, request: Request, workspace: str, run) -> Response:
        experiment_services.update_run(run=experiments.run(self.workspace, run), **read(RunUpdateSerializer, request))
        return Response(wire.RunSerializer(selectors.run(self.workspace, run)).data)

    @extend_schema(operation_id="archiveRun", responses={204: None})
    def delete(self, request: Request, workspace: str, run) -> Response:
        experiment_services.archive_run(run=experiments.run(self.workspace, run))
        return Response(status=204)


class RunCancellationView(WorkspaceView):
    actions = {"POST": "activity.cancel"}

    @extend_schema(operation_id="cancelRun", request=None, responses={202: wire.RunSerializer})
    def post(self, request: Request, workspace: str, run) -> Response:
        services.cancel_run(run=experiments.run(self.workspace, run))
        return Response(wire.RunSerializer(selectors.run(self.workspace, run)).data, status=202)


class ResumptionView(WorkspaceView):
    actions = {"GET": "runs.view", "POST": "runs.submit"}

    @extend_schema(operation_id="getResumptionPlan", responses=wire.PlanSerializer)
    def get(self, request: Request, workspace: str, run) -> Response:
        found = planning.plan_resumption(experiments.run(self.workspace, run))
        return Response(wire.PlanSerializer(found).data)

    @extend_schema(operation_id="resumeRun", request=None, responses={202: wire.RunSerializer})
    def post(self, request: Request, workspace: str, run) -> Response:
        made = services.resume(actor=self.actor, run=experiments.run(self.workspace, run))
        return Response(wire.RunSerializer(selectors.run(self.workspace, made.pk)).data, status=202)


class RunDraftsView(WorkspaceView):
    actions = {"POST": "drafts.edit"}

    @extend_schema(
        operation_id="cloneRun",
        request=wire.DraftNameSerializer,
        responses={201: wire.DraftSerializer},
    )
    def post(self, request: Request, workspace: str, run) -> Response:
        draft = services.clone_to_draft(
            actor=self.actor,
            run=experiments.run(self.workspace, run),
            name=read(wire.DraftNameSerializer, request)["name"],
        )
        return draft_answer(draft, 201)


class StepsView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(operation_id="listSteps", responses=wire.StepWireSerializer(many=True))
    def get(self, request: Request, workspace: str, run) -> Response:
        found = experiments.run(self.workspace, run)
        context = {"feeds": selectors.feeds(found)}
        return Response(wire.StepSerializer(selectors.steps(found), many=True, context=context).data)


class RunGraphView(WorkspaceView):
    actions = {"GET": "runs.view"}

    @extend_schema(operation_id="getRunGraph", responses=wire.RunGraphSerializer)
    def get(self, request: Request, workspace: str, run) -> Response:
        pipeline = selectors.pipeline(experiments.run(self.workspace, run))
        return Response(wire.RunGraphSerializer(pipeline).data)


class OutputView(WorkspaceView):
    actions = {"GET": "runs.view"}

    def output(self, run, port: str):
        self.run_found = experiments.run(self.workspace, run)
        return experiments.output(self.run_found, port)

    @extend_schema(operation_id="getOutput", responses=OutputDetailSerializer)
    def get(self, request: Request, workspace: str, run, port: str) -> Response:
        return Response(OutputDetailSerializer(self.output(run, port)).data)


class OutputTableView(OutputView):
    @extend_schema(operation_id="getOutputTable", parameters=TABLE_QUERY, responses=TablePageSerializer)
    def get(self, request: Request, workspace: str, run, port: str) -> Response:
        output = self.table(run, port)
        page = datasets.table_page(output.blob_id, **table_query(request))
        roles = {column["name"]: column.get("role") for column in (output.schema or {}).get("columns", [])}
        for column in page["columns"]:
            column["role"] = roles.get(column["name"])
        return Response(page)

    def table(self, run, port: str):
        output = self.output(run, port)
        if output.type != "table":
            raise InvalidInput(f"{output.title} is a {output.type}, not a table.")
        return output


class OutputProfileView(OutputTableView):
    @extend_schema(
        operation_id="getOutputProfile",
        responses={200: ProfileSerializer, 202: ActivitySerializer},
    )
    def get(self, request: Request, workspace: str, run, port: str) -> Response:
        output = self.table(run, port)
        name = f"{self.run_found.display_name} {output.title}"
        profile = dataset_services.request_profile(
            actor=self.actor,
            workspace=self.workspace,
            digest=output.blob_id,
            title=name,
            subject=("run", self.run_found.parent_id or self.run_found.pk, name),
        )
        return profile_answer(profile)


class OutputDownloadView(OutputView):
    @extend_schema(
        operation_id="downloadOutput",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, workspace: str, run, port: str) -> FileResponse:
        output = self.output(run, port)
        ending = {
            "application/vnd.apache.parquet": "parquet",
            "application/json": "json",
        }.get(output.media_type, "bin" if output.type == "file" else "zip")
        name = f"{self.run_found.display_name}-{port}.{ending}"
        return FileResponse(
            blobs.open_blob(output.blob_id),
            as_attachment=True,
            filename=name,
            content_type="application/octet-stream",
        )
