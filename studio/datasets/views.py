"""Datasets, uploads and datastores over HTTP."""

import json

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from studio.core import blobs
from studio.core.activity import selectors as activities
from studio.core.activity.serializers import ActivitySerializer
from studio.core.activity.views import PAGING
from studio.core.errors import InvalidInput
from studio.core.paging import paginate, whole_number
from studio.core.workspaces.access import WorkspaceView
from studio.core.workspaces.views import read
from studio.datasets import selectors, services, stores, uploads
from studio.datasets import serializers as wire
from studio.datasets.models import DatasetKind, Datastore
from studio.datasets.options import ParseOptions

MAX_PAGE_ROWS = 1000


class PieceParser(BaseParser):
    """Leaves the body of an upload as a stream."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return stream


class DatastoresView(WorkspaceView):
    actions = {"GET": "datastores.view"}

    @extend_schema(operation_id="listDatastores", responses=wire.DatastoreSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        services.ensure_default_datastore(workspace=self.workspace)
        rows = Datastore.objects.filter(workspace=self.workspace).order_by("-is_default", "name")
        return Response(wire.DatastoreSerializer(rows, many=True).data)


class TreeView(WorkspaceView):
    actions = {"GET": "datastores.view"}

    @extend_schema(
        operation_id="browseDatastore",
        parameters=[OpenApiParameter("path"), *PAGING],
        responses=wire.TreeSerializer,
    )
    def get(self, request: Request, workspace: str, datastore: str) -> Response:
        query = request.query_params
        path = query.get("path", "")
        folders, files = stores.listing(services.datastore_named(self.workspace, datastore), path)
        base = stores.safe(path)
        entries = [
            {
                "name": name,
                "path": f"{base}/{name}" if base else name,
                "kind": "folder",
                "size_bytes": None,
                "modified_at": None,
            }
            for name in folders
        ] + [
            {
                "name": file.path.rsplit("/", 1)[-1],
                "path": file.path,
                "kind": "file",
                "size_bytes": file.size_bytes,
                "modified_at": file.modified_at,
            }
            for file in files
        ]
        start = whole_number(query.get("cursor"), "cursor", 0, 0, 2**31)
        limit = whole_number(query.get("limit"), "limit", 200, 1, 1000)
        more = start + limit < len(entries)
        return Response(
            wire.TreeSerializer(
                {
                    "path": base,
                    "entries": entries[start : start + limit],
                    "next": str(start + limit) if more else None,
                    "count": len(entries),
                }
            ).data
        )


class DatastoreFilesView(WorkspaceView):
    actions = {"POST": "datasets.edit"}

    @extend_schema(
        operation_id="putDatastoreFile",
        request=wire.DatastoreFileCreateSerializer,
        responses={204: None},
    )
    def post(self, request: Request, workspace: str, datastore: str) -> Response:
        data = read(wire.DatastoreFileCreateSerializer, request)
        services.put_into_datastore(
            datastore=services.datastore_named(self.workspace, datastore),
            upload=uploads.get(actor=self.actor, workspace=self.workspace, upload_id=data["upload"]),
            path=data["path"],
        )
        return Response(status=204)


class UploadsView(WorkspaceView):
    actions = {"POST": "datasets.edit"}

    @extend_schema(
        operation_id="createUpload",
        request=wire.UploadCreateSerializer,
        responses={201: wire.UploadSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        upload = uploads.create(
            actor=self.actor, workspace=self.workspace, **read(wire.UploadCreateSerializer, request)
        )
        return Response(wire.UploadSerializer(upload).data, status=201)


class UploadView(WorkspaceView):
    actions = {"GET": "datasets.edit", "PATCH": "datasets.edit", "DELETE": "datasets.edit"}
    parser_classes = [PieceParser]

    def _upload(self, upload):
        return uploads.get(actor=self.actor, workspace=self.workspace, upload_id=upload)

    @extend_schema(operation_id="getUpload", responses=wire.UploadSerializer)
    def get(self, request: Request, workspace: str, upload) -> Response:
        return Response(wire.UploadSerializer(self._upload(upload)).data)

    @extend_schema(
        operation_id="appendUpload",
        parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=wire.UploadSerializer,
    )
    def patch(self, request: Request, workspace: str, upload) -> Response:
        found = self._upload(upload)
        if "Upload-Offset" not in request.headers:
            raise InvalidInput("Say where the piece begins, in the header Upload-Offset.")
        offset = whole_number(request.headers["Upload-Offset"], "Upload-Offset", 0, 0, 2**53)
        length = whole_number(request.headers.get("Content-Length"), "Content-Length", 0, 0, 2**53)
        if length > 16 * 1024 * 1024:
            raise InvalidInput("A piece has at most 16 MiB. Send smaller ones.")
        found = uploads.append(upload=found, offset=offset, stream=request._request, length=length)
        return Response(wire.UploadSerializer(found).data)

    @extend_schema(operation_id="deleteUpload", responses={204: None})
    def delete(self, request: Request, workspace: str, upload) -> Response:
        uploads.delete(upload=self._upload(upload))
        return Response(status=204)


class ParsePreviewsView(WorkspaceView):
    actions = {"POST": "datasets.edit"}

    @extend_schema(
        operation_id="previewParse",
        request=wire.ParsePreviewCreateSerializer,
        responses=wire.ParsePreviewSerializer,
    )
    def post(self, request: Request, workspace: str) -> Response:
        data = read(wire.ParsePreviewCreateSerializer, request)
        options = data.pop("options")
        return Response(
            services.parse_preview(actor=self.actor, workspace=self.workspace, source=data, options=options)
        )


def _options(data: dict | None) -> ParseOptions | None:
    return ParseOptions.from_json(dict(data)) if data else None


class DatasetsView(WorkspaceView):
    actions = {"GET": "datasets.view", "POST": "datasets.edit"}

    @extend_schema(
        operation_id="listDatasets",
        parameters=[
            *PAGING,
            OpenApiParameter("search"),
            OpenApiParameter("archived", bool),
            OpenApiParameter("kind", enum=DatasetKind.values),
            OpenApiParameter("sort"),
        ],
        responses=wire.DatasetPageSerializer,
    )
    def get(self, request: Request, workspace: str) -> Response:
        query = request.query_params
        rows = selectors.datasets(self.workspace, archived=query.get("archived") in ("1", "true"))
        if text := query.get("search", "").strip():
            rows = rows.filter(name__icontains=text)
        if kind := query.get("kind"):
            if kind not in DatasetKind.values:
                raise InvalidInput(f"kind is one of {', '.join(DatasetKind.values)}.")
            rows = rows.filter(kind=kind)
        page = paginate(rows, query, sort="-updated_at", allowed={"name", "created_at", "rows", "size_bytes"})
        return Response(wire.DatasetPageSerializer(page).data)

    @extend_schema(
        operation_id="createDataset",
        request=wire.DatasetCreateSerializer,
        responses={202: wire.DatasetVersionSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        data = read(wire.DatasetCreateSerializer, request)
        version = services.create_dataset(
            actor=self.actor,
            workspace=self.workspace,
            name=data["name"],
            description=data["description"],
            tags=data["tags"],
            source=dict(data["source"]),
            options=_options(data["options"]),
            kind=data["kind"],
        )
        return Response(_version(version), status=202)


def _version(version) -> dict:
    version.activity.refresh_from_db()
    return wire.DatasetVersionSerializer(version).data


class DatasetView(WorkspaceView):
    actions = {"GET": "datasets.view", "PATCH": "datasets.edit", "DELETE": "datasets.edit"}

    @extend_schema(operation_id="getDataset", responses=wire.DatasetSerializer)
    def get(self, request: Request, workspace: str, dataset) -> Response:
        return Response(wire.DatasetSerializer(selectors.dataset(self.workspace, dataset)).data)

    @extend_schema(
        operation_id="updateDataset",
        request=wire.DatasetUpdateSerializer,
        responses=wire.DatasetSerializer,
    )
    def patch(self, request: Request, workspace: str, dataset) -> Response:
        found = services.update_dataset(
            dataset=selectors.dataset(self.workspace, dataset),
            **read(wire.DatasetUpdateSerializer, request),
        )
        return Response(wire.DatasetSerializer(found).data)

    @extend_schema(operation_id="archiveDataset", responses={204: None})
    def delete(self, request: Request, workspace: str, dataset) -> Response:
        services.archive_dataset(dataset=selectors.dataset(self.workspace, dataset))
        return Response(status=204)


class RestorationView(WorkspaceView):
    actions = {"POST": "datasets.edit"}

    @extend_schema(operation_id="restoreDataset", request=None, responses=wire.DatasetSerializer)
    def post(self, request: Request, workspace: str, dataset) -> Response:
        found = selectors.dataset(self.workspace, dataset)
        services.restore_dataset(dataset=found)
        return Response(wire.DatasetSerializer(found).data)


class VersionsView(WorkspaceView):
    actions = {"GET": "datasets.view", "POST": "datasets.edit"}

    @extend_schema(operation_id="listDatasetVersions", responses=wire.DatasetVersionSerializer(many=True))
    def get(self, request: Request, workspace: str, dataset) -> Response:
        rows = selectors.versions(selectors.dataset(self.workspace, dataset))
        return Response(wire.DatasetVersionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="createDatasetVersion",
        request=wire.VersionCreateSerializer,
        responses={202: wire.DatasetVersionSerializer},
    )
    def post(self, request: Request, workspace: str, dataset) -> Response:
        data = read(wire.VersionCreateSerializer, request)
        version = services.register_version(
            actor=self.actor,
            dataset=selectors.dataset(self.workspace, dataset),
            source=dict(data["source"]),
            options=_options(data["options"]),
            description=data["description"],
        )
        return Response(_version(version), status=202)


class VersionScopedView(WorkspaceView):
    """A view of one version of one dataset."""

    actions = {"GET": "datasets.view"}

    def version(self, dataset, number: int):
        return selectors.version(selectors.dataset(self.workspace, dataset), number)


class VersionView(VersionScopedView):
    @extend_schema(operation_id="getDatasetVersion", responses=wire.DatasetVersionDetailSerializer)
    def get(self, request: Request, workspace: str, dataset, number: int) -> Response:
        return Response(wire.DatasetVersionDetailSerializer(self.version(dataset, number)).data)


TABLE_QUERY = [
    OpenApiParameter("offset", int),
    OpenApiParameter("limit", int),
    OpenApiParameter("sort"),
    OpenApiParameter("direction", enum=["asc", "desc"]),
    OpenApiParameter("columns", description="A JSON list of names, or names with commas."),
    OpenApiParameter("search"),
]


def table_query(request: Request) -> dict:
    """Return what a request asks of a table, checked."""
    query = request.query_params
    direction = query.get("direction", "asc")
    if direction not in ("asc", "desc"):
        raise InvalidInput("direction is asc or desc.")
    names = None
    if text := query.get("columns"):
        names = _names(text)
    return {
        "offset": whole_number(query.get("offset"), "offset", 0, 0, 2**53),
        "limit": whole_number(query.get("limit"), "limit", 100, 1, MAX_PAGE_ROWS),
        "columns": names,
        "sort": query.get("sort") or None,
        "descending": direction == "desc",
        "search": query.get("search", "").strip()[:500],
    }


def _names(text: str) -> list[str]:
    if text.startswith("["):
        try:
            names = json.loads(text)
        except ValueError:
            names = None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InvalidInput("columns is a JSON list of names, or names with commas.")
        return names
    return text.split(",")


class PreviewView(VersionScopedView):
    @extend_schema(
        operation_id="previewDataset",
        parameters=TABLE_QUERY,
        responses=wire.TablePageSerializer,
    )
    def get(self, request: Request, workspace: str, dataset, number: int) -> Response:
        digest = selectors.ready_table(self.version(dataset, number))
        return Response(selectors.table_page(digest, **table_query(request)))


def profile_answer(profile) -> Response:
    """Answer with the statistics, or with the activity that computes them."""
    if profile.result is None:
        return Response(ActivitySerializer(profile.activity).data, status=202)
    return Response({"digest": profile.digest, "computed_at": profile.updated_at, **profile.result})


class ProfileView(VersionScopedView):
    @extend_schema(
        operation_id="getDatasetProfile",
        responses={200: wire.ProfileSerializer, 202: ActivitySerializer},
    )
    def get(self, request: Request, workspace: str, dataset, number: int) -> Response:
        version = self.version(dataset, number)
        profile = services.request_profile(
            actor=self.actor,
            workspace=self.workspace,
            digest=selectors.ready_table(version),
            title=f"{version.dataset.name} version {version.version}",
            subject=("dataset", version.dataset_id, version.dataset.name),
        )
        return profile_answer(profile)


class LineageView(VersionScopedView):
    @extend_schema(operation_id="getDatasetLineage", responses=wire.LineageSerializer)
    def get(self, request: Request, workspace: str, dataset, number: int) -> Response:
        version = self.version(dataset, number)
        return Response(
            wire.LineageSerializer(
                {
                    "used_by": [
                        {
                            "kind": link.target_kind,
                            "id": link.target_id,
                            "name": link.target_name,
                            "role": link.role,
                            "created_at": link.created_at,
                        }
                        for link in activities.used_by("dataset_version", [version.pk])
                    ],
                    "made_by": [
                        {
                            "kind": link.source_kind,
                            "id": link.source_id,
                            "name": link.source_name,
                            "role": link.role,
                            "created_at": link.created_at,
                        }
                        for link in activities.made_by("dataset_version", [version.pk])
                    ],
                }
            ).data
        )


class VersionFilesView(VersionScopedView):
    @extend_schema(operation_id="listDatasetFiles", responses=wire.FileListSerializer)
    def get(self, request: Request, workspace: str, dataset, number: int) -> Response:
        return Response(wire.FileListSerializer(selectors.files_of(self.version(dataset, number))).data)


class DownloadView(VersionScopedView):
    @extend_schema(
        operation_id="downloadDataset",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, workspace: str, dataset, number: int) -> FileResponse:
        version = self.version(dataset, number)
        if version.dataset.kind == DatasetKind.FILE:
            digest, name = selectors.ready_file(version), f"{version.dataset.name}-{version.version}.zip"
        else:
            digest, name = selectors.ready_table(version), f"{version.dataset.name}-{version.version}.parquet"
        if len(version.files) == 1:
            digest, name = version.files[0]["digest"], version.files[0]["name"].rsplit("/", 1)[-1]
        return FileResponse(
            blobs.open_blob(digest), as_attachment=True, filename=name, content_type="application/octet-stream"
        )
