"""Wire shapes of a comparison of runs."""

from rest_framework import serializers

from studio.core.activity.statuses import STATUSES
from studio.pipelines.serializers import DifferenceSerializer, ReusedFromSerializer, RunSerializer


class ComparedOutputSerializer(serializers.Serializer):
    port = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    digest = serializers.CharField()
    size_bytes = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    columns = serializers.IntegerField(allow_null=True)
    has_document = serializers.BooleanField()
    schema = serializers.IntegerField(allow_null=True, help_text="Place in the comparison's schemas.")


class ComparedCellSerializer(serializers.Serializer):
    run = serializers.UUIDField()
    id = serializers.UUIDField(allow_null=True, help_text="The step's own run; null where the node was not run.")
    node = serializers.CharField()
    title = serializers.CharField()
    component = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    duration_s = serializers.FloatField(allow_null=True)
    reused_from = ReusedFromSerializer(allow_null=True)
    metrics = serializers.JSONField()
    outputs = ComparedOutputSerializer(many=True)


class ComparedStepSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    component = serializers.CharField()
    cells = ComparedCellSerializer(many=True)


class ComparedValueSerializer(serializers.Serializer):
    run = serializers.UUIDField()
    value = serializers.JSONField(allow_null=True)


class ComparedParameterSerializer(serializers.Serializer):
    step = serializers.CharField()
    step_title = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    differs = serializers.BooleanField()
    values = ComparedValueSerializer(many=True)


class FieldChangeSerializer(DifferenceSerializer):
    title = serializers.CharField()


class MetricChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class OutputChangeSerializer(serializers.Serializer):
    port = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    rows_old = serializers.IntegerField(allow_null=True)
    rows_new = serializers.IntegerField(allow_null=True)
    columns_old = serializers.IntegerField(allow_null=True)
    columns_new = serializers.IntegerField(allow_null=True)


class ConsequencesSerializer(serializers.Serializer):
    status_old = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    status_new = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    metrics = MetricChangeSerializer(many=True)
    outputs = OutputChangeSerializer(many=True)


class NodeDifferenceSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    component = serializers.CharField()
    state = serializers.ChoiceField(choices=["added", "removed", "changed", "same"])
    only_words = serializers.BooleanField(help_text="Only title or comment changed, which change no result.")
    fields = FieldChangeSerializer(many=True)
    consequences = ConsequencesSerializer()


class EdgeDifferenceSerializer(serializers.Serializer):
    source = serializers.CharField()
    source_port = serializers.CharField()
    target = serializers.CharField()
    target_port = serializers.CharField()


class GraphDifferenceSerializer(serializers.Serializer):
    run = serializers.UUIDField()
    matched_by = serializers.ChoiceField(choices=["id", "component_and_title"])
    same = serializers.BooleanField()
    nodes = NodeDifferenceSerializer(many=True)
    edges_added = EdgeDifferenceSerializer(many=True)
    edges_removed = EdgeDifferenceSerializer(many=True)
    settings = DifferenceSerializer(many=True)
    metrics = MetricChangeSerializer(many=True)


class ComparedColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    dtype = serializers.CharField()
    role = serializers.CharField(allow_null=True)
    categorical = serializers.BooleanField()


class ComparisonSerializer(serializers.Serializer):
    baseline = serializers.UUIDField()
    limit = serializers.IntegerField()
    runs = RunSerializer(many=True)
    steps = ComparedStepSerializer(many=True)
    parameters = ComparedParameterSerializer(many=True)
    differences = GraphDifferenceSerializer(many=True)
    schemas = serializers.ListField(child=ComparedColumnSerializer(many=True))
