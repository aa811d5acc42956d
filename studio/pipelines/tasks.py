import uuid

from celery import shared_task

from studio.pipelines import orchestration, running


@shared_task(name="pipelines.advance")
def advance(run_id: str) -> None:
    orchestration.advance(uuid.UUID(run_id))


@shared_task(name="pipelines.tick")
def tick() -> None:
    orchestration.advance_all()


@shared_task(name="pipelines.run_step")
def run_step(activity_id: str) -> None:
    running.run_steps(activity_id)


@shared_task(name="pipelines.run_user_step")
def run_user_step(activity_id: str) -> None:
    running.run_user_step(activity_id)


@shared_task(name="pipelines.sweep_folders")
def sweep_folders() -> None:
    running.sweep_folders()
