"""The clock. Its schedule is the settings' and its state is nowhere: no file can go stale."""

from celery.beat import Scheduler as MemoryScheduler

__all__ = ["Scheduler"]


class Scheduler(MemoryScheduler):
    """Celery's in-memory scheduler; everything it starts is idempotent."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.install_default_entries(self.schedule)
        self.update_from_dict(self.app.conf.beat_schedule)
