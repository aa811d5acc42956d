"""Wire shapes of datasets, uploads and datastores."""

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.core.activity.serializers import ActivitySerializer, LinkSerializer
from studio.core.activity.statuses import STATUSES
from studio.core.fields import TagsField
from studio.core.workspaces.serializers import UserSerializer
from studio.datasets import selectors
from studio.datasets.models import DatasetKind, DatasetVersion
from studio.datasets.options import DTYPES, FORMATS, ParseOptions


class DatastoreSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.CharField()
    is_default = serializers.BooleanField()
    description = serializers.CharField()


class TreeEntrySerializer(serializers.Serializer):
    name = serializers.CharField()
    path = serializers.CharField()
    kind = serializers.ChoiceField(choices=["folder", "file"])
    size_bytes = serializers.IntegerField(allow_null=True)
    modified_at = serializers.DateTimeField(allow_null=True)


class TreeSerializer(serializers.Serializer):
    path = serializers.CharField()
    entries = TreeEntrySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class DatastoreFileCreateSerializer(serializers.Serializer):
    upload = serializers.UUIDField()
    path = serializers.CharField(max_length=1000)


class UploadSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    file_name = serializers.CharField()
    size_bytes = serializers.IntegerField()
    offset = serializers.IntegerField()
    chunk_size_bytes = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField()
    complete = serializers.BooleanField()

    def get_chunk_size_bytes(self, upload) -> int:
        return settings.UPLOAD_CHUNK_BYTES


class UploadCreateSerializer(serializers.Serializer):
    file_name = serializers.CharField(max_length=10_000)
    size_bytes = serializers.IntegerField(min_value=0, max_value=2**53)


def one_character(text: str) -> str:
    if len(text) != 1 or text in "\r\n":
        raise serializers.ValidationError("Use one character.")
    return text


class ParseOptionsSerializer(serializers.Serializer):
    format = serializers.ChoiceField(choices=FORMATS, default="csv")
    delimiter = serializers.CharField(default=",", trim_whitespace=False, validators=[one_character])
    quote = serializers.CharField(default='"', allow_blank=True, max_length=1, trim_whitespace=False)
    header = serializers.BooleanField(default=True)
    encoding = serializers.CharField(default="utf-8", max_length=40)
    skip_rows = serializers.IntegerField(default=0, min_value=0, max_value=1_000_000)
    missing_values = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=100, trim_whitespace=False),
        default=lambda: list(ParseOptions().missing_values),
        max_length=50,
    )
    column_types = serializers.DictField(child=serializers.ChoiceField(choices=DTYPES), default=dict)
    decimal = serializers.ChoiceField(choices=[".", ","], default=".")
    sheet = serializers.CharField(default="", allow_blank=True, max_length=300, trim_whitespace=False)

    def validate_encoding(self, value: str) -> str:
        try:
            "a".encode(value)  # refuses codecs that make no text, such as hex
        except (LookupError, UnicodeError):
            raise serializers.ValidationError(f"There is no encoding {value!r}.") from None
        return value


class SourceMixin(serializers.Serializer):
    """Where data comes from: an upload, or a path or glob in a datastore."""

    upload = serializers.UUIDField(required=False)
    datastore = serializers.CharField(required=False, max_length=63)
    path = serializers.CharField(required=False, max_length=1000)

    def validate(self, data: dict) -> dict:
        if ("upload" in data) == ("datastore" in data and "path" in data):
            raise serializers.ValidationError("Give either upload, or datastore and path.")
        return data


class SourceSerializer(SourceMixin):
    pass


class ParsePreviewCreateSerializer(SourceMixin):
    options = ParseOptionsSerializer(required=False, allow_null=True, default=None)


class ReadIssueSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()
    line = serializers.IntegerField(required=False)
    column = serializers.CharField(required=False)


class FoundColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    dtype = serializers.CharField()
    original_name = serializers.CharField()


class ParsePreviewSerializer(serializers.Serializer):
    options = ParseOptionsSerializer()
    columns = FoundColumnSerializer(many=True)
    rows = serializers.JSONField()
    row_estimate = serializers.IntegerField(allow_null=True)
    sheets = serializers.ListField(child=serializers.CharField())
    issues = ReadIssueSerializer(many=True)


class DatasetRefSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=DatasetKind.choices)


class FileEntrySerializer(serializers.Serializer):
    name = serializers.CharField()
    size_bytes = serializers.IntegerField()


class FileListSerializer(serializers.Serializer):
    entries = FileEntrySerializer(many=True)
    count = serializers.IntegerField()
    is_archive = serializers.BooleanField()


class DriftSerializer(serializers.Serializer):
    expected = serializers.CharField()
    found = serializers.CharField()


class DatasetVersionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    dataset = DatasetRefSerializer()
    version = serializers.IntegerField()
    description = serializers.CharField()
    status = serializers.ChoiceField(source="activity.status", choices=STATUSES)
    activity = ActivitySerializer()
    fingerprint = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    columns = serializers.IntegerField(allow_null=True)
    size_bytes = serializers.IntegerField(allow_null=True)
    schema = serializers.JSONField(allow_null=True)
    table_digest = serializers.CharField()
    source = serializers.JSONField()
    options = serializers.JSONField()
    created_at = serializers.DateTimeField()
    created_by = UserSerializer(allow_null=True)


class DatasetVersionDetailSerializer(DatasetVersionSerializer):
    drifted = serializers.SerializerMethodField()

    @extend_schema_field(DriftSerializer(allow_null=True))
    def get_drifted(self, version: DatasetVersion) -> dict | None:
        drift = selectors.drift(version)
        return DriftSerializer(drift).data if drift else None


class DatasetSummarySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=DatasetKind.choices)
    description = serializers.CharField()
    tags = serializers.DictField(child=serializers.CharField())
    latest_version = serializers.IntegerField(source="last_version")
    rows = serializers.IntegerField(allow_null=True)
    columns = serializers.IntegerField(allow_null=True)
    size_bytes = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    created_by = UserSerializer(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    source_note = serializers.CharField()
    license = serializers.CharField()


class DatasetPageSerializer(serializers.Serializer):
    results = DatasetSummarySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class DatasetSerializer(DatasetSummarySerializer):
    versions = serializers.SerializerMethodField()

    @extend_schema_field(DatasetVersionSerializer(many=True))
    def get_versions(self, dataset) -> list:
        return DatasetVersionSerializer(selectors.versions(dataset), many=True).data


class DatasetCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=DatasetKind.choices, default=DatasetKind.TABLE)
    description = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    tags = TagsField(required=False, default=dict)
    source = SourceSerializer()
    options = ParseOptionsSerializer(required=False, allow_null=True, default=None)


class DatasetUpdateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    tags = TagsField(required=False)


class VersionCreateSerializer(serializers.Serializer):
    source = SourceSerializer()
    options = ParseOptionsSerializer(required=False, allow_null=True, default=None)
    description = serializers.CharField(max_length=10_000, allow_blank=True, default="")


class TableColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    dtype = serializers.CharField()
    role = serializers.CharField(allow_null=True)


class TablePageSerializer(serializers.Serializer):
    columns = TableColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField(allow_null=True)))
    offset = serializers.IntegerField()
    total_rows = serializers.IntegerField()
    total_columns = serializers.IntegerField()


class HistogramSerializer(serializers.Serializer):
    edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())


class TopValueSerializer(serializers.Serializer):
    value = serializers.JSONField()
    count = serializers.IntegerField()


class ColumnProfileSerializer(serializers.Serializer):
    name = serializers.CharField()
    dtype = serializers.CharField()
    count = serializers.IntegerField()
    missing = serializers.IntegerField()
    unique = serializers.IntegerField()
    unique_is_estimate = serializers.BooleanField()
    min = serializers.JSONField(allow_null=True)
    max = serializers.JSONField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    sd = serializers.FloatField(allow_null=True)
    quartiles = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    histogram = HistogramSerializer(allow_null=True)
    top = TopValueSerializer(many=True)
    not_finite = serializers.IntegerField()
    notes = serializers.ListField(child=serializers.CharField())


class ProfileSerializer(serializers.Serializer):
    digest = serializers.CharField()
    row_count = serializers.IntegerField()
    column_count = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    columns = ColumnProfileSerializer(many=True)


class LineageSerializer(serializers.Serializer):
    used_by = LinkSerializer(many=True)
    made_by = LinkSerializer(many=True)
