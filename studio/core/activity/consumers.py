"""The WebSocket of a workspace: rings in, rows past the cursor out."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from studio.core.activity import listener, selectors
from studio.core.errors import NotAllowed
from studio.core.workspaces.access import may, membership

NOT_SIGNED_IN, NO_ROLE = 4401, 4403
# A lost ring delays an event at most this long, in seconds.
LOOK_ANYWAY_S = 5.0
_ADMISSION = ("workspaces.member_changed", "workspaces.workspace_changed")


class WorkspaceConsumer(AsyncJsonWebsocketConsumer):
    """Sends every event of one workspace, in order, once."""

    async def connect(self) -> None:
        self.group = None
        self.looking = asyncio.Lock()
        self.again: asyncio.Task | None = None
        await self.accept()
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.close(NOT_SIGNED_IN)
            return
        self.user = user
        self.name = self.scope["url_route"]["kwargs"]["workspace"]
        if not await self._admitted():
            await self.close(NO_ROLE)
            return
        self.group = listener.group(self.workspace_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        listener.watch(self.workspace_id)
        query = parse_qs(self.scope.get("query_string", b"").decode())
        latest = await database_sync_to_async(selectors.last_seq)(self.workspace_id)
        after = query.get("after", [""])[0]
        self.cursor = int(after) if after.isdecimal() else latest
        await self.send_json({"type": "hello", "seq": latest})
        await self._catch_up()
        self.again = asyncio.create_task(self._look_anyway())

    @database_sync_to_async
    def _admitted(self) -> bool:
        try:
            member = membership(self.user, self.name)
        except NotAllowed:
            return False
        self.workspace_id = member.workspace_id
        return may(member.role, "activity.view")

    async def disconnect(self, code: int) -> None:
        if self.again is not None:
            self.again.cancel()
        if self.group is not None:
            listener.unwatch(self.workspace_id)
            await self.channel_layer.group_discard(self.group, self.channel_name)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        """Read a message; what is no JSON says nothing and ends nothing."""
        try:
            return json.loads(text_data)
        except ValueError:
            return None

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "ping":
            await self.send_json({"type": "pong"})

    async def bell_rung(self, message: dict[str, Any]) -> None:
        await self._catch_up()

    async def _look_anyway(self) -> None:
        while True:
            await asyncio.sleep(LOOK_ANYWAY_S)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Send all rows past the cursor; a burst of rings is one read."""
        async with self.looking:
            while True:
                replay = await database_sync_to_async(selectors.events_after)(self.workspace_id, self.cursor)
                if replay.resync:
                    self.cursor = replay.seq
                    await self.send_json({"type": "resync", "seq": replay.seq})
                    return
                if not replay.events:
                    return
                self.cursor = replay.seq
                if any(event["type"] in _ADMISSION for event in replay.events):
                    # Roles changed: whoever lost theirs hears nothing more.
                    if not await self._admitted():
                        await self.close(NO_ROLE)
                        return
                await self.send_json({"type": "events", "events": replay.events})
