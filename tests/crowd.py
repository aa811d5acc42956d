"""Many listeners on one workspace, and many people who submit at once."""

import asyncio
import http.cookiejar
import json
import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_now

from tests.stack import Answer, Space, wait_for


class Browser:
    """Signs in through a link, as a person does, and opens sockets with that cookie."""

    def __init__(self, stack, username: str | None) -> None:
        self.stack, self.jar = stack, http.cookiejar.CookieJar()
        if username is not None:
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
            link = urllib.parse.urlsplit(stack.login_link(username))
            with opener.open(stack.url + link.path):
                pass
            assert "studio_session" in {cookie.name for cookie in self.jar}

    def socket(self, space: str, after: int | str | None = None, origin: str | None = None):
        query = "" if after is None else f"?after={after}"
        return connect_now(
            f"{self.stack.url.replace('http', 'ws')}/ws/workspaces/{space}{query}",
            origin=origin or self.stack.url,
            additional_headers={"Cookie": "; ".join(f"{c.name}={c.value}" for c in self.jar)},
            max_size=None,
        )


class Crowd:
    """Sockets on one workspace, each of which notes the numbers of the events that it hears.

    Parameters
    ----------
    browser : Browser
        Whose sign-in they use.
    space : Space
        What they listen to.
    count : int
        How many.
    """

    def __init__(self, browser: Browser, space: Space, count: int) -> None:
        self.start = space.get("events?after=0&limit=1000")["seq"]
        self.heard: list[list[int]] = [[] for _ in range(count)]
        self.refused: list[str] = []
        self._hello = 0
        self._over = threading.Event()
        self._address = f"{space.stack.url.replace('http', 'ws')}/ws/workspaces/{space.name}?after={self.start}"
        self._origin = space.stack.url
        self._cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.jar)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        wait_for(lambda: (self._hello, self.refused), lambda seen: seen[0] == len(self.heard) or seen[1], 60)
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def complete(self, until: int) -> int:
        """Return how many heard every event from the start until this one, in order and once."""
        wanted = list(range(self.start + 1, until + 1))
        return sum(heard[: len(wanted)] == wanted for heard in list(self.heard))

    async def _listen(self) -> None:
        async with asyncio.TaskGroup() as group:
            for heard in self.heard:
                group.create_task(self._one(heard))

    async def _one(self, heard: list[int]) -> None:
        try:
            async with connect(
                self._address, origin=self._origin, additional_headers={"Cookie": self._cookie}, max_size=None
            ) as socket:
                while not self._over.is_set():
                    try:
                        message = json.loads(await asyncio.wait_for(socket.recv(), 1))
                    except TimeoutError:
                        continue
                    if message["type"] == "hello":
                        self._hello += 1
                    elif message["type"] == "events":
                        heard += [event["seq"] for event in message["events"]]
        except Exception as error:
            self.refused.append(repr(error))


def last_event(space: Space) -> int:
    """Return the number of the newest event of a workspace."""
    after = 0
    while (page := space.get(f"events?after={after}&limit=1000"))["events"]:
        after = page["seq"]
    return after


def submit_at_once(space: Space, drafts: list[dict]) -> list[Answer]:
    """Submit every draft in the same moment; the answers, in order."""
    gate = threading.Barrier(len(drafts))

    def submit(draft: dict) -> Answer:
        gate.wait()
        return space.call("POST", f"drafts/{draft['id']}/runs", {})

    with ThreadPoolExecutor(len(drafts)) as people:
        return list(people.map(submit, drafts))
