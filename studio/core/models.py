"""What every app's tables share, and the table of stored blobs."""

from django.db import models

from studio.core.ids import new_id


class BaseModel(models.Model):
    """A row with a time-ordered id and the two times everyone asks for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Blob(models.Model):
    """Bytes kept once under their SHA-256."""

    digest = models.CharField(primary_key=True, max_length=64)
    size_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "core"


class BlobReference(models.Model):
    """Who needs a blob. A blob without a reference is removed after a grace period."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="references")
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    role = models.CharField(max_length=80)

    class Meta:
        app_label = "core"
        constraints = [models.UniqueConstraint(fields=["owner_kind", "owner_id", "role"], name="one_blob_per_role")]
