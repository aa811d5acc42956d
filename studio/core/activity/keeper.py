"""The watch in a worker's parent process: heartbeat, cancel, limits.

It is a thread of the parent, because a pool process inside native code may not
give a thread of its own the interpreter for minutes. It holds a lock while it
looks, and forking waits for that lock: a child must never be born with the
database library's own locks held.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import psutil
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from studio.core import errors
from studio.core.activity import lifecycle, services, working
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING

logger = logging.getLogger(__name__)
Hook = Callable[[Activity], None]
_hooks: list[Hook] = []
_looking = threading.Lock()
_finished = threading.Event()
_thread: threading.Thread | None = None


def on_look(hook: Hook) -> None:
    """Have ``hook`` called for each activity at work, at each look."""
    _hooks.append(hook)


def start(*, kills: bool) -> None:
    """Start the watch in this process.

    Parameters
    ----------
    kills : bool
        Whether work runs in pool processes, which the watch may kill. Without
        it (a pool of threads) the task body itself obeys a cancel.
    """
    global _thread
    os.register_at_fork(
        before=_looking.acquire,
        after_in_parent=_looking.release,
        after_in_child=_looking.release,
    )
    _thread = threading.Thread(target=_watch, args=(kills,), name="keeper", daemon=True)
    _thread.start()


def stop() -> None:
    """End the watch."""
    _finished.set()
    if _thread is not None:
        _thread.join(timeout=5)


def _watch(kills: bool) -> None:
    while not _finished.wait(settings.HEARTBEAT_S):
        with _looking:
            try:
                look(kills=kills)
            except Exception:
                # The watch must outlive a database that is away for a moment.
                logger.exception("The keeper could not look; it tries again")
                close_old_connections()


def look(*, kills: bool) -> None:
    """Look once at everything this worker instance holds."""
    alive = []
    for activity in services.at_work(working.holder()):
        if kills and not _lives(activity.holder_pid):
            _give_up(activity)
            continue
        alive.append(activity.pk)
        if kills and activity.status == CANCELING:
            _kill(activity)
            _move(activity, "canceled")
            continue
        if kills and (problem := _over_limit(activity)) is not None:
            _kill(activity)
            _move(activity, "failed", failure=problem.to_problem())
            continue
        for hook in _hooks:
            try:
                hook(activity)
            except Exception:
                logger.exception("Following %s failed; its heartbeat goes on", activity.pk)
    if alive:
        Activity.objects.filter(pk__in=alive, holder=working.holder()).exclude(lease=None).update(
            lease_expires_at=timezone.now() + timedelta(seconds=settings.LEASE_S)
        )


def _lives(pid: int | None) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, TypeError):
        return False


def _give_up(activity: Activity) -> None:
    """Let the sweep have it now instead of at the end of the lease."""
    Activity.objects.filter(pk=activity.pk, lease=activity.lease).update(
        lease_expires_at=timezone.now() - timedelta(seconds=1)
    )


def _kill(activity: Activity) -> None:
    if activity.holder_pid in (None, os.getpid()):
        return
    still = Activity.objects.filter(pk=activity.pk, lease=activity.lease).exists()
    if not still:
        return
    try:
        os.kill(activity.holder_pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself; the last move below is made all the same


def _move(activity: Activity, to: str, **fields) -> None:
    try:
        lifecycle.move(activity.pk, to, lease=activity.lease, **fields)
    except errors.IllegalMove as error:
        logger.info("The work ended first: %s", error)


def _over_limit(activity: Activity) -> errors.LimitExceeded | None:
    elapsed = (timezone.now() - activity.started_at).total_seconds()
    if elapsed > settings.STEP_TIME_LIMIT_S:
        return errors.LimitExceeded(
            f"{activity.title} ran {elapsed:.0f} s; the limit is {settings.STEP_TIME_LIMIT_S:.0f} s "
            "(STUDIO_STEP_TIME_LIMIT_S)."
        )
    try:
        used = psutil.Process(activity.holder_pid).memory_info().rss
    except psutil.NoSuchProcess:
        return None
    if used > settings.STEP_MEMORY_LIMIT_BYTES:
        gib = 1024**3
        return errors.LimitExceeded(
            f"{activity.title} used {used / gib:.1f} GiB of memory; the limit is "
            f"{settings.STEP_MEMORY_LIMIT_BYTES / gib:.1f} GiB (STUDIO_STEP_MEMORY_LIMIT_BYTES). "
            "Select fewer columns or rows before this step."
        )
    return None


def release(*, kills: bool) -> None:
    """Give back what this worker holds, because it was told to stop.

    A pure step goes back to the queue without counting the attempt; a script
    is asked to end and says why.
    """
    _finished.set()
    for activity in services.at_work(working.holder()):
        if not kills:
            problem = errors.Unavailable("The studio was stopped while this ran. Run it again.")
            Activity.objects.filter(pk=activity.pk).update(failure=problem.to_problem())
            _move(activity, CANCELING)
            continue
        _kill(activity)
        if activity.status == CANCELING:
            _move(activity, "canceled")
        else:
            _move(
                activity,
                "queued",
                attempt=max(0, activity.attempt - 1),
                wait_reason="The studio was stopped; it goes on at the next start.",
            )
