"""The doorbell: a word on Valkey that a workspace has new events. It carries no data."""

import logging
import uuid

import redis
from django.conf import settings

logger = logging.getLogger(__name__)
CHANNEL = "studio:bell"
_client: redis.Redis | None = None


def client() -> redis.Redis:
    """Return this process's connection pool to Valkey."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=2, socket_connect_timeout=2)
    return _client


def ring(workspace: uuid.UUID) -> None:
    """Say that a workspace has new events; readers fetch them from the table."""
    try:
        client().publish(CHANNEL, str(workspace))
    except redis.RedisError as error:
        # Readers also look by themselves every few seconds, so a lost ring delays, never loses.
        logger.warning("Could not ring for %s: %s", workspace, error)
