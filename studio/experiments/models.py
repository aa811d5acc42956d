"""Runs and what they left: outputs, metrics."""

from django.db import models

from studio.core.activity.models import Activity
from studio.core.models import BaseModel, Blob
from studio.core.workspaces.models import Workspace


class Experiment(BaseModel):
    """A named group of runs."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="experiments")
    name = models.CharField(max_length=200)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_experiment_per_name")]


class RunCounter(models.Model):
    """The last run number of a workspace."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True)
    last = models.BigIntegerField(default=0)


class Run(models.Model):
    """An execution. It is its activity: one id in address, log and event."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="runs")
    experiment = models.ForeignKey(Experiment, on_delete=models.PROTECT, related_name="runs")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    display_name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=10_000)
    tags = models.JSONField(default=dict, blank=True)
    # Add only: what the system recorded about the run.
    properties = models.JSONField(default=dict, blank=True)
    # What sets a child apart from its siblings: its parameters, its place among them (from 1), and who told of it
    # (the claim of the parent's attempt; each attempt has children of its own).
    parameters = models.JSONField(default=dict, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    reporter = models.UUIDField(null=True, blank=True)
    # Last value of each metric, of the run and of its children: what lists show and sort by.
    summary = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "number"],
                condition=models.Q(parent=None),
                name="one_run_per_number",
            ),
            models.UniqueConstraint(fields=["parent", "reporter", "place"], name="one_child_per_place"),
        ]
        indexes = [
            models.Index(fields=["workspace", "kind", "-created_at"], name="run_newest"),
        ]

    @property
    def id(self):
        return self.activity_id


class RunOutput(BaseModel):
    """What a run left at one of its ports."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outputs")
    port = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=40)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    media_type = models.CharField(max_length=120)
    rows = models.BigIntegerField(null=True, blank=True)
    columns = models.BigIntegerField(null=True, blank=True)
    schema = models.JSONField(null=True, blank=True)
    document = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "port"], name="one_output_per_port")]


class Series(models.Model):
    """A metric of a run. No foreign key: the run lives in the other database."""

    id = models.BigAutoField(primary_key=True)
    run = models.UUIDField(db_index=True)
    name = models.CharField(max_length=250)
    count = models.BigIntegerField(default=0)
    last_value = models.FloatField(null=True, blank=True)
    # SQLite stores NaN as NULL, so what kind of number it was is kept beside it.
    last_special = models.CharField(max_length=10, blank=True)
    last_step = models.BigIntegerField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="one_series_per_name")]


class Chunk(models.Model):
    """Up to 4,096 points of a series, with what a chart needs to skip them."""

    id = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="chunks")
    first = models.BigIntegerField()
    count = models.IntegerField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    # Little-endian doubles: values, steps, then seconds since 1970.
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "first"], name="one_chunk_per_place")]


class Writer(models.Model):
    """The last batch each writer stored, so that a repeated one is ignored."""

    id = models.BigAutoField(primary_key=True)
    run = models.UUIDField()
    writer = models.CharField(max_length=80)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "writer"], name="one_number_per_writer")]
