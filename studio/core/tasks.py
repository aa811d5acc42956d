from celery import shared_task

from studio.core import blobs


@shared_task(name="core.sweep_blobs")
def sweep_blobs() -> None:
    blobs.sweep()
