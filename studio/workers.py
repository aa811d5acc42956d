"""How worker processes start: libraries loaded before the fork, the keeper in the parent."""

import os

from celery import signals
from celery.utils.log import get_logger

logger = get_logger(__name__)


def _kind() -> str:
    return os.environ.get("STUDIO_WORKER", "")


@signals.worker_init.connect
def load_libraries(**_) -> None:
    """Import what steps use once, before pool processes are forked, and call none of it."""
    from studio.core.activity import working

    working.holder()  # named before the fork, so that children share it
    if _kind() != "steps":
        return
    import duckdb  # noqa: F401
    import lightgbm  # noqa: F401
    import pandas  # noqa: F401
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import scipy.stats  # noqa: F401
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.metrics
    import sklearn.preprocessing  # noqa: F401
    import skops.io  # noqa: F401

    from designer import runtime  # noqa: F401
    from designer.catalog import default_catalog

    default_catalog()


@signals.worker_ready.connect
def start_keeper(**_) -> None:
    """Begin heartbeats once the pool stands."""
    from studio.core.activity import keeper

    if _kind() in ("steps", "scripts"):
        keeper.start(kills=_kind() == "steps")


@signals.worker_shutting_down.connect
def stop_keeper(**_) -> None:
    """Give back what is held when the worker is told to stop."""
    from studio.core.activity import keeper

    if _kind() in ("steps", "scripts"):
        keeper.release(kills=_kind() == "steps")


@signals.worker_process_init.connect
def settle_child(**_) -> None:
    """Make a pool process the first to go when memory runs out."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")
    except OSError as error:
        logger.info("The pool process keeps its place in the memory killer's order: %s", error)


@signals.setup_logging.connect
def keep_our_logging(**_) -> None:
    """Celery must not install its own handlers: Django's settings say how lines look."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
