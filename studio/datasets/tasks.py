from celery import shared_task

from studio.core.activity.working import working
from studio.datasets import preparing, uploads


@shared_task(name="datasets.prepare_version")
def prepare_version(activity_id: str) -> None:
    working(activity_id, preparing.prepare_version)


@shared_task(name="datasets.make_profile")
def make_profile(activity_id: str) -> None:
    working(activity_id, preparing.make_profile)


@shared_task(name="datasets.sweep_uploads")
def sweep_uploads() -> None:
    uploads.sweep()
