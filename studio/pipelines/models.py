"""Drawings, what was frozen of them, and which results may be used again."""

from django.conf import settings
from django.db import models

from studio.core.models import BaseModel
from studio.core.workspaces.models import Workspace
from studio.experiments.models import Run


class Draft(BaseModel):
    """A drawing that is being edited. ``graph`` is its meaning, ``view`` its looks."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="drafts")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=10_000)
    revision = models.PositiveIntegerField(default=1)
    graph = models.JSONField()
    view = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)


class DraftVersion(BaseModel):
    """A state of a drawing that somebody named, to come back to."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=10_000)
    revision = models.PositiveIntegerField()
    graph = models.JSONField()
    view = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_draft_version_per_number")]
        ordering = ["-number"]


class PipelineRun(models.Model):
    """A submitted drawing, frozen."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="pipeline")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    draft_revision = models.PositiveIntegerField(null=True, blank=True)
    graph = models.JSONField()
    view = models.JSONField(default=dict, blank=True)
    schemas = models.JSONField(default=dict, blank=True)
    plan = models.JSONField()
    continue_on_step_failure = models.BooleanField(default=False)
    # The nodes that were asked for; None means all.
    selection = models.JSONField(null=True, blank=True)
    # The run whose completed steps are kept as they are.
    resumes = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")


class Step(models.Model):
    """One step of a pipeline run; a run of its own."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="step")
    pipeline = models.ForeignKey(PipelineRun, on_delete=models.CASCADE, related_name="steps")
    node = models.CharField(max_length=100)
    order = models.PositiveIntegerField()
    component = models.CharField(max_length=120)
    effect = models.CharField(max_length=20)
    key = models.JSONField(null=True, blank=True)
    key_digest = models.CharField(max_length=64, blank=True, db_index=True)
    reused_from = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pipeline", "node"], name="one_step_per_node")]
        ordering = ["order"]


class StepResult(BaseModel):
    """Which run's outputs stand for a key."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    key_digest = models.CharField(max_length=64)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key_digest"], name="one_result_per_key")]
