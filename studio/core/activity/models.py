"""Everything that takes time, everything that changed, and what came from what."""

from django.conf import settings
from django.db import models

from studio.core.activity.statuses import AT_WORK, CHAIN, STATUSES, TERMINAL
from studio.core.ids import new_id
from studio.core.models import BaseModel
from studio.core.workspaces.models import Workspace


class Activity(BaseModel):
    """A long operation. ``status`` is assigned only in ``lifecycle.py``."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    subject_name = models.CharField(max_length=300, blank=True)
    # What a listener needs to place an event, such as the node of a step.
    context = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=20, choices=[(s, s) for s in STATUSES], default=CHAIN[0])
    phase = models.CharField(max_length=300, blank=True)
    progress = models.FloatField(null=True, blank=True)
    wait_reason = models.CharField(max_length=300, blank=True)
    failure = models.JSONField(null=True, blank=True)

    # How the work is announced to workers; blank when nobody claims it (a pipeline run).
    task = models.CharField(max_length=80, blank=True)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    lease = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=120, blank=True)
    holder_pid = models.IntegerField(null=True, blank=True)

    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Where the log lies while work goes on (below the data folder), and its blob afterwards.
    log_path = models.CharField(max_length=300, blank=True)
    log_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="status_is_known"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="activity_newest"),
            models.Index(
                fields=["status"],
                condition=~models.Q(status__in=sorted(TERMINAL)),
                name="activity_unfinished",
            ),
            models.Index(fields=["parent"], name="activity_parent"),
            models.Index(fields=["subject_kind", "subject_id"], name="activity_subject"),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status in TERMINAL

    @property
    def is_reported(self) -> bool:
        """Whether its parent's worker does it and tells of it: nobody else claims it, and it ends with that attempt."""
        return self.parent_id is not None and not self.task

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK


class EventCounter(models.Model):
    """The last event number of a workspace; the order of numbers is the order of commits."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True)
    seq = models.BigIntegerField(default=0)


class Event(models.Model):
    """Something that changed, told to everyone in the workspace."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    payload = models.JSONField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "seq"], name="one_event_per_number")]


class Link(BaseModel):
    """Lineage: a source played a role for a target."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    role = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=40)
    target_id = models.UUIDField()
    target_name = models.CharField(max_length=300, blank=True)
    source_name = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "role", "target_kind", "target_id"],
                name="one_link_per_role",
            )
        ]
        indexes = [models.Index(fields=["target_kind", "target_id"], name="link_target")]
