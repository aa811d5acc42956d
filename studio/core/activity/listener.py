"""One ear per web process: rings from Valkey, forwarded to the process's sockets."""

import asyncio
import collections
import logging
import uuid

import redis.asyncio as redis
from channels.layers import get_channel_layer
from django.conf import settings
from redis.exceptions import RedisError

from studio.core.activity.bell import CHANNEL

logger = logging.getLogger(__name__)
COALESCE_S = 0.02
_watched: collections.Counter[str] = collections.Counter()
_task: asyncio.Task | None = None


def group(workspace: uuid.UUID) -> str:
    """Return the channel layer's group of a workspace."""
    return f"workspace.{workspace}"


def watch(workspace: uuid.UUID) -> None:
    """Forward this workspace's rings as long as somebody watches."""
    global _task
    _watched[str(workspace)] += 1
    if _task is None or _task.done() or _task.get_loop() is not asyncio.get_running_loop():
        _task = asyncio.get_running_loop().create_task(_listen())


def unwatch(workspace: uuid.UUID) -> None:
    """One watcher less."""
    _watched[str(workspace)] -= 1
    if _watched[str(workspace)] <= 0:
        del _watched[str(workspace)]


async def _listen() -> None:
    wait = 0.5
    while True:
        try:
            client = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=None)
            async with client, client.pubsub() as pubsub:
                await pubsub.subscribe(CHANNEL)
                wait = 0.5
                await _forward(pubsub)
        except (RedisError, OSError) as error:
            # Sockets look by themselves meanwhile.
            logger.warning("The bell is silent (%s); listening again in %.1f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)


async def _forward(pubsub) -> None:
    layer = get_channel_layer()
    rung: set[str] = set()
    while True:
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=COALESCE_S if rung else 30.0)
        if message is not None:
            workspace = message["data"].decode()
            if workspace in _watched:
                rung.add(workspace)
                continue
        elif rung:
            for workspace in rung:
                await layer.group_send(f"workspace.{workspace}", {"type": "bell.rung"})
            rung.clear()
