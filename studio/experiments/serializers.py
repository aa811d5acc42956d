"""Wire shapes of runs. A pipeline adds its own to them in its app."""

from rest_framework import serializers

from studio.core.activity.serializers import duration_s, wait_reason
from studio.core.activity.statuses import CANCELING, STATUSES
from studio.core.fields import TagsField
from studio.core.workspaces.serializers import UserSerializer
from studio.experiments.models import Run


class ExperimentRefSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ExperimentSerializer(ExperimentRefSerializer):
    run_count = serializers.IntegerField()
    last_run_at = serializers.DateTimeField(allow_null=True)


class RunBaseSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["pipeline", "step", "trial"])
    display_name = serializers.CharField()
    description = serializers.CharField()
    experiment = ExperimentRefSerializer()
    status = serializers.ChoiceField(source="activity.status", choices=STATUSES)
    phase = serializers.CharField(source="activity.phase")
    progress = serializers.FloatField(source="activity.progress", allow_null=True)
    attempt = serializers.IntegerField(source="activity.attempt")
    wait_reason = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(source="activity.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="activity.finished_at", allow_null=True)
    duration_s = serializers.SerializerMethodField()
    actor = UserSerializer(source="activity.actor", allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)
    failure = serializers.JSONField(source="activity.failure", allow_null=True)
    tags = serializers.DictField(child=serializers.CharField())
    metrics = serializers.JSONField(source="summary")
    can_cancel = serializers.SerializerMethodField()
    archived_at = serializers.DateTimeField(allow_null=True)

    def get_wait_reason(self, run: Run) -> str | None:
        return wait_reason(run.activity)

    def get_duration_s(self, run: Run) -> float | None:
        return duration_s(run.activity)

    def get_can_cancel(self, run: Run) -> bool:
        found = run.activity
        return not found.is_finished and found.status != CANCELING and not found.is_reported


class ChildRunSerializer(RunBaseSerializer):
    """A part of a run, such as a trial: what it tried, and what came of it."""

    place = serializers.IntegerField(allow_null=True)
    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True))


class ChildRunPageSerializer(serializers.Serializer):
    results = ChildRunSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class RunUpdateSerializer(serializers.Serializer):
    display_name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    tags = TagsField(required=False)


class OutputSerializer(serializers.Serializer):
    port = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    digest = serializers.CharField(source="blob_id")
    size_bytes = serializers.IntegerField(source="blob.size_bytes")
    rows = serializers.IntegerField(allow_null=True)
    columns = serializers.IntegerField(allow_null=True)
    media_type = serializers.CharField()
    has_document = serializers.SerializerMethodField()

    def get_has_document(self, output) -> bool:
        return output.document is not None


class OutputDetailSerializer(OutputSerializer):
    schema = serializers.JSONField(allow_null=True)
    document = serializers.JSONField(allow_null=True)


class PointSerializer(serializers.Serializer):
    step = serializers.IntegerField(allow_null=True)
    value = serializers.JSONField(allow_null=True)
    at = serializers.CharField()


class SeriesSerializer(serializers.Serializer):
    run = serializers.CharField()
    node = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    count = serializers.IntegerField()
    last = serializers.JSONField(allow_null=True)
    points = PointSerializer(many=True)


class MetricsSerializer(serializers.Serializer):
    series = SeriesSerializer(many=True)
