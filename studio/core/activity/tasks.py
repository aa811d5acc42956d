from celery import shared_task
from django.utils import timezone

from studio.core.activity import services, sweep


@shared_task(name="activity.sweep")
def run_sweep() -> None:
    sweep.sweep()


@shared_task(name="activity.forget_events")
def forget_events() -> None:
    services.forget_events(now=timezone.now())
