"""The frame around every task body: claim, work, last move."""

import logging
import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING

logger = logging.getLogger(__name__)
_holder = ""


def holder() -> str:
    """Return the name of this worker instance; forked children share their parent's."""
    global _holder
    if not _holder:
        _holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    return _holder


class Canceled(Exception):
    """The work was asked to stop, and did."""


class ClaimLost(Exception):
    """Somebody else decided about the activity meanwhile; the result is dropped."""


@dataclass
class Work:
    """A claimed activity, as its task body sees it."""

    activity: Activity
    lease: uuid.UUID

    def move(self, to: str, **fields: Any) -> None:
        """Move on, or learn that the claim was lost (raises ClaimLost)."""
        try:
            lifecycle.move(self.activity.pk, to, lease=self.lease, known=self.activity, **fields)
        except errors.IllegalMove as error:
            raise ClaimLost(str(error)) from error

    def state(self) -> tuple[str, bool]:
        """Return the stored status, and whether the claim still holds."""
        row = Activity.objects.filter(pk=self.activity.pk).values_list("status", "lease").first()
        if row is None:
            return "canceled", False
        return row[0], row[1] == self.lease

    def should_stop(self) -> bool:
        """Say whether somebody asked it to stop, or took the claim away."""
        status, mine = self.state()
        return status == CANCELING or not mine


def working(activity_id: str, body: Callable[[Work], None]) -> bool:
    """Claim an activity, run the body, make the last move.

    Parameters
    ----------
    activity_id : str
        Which.
    body : callable
        As for :func:`work_on`.

    Returns
    -------
    bool
        Whether this call did the work: False when another worker had it.
    """
    activity = claim(activity_id)
    if activity is None:
        return False
    work_on(activity, body)
    return True


def claim(activity_id: str, **more: Any) -> Activity | None:
    """Claim an activity for this process; ``more`` as for ``lifecycle.claim``."""
    return lifecycle.claim(uuid.UUID(str(activity_id)), holder=holder(), pid=os.getpid(), **more)


def work_on(activity: Activity, body: Callable[[Work], None]) -> None:
    """Run the body of a claimed activity, and make the last move.

    Parameters
    ----------
    activity : Activity
        As :func:`claim` returned it.
    body : callable
        Does the work. It ends the activity itself (``work.move("completed")``),
        or raises: a StudioError becomes the failure, anything else a failure
        of the platform, ``Canceled`` the canceled state.
    """
    work = Work(activity, activity.lease)
    try:
        body(work)
    except ClaimLost as error:
        logger.info("Dropped a result: %s", error)
    except Canceled:
        _end(work, "canceled")
    except errors.StudioError as error:
        _end(work, "failed", failure=error.to_problem())
    except Exception as error:
        logger.exception("%s failed inside the studio", activity.title)
        _end(work, "failed", failure=as_problem(error))


def as_problem(error: BaseException) -> dict[str, Any]:
    """Return the problem document of a failure nobody foresaw."""
    if (problem := errors.from_disk(error)) is not None:
        return problem.to_problem()
    return errors.StudioError(f"{type(error).__name__}: {error}"[:2000] or "No message.").to_problem()


def _end(work: Work, to: str, **fields: Any) -> None:
    try:
        work.move(to, **fields)
    except ClaimLost as error:
        logger.info("Dropped an ending: %s", error)
