"""Wire shapes of activities and events."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.core.activity import events
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING, STATUSES
from studio.core.workspaces.serializers import UserSerializer


class SubjectSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.CharField()
    name = serializers.CharField()


class ActivitySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    phase = serializers.CharField()
    progress = serializers.FloatField(allow_null=True)
    wait_reason = serializers.SerializerMethodField()
    attempt = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration_s = serializers.SerializerMethodField()
    actor = UserSerializer(allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)
    subject = serializers.SerializerMethodField()
    failure = serializers.JSONField(allow_null=True)
    can_cancel = serializers.SerializerMethodField()
    has_log = serializers.SerializerMethodField()

    def get_wait_reason(self, activity: Activity) -> str | None:
        return wait_reason(activity)

    def get_duration_s(self, activity: Activity) -> float | None:
        return duration_s(activity)

    @extend_schema_field(SubjectSerializer(allow_null=True))
    def get_subject(self, activity: Activity) -> dict | None:
        return events.subject(activity)

    def get_can_cancel(self, activity: Activity) -> bool:
        return not activity.is_finished and activity.status != CANCELING and not activity.is_reported

    def get_has_log(self, activity: Activity) -> bool:
        return bool(activity.log_digest or activity.log_path)


def duration_s(activity: Activity) -> float | None:
    """Return seconds from start to end, or to now while it goes on."""
    if activity.started_at is None:
        return None
    end = activity.finished_at or timezone.now()
    return round(max(0.0, (end - activity.started_at).total_seconds()), 3)


def wait_reason(activity: Activity) -> str | None:
    """Say why an activity does not go on; None when it does."""
    if activity.wait_reason:
        return activity.wait_reason
    if activity.status == "queued" and activity.task:
        return "Waiting for a free worker."
    return None


class ActivityPageSerializer(serializers.Serializer):
    results = ActivitySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class UnreadSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    results = ActivitySerializer(many=True)


class ReadMarkSerializer(serializers.Serializer):
    up_to = serializers.DateTimeField(required=False, allow_null=True, default=None)


class EventSerializer(serializers.Serializer):
    seq = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.CharField()
    payload = serializers.JSONField()


class ReplaySerializer(serializers.Serializer):
    events = EventSerializer(many=True)
    seq = serializers.IntegerField()
    resync = serializers.BooleanField()


class LogErrorSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    text = serializers.CharField()


class LogPageSerializer(serializers.Serializer):
    text = serializers.CharField()
    offset = serializers.IntegerField()
    next_offset = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    complete = serializers.BooleanField()
    first_error = LogErrorSerializer(allow_null=True)


class LinkSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()
