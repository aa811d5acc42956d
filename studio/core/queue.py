"""Wake-ups by name. A lost one costs a delay, never work: the sweep sends it again."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue(name: str, *args: Any) -> None:
    """Send a task by name after the commit.

    Parameters
    ----------
    name : str
        Registered task name such as ``"pipelines.advance"``.
    *args : object
        JSON arguments; ids go as text.
    """
    transaction.on_commit(lambda: _publish(name, [str(arg) for arg in args]))


def _publish(name: str, args: list[str]) -> None:
    try:
        current_app.send_task(name, args=args, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  the broker's own exceptions differ by transport
        logger.warning("Could not announce %s%s: %s. The sweep will.", name, tuple(args), error)
