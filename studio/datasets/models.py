"""Where data lies, named tables and their immutable versions."""

from django.conf import settings
from django.db import models

from studio.core.activity.models import Activity
from studio.core.models import BaseModel
from studio.core.workspaces.models import Workspace


class Datastore(BaseModel):
    """A place with files. ``prefix`` is its folder in the configured storage."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="datastores")
    name = models.CharField(max_length=63)
    kind = models.CharField(max_length=20, default="folder")
    description = models.CharField(max_length=500, blank=True)
    prefix = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_datastore_per_name"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_default=True),
                name="one_default_datastore",
            ),
        ]


class Upload(BaseModel):
    """A file that arrives in pieces."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    file_name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()

    @property
    def complete(self) -> bool:
        return self.offset == self.size_bytes


class DatasetKind(models.TextChoices):
    TABLE = "table"
    FILE = "file"


class Dataset(BaseModel):
    """A named table, or a file that is kept as it is; its versions hold the data."""

    kind = models.CharField(max_length=10, choices=DatasetKind.choices, default=DatasetKind.TABLE)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=10_000)
    tags = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    source_note = models.CharField(max_length=500, blank=True)
    license = models.CharField(max_length=200, blank=True)
    last_version = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_dataset_per_name")]


class DatasetVersion(BaseModel):
    """One state of a dataset, for ever: the file as it came, and the table made of it (if it is one)."""

    activity = models.OneToOneField(Activity, on_delete=models.PROTECT)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    description = models.TextField(blank=True, max_length=10_000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    source = models.JSONField()
    options = models.JSONField()
    # SHA-256 of the file; of names and digests in order when there are several.
    fingerprint = models.CharField(max_length=64, blank=True)
    # Stated at reading, to notice later that files in a datastore were changed in place.
    files = models.JSONField(default=list, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    rows = models.BigIntegerField(null=True, blank=True)
    columns = models.BigIntegerField(null=True, blank=True)
    schema = models.JSONField(null=True, blank=True)
    table_digest = models.CharField(max_length=64, blank=True)
    # Of a file dataset: the file, or the archive of several.
    file_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "version"], name="one_version_per_number")]


class Profile(BaseModel):
    """Statistics of a table, found by the digest of its bytes."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="one_profile_per_table")]
