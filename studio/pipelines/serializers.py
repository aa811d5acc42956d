"""Wire shapes of components, drafts, plans and pipeline runs."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from designer.graph import PipelineGraph
from studio.core.activity.statuses import STATUSES
from studio.core.workspaces.serializers import UserSerializer
from studio.datasets.serializers import DatasetSummarySerializer
from studio.experiments.serializers import OutputSerializer, RunBaseSerializer
from studio.pipelines import selectors
from studio.pipelines.models import Draft, DraftVersion, Step


class PortSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    required = serializers.BooleanField(required=False)
    help = serializers.CharField()


class ChoiceSerializer(serializers.Serializer):
    value = serializers.JSONField()
    title = serializers.CharField()


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Parameter"}})
class RowFieldsField(serializers.JSONField):
    """The parameters that make up a row, of the same shape as those of the form."""


class ParameterSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    default = serializers.JSONField(allow_null=True)
    required = serializers.BooleanField()
    nullable = serializers.BooleanField()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    exclusive_minimum = serializers.BooleanField()
    exclusive_maximum = serializers.BooleanField()
    step = serializers.FloatField(allow_null=True)
    choices = ChoiceSerializer(many=True, allow_null=True)
    shown_when = serializers.DictField(child=serializers.ListField(child=serializers.JSONField()), allow_null=True)
    columns_of = serializers.CharField(allow_null=True)
    language = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)
    placeholder = serializers.CharField(allow_null=True)
    tuned = serializers.CharField(allow_null=True)
    help = serializers.CharField()
    fields = RowFieldsField(allow_null=True)


class ComponentSerializer(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    family = serializers.CharField()
    summary = serializers.CharField()
    description = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    effect = serializers.ChoiceField(choices=["pure", "source", "sink", "user_code"])
    deprecated = serializers.BooleanField()
    inputs = PortSerializer(many=True)
    outputs = PortSerializer(many=True)
    parameters = ParameterSerializer(many=True)


class IssueSerializer(serializers.Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    node = serializers.CharField(allow_null=True)
    port = serializers.CharField(allow_null=True)
    parameter = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    fix = serializers.CharField(allow_null=True)


class LastRunSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUSES)
    finished_at = serializers.DateTimeField(allow_null=True)


class ThumbnailNodeSerializer(serializers.Serializer):
    x = serializers.FloatField()
    y = serializers.FloatField()
    status = serializers.CharField(allow_null=True)


class ThumbnailSerializer(serializers.Serializer):
    nodes = ThumbnailNodeSerializer(many=True)
    edges = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class SampleSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    node_count = serializers.IntegerField()
    datasets = serializers.ListField(child=serializers.CharField())
    thumbnail = ThumbnailSerializer()


class DraftSummarySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    updated_by = UserSerializer(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    node_count = serializers.SerializerMethodField()
    last_run = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    def get_node_count(self, draft: Draft) -> int:
        return len(draft.graph.get("nodes", []))

    @extend_schema_field(LastRunSerializer(allow_null=True))
    def get_last_run(self, draft: Draft) -> dict | None:
        found = selectors.last_run(draft)
        return LastRunSerializer(found).data if found else None

    @extend_schema_field(ThumbnailSerializer)
    def get_thumbnail(self, draft: Draft) -> dict:
        return selectors.thumbnail(draft.graph, draft.view)


class DraftPageSerializer(serializers.Serializer):
    results = DraftSummarySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class DraftSerializer(DraftSummarySerializer):
    graph = serializers.JSONField()
    view = serializers.JSONField()
    issues = serializers.SerializerMethodField()
    schemas = serializers.SerializerMethodField()

    def to_representation(self, draft: Draft) -> dict:
        # One validation feeds both fields.
        self._checked = selectors.validate_graph(draft.workspace, PipelineGraph.parse(draft.graph))
        return super().to_representation(draft)

    @extend_schema_field(IssueSerializer(many=True))
    def get_issues(self, draft: Draft) -> list:
        return [issue.to_json() for issue in self._checked.issues]

    @extend_schema_field(serializers.DictField())
    def get_schemas(self, draft: Draft) -> dict:
        return selectors.seen_schemas(draft, self._checked)


class DraftCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    graph = serializers.JSONField(required=False, allow_null=True, default=None)
    view = serializers.JSONField(required=False, allow_null=True, default=None)
    sample = serializers.CharField(max_length=100, required=False, allow_null=True, default=None)


class DraftUpdateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=10_000, allow_blank=True, required=False)


class DraftSaveSerializer(serializers.Serializer):
    graph = serializers.JSONField()
    view = serializers.JSONField()


class DraftNameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DraftVersionCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200, allow_blank=True, default="")
    note = serializers.CharField(max_length=10_000, allow_blank=True, default="")


class DraftVersionSummarySerializer(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    note = serializers.CharField()
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = UserSerializer(allow_null=True)
    node_count = serializers.SerializerMethodField()

    def get_node_count(self, version: DraftVersion) -> int:
        return len(version.graph.get("nodes", []))


class DraftVersionSerializer(DraftVersionSummarySerializer):
    graph = serializers.JSONField()
    view = serializers.JSONField()


class DifferenceSerializer(serializers.Serializer):
    field = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class ReasonSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["reused", "resumed", "first_run", "changed", "not_cacheable", "upstream"])
    text = serializers.CharField()
    differences = DifferenceSerializer(many=True)


class PlanDonorSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()


class PlannedStepSerializer(serializers.Serializer):
    node = serializers.CharField()
    component = serializers.CharField()
    title = serializers.CharField()
    decision = serializers.ChoiceField(choices=["reuse", "run"])
    reused_from = PlanDonorSerializer(allow_null=True)
    reason = ReasonSerializer()
    expected_s = serializers.FloatField(allow_null=True)


class PlanSerializer(serializers.Serializer):
    steps = PlannedStepSerializer(many=True)
    reuse = serializers.IntegerField()
    run = serializers.IntegerField()
    expected_s = serializers.FloatField(allow_null=True)
    digest = serializers.CharField()


class RunCreateSerializer(serializers.Serializer):
    display_name = serializers.CharField(max_length=200, allow_blank=True, default="")
    experiment = serializers.CharField(max_length=200, allow_blank=True, default="")
    continue_on_step_failure = serializers.BooleanField(allow_null=True, default=None)
    selection = serializers.ListField(
        child=serializers.CharField(max_length=100), allow_null=True, default=None, max_length=5000
    )
    plan_digest = serializers.CharField(max_length=64, allow_null=True, default=None)


class StepCountsSerializer(serializers.Serializer):
    total = serializers.IntegerField(source="steps_total")
    completed = serializers.IntegerField(source="steps_completed")
    failed = serializers.IntegerField(source="steps_failed")
    reused = serializers.IntegerField(source="steps_reused")
    running = serializers.IntegerField(source="steps_running")
    canceled = serializers.IntegerField(source="steps_canceled")
    skipped = serializers.IntegerField(source="steps_skipped")


class DraftRefSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)


class RunSerializer(RunBaseSerializer):
    steps = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()
    continue_on_step_failure = serializers.SerializerMethodField()
    selection = serializers.SerializerMethodField()
    resumes = serializers.SerializerMethodField()

    @extend_schema_field(StepCountsSerializer(allow_null=True))
    def get_steps(self, run) -> dict | None:
        return StepCountsSerializer(run).data if run.kind == "pipeline" else None

    @extend_schema_field(DraftRefSerializer(allow_null=True))
    def get_draft(self, run) -> dict | None:
        pipeline = getattr(run, "pipeline", None)
        if pipeline is None or pipeline.draft is None:
            return None
        return {
            "id": str(pipeline.draft_id),
            "name": pipeline.draft.name,
            "revision": pipeline.draft_revision,
        }

    def get_continue_on_step_failure(self, run) -> bool:
        pipeline = getattr(run, "pipeline", None)
        return bool(pipeline and pipeline.continue_on_step_failure)

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_selection(self, run) -> list[str] | None:
        pipeline = getattr(run, "pipeline", None)
        return pipeline.selection if pipeline else None

    @extend_schema_field(PlanDonorSerializer(allow_null=True))
    def get_resumes(self, run) -> dict | None:
        if "resumes" not in run.properties:
            return None
        return {"id": run.properties["resumes"], "number": run.properties["resumes_number"]}


class RunPageSerializer(serializers.Serializer):
    results = RunSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class ReusedFromSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    run = serializers.UUIDField()
    number = serializers.IntegerField()


class StepInputSerializer(serializers.Serializer):
    port = serializers.CharField()
    source_node = serializers.CharField()
    source_port = serializers.CharField()


class StepSerializer(RunBaseSerializer):
    """A step run; takes the Step, and in the context what feeds each."""

    def to_representation(self, step: Step) -> dict:
        data = super().to_representation(step.run)
        donor = step.reused_from
        return {
            **data,
            "node": step.node,
            "component": step.component,
            "title": step.run.display_name,
            "reused_from": (
                {"id": str(donor.pk), "run": str(donor.parent_id), "number": donor.number} if donor else None
            ),
            "reason": step.reason,
            "outputs": OutputSerializer(step.run.outputs.all(), many=True).data,
            "inputs": self.context["feeds"].get(step.node, []),
        }


class StepWireSerializer(RunBaseSerializer):
    """The shape of a step, for the schema."""

    node = serializers.CharField()
    component = serializers.CharField()
    title = serializers.CharField()
    reused_from = ReusedFromSerializer(allow_null=True)
    reason = ReasonSerializer(allow_null=True)
    outputs = OutputSerializer(many=True)
    inputs = StepInputSerializer(many=True)

    class Meta:
        ref_name = "Step"


class RunGraphSerializer(serializers.Serializer):
    graph = serializers.JSONField()
    view = serializers.JSONField()
    schemas = serializers.JSONField()


class WeekSerializer(serializers.Serializer):
    week = serializers.DateField()
    count = serializers.IntegerField()


class CountsSerializer(serializers.Serializer):
    datasets = serializers.IntegerField()
    drafts = serializers.IntegerField()
    runs = serializers.IntegerField()
    running = serializers.IntegerField()


class GettingStartedSerializer(serializers.Serializer):
    dismissed = serializers.BooleanField()
    uploaded_dataset = serializers.BooleanField()
    drew_pipeline = serializers.BooleanField()
    ran_pipeline = serializers.BooleanField()


class HomeSerializer(serializers.Serializer):
    recent_runs = RunSerializer(many=True)
    running = RunSerializer(many=True)
    failed = RunSerializer(many=True)
    drafts = DraftSummarySerializer(many=True)
    datasets = DatasetSummarySerializer(many=True)
    counts = CountsSerializer()
    runs_per_week = WeekSerializer(many=True)
    storage_bytes = serializers.IntegerField()
    getting_started = GettingStartedSerializer()


class FoundSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    hint = serializers.CharField()
