"""A real browser on the running studio: one browser for all tests, one signed-in page for each."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.e2e.designer import Designer
from tests.stack import ROOT, Space, Stack
from tools.chromium import find

ARTIFACTS = ROOT / "artifacts"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "The browser tests need Chromium: `python -m tools.chromium` installs it."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def session_state(browser: Browser, stack: Stack) -> Callable[[str], dict]:
    """Cookies of a user who signed in by a link, made once a user."""
    states: dict[str, dict] = {}

    def state(username: str) -> dict:
        if username not in states:
            context = browser.new_context()
            context.new_page().goto(stack.login_link(username))
            states[username] = context.storage_state()
            context.close()
        return states[username]

    return state


class Watched:
    """What went wrong in the pages of one test, apart from what it said it would provoke."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Let faults pass that match: a test that refuses a save gets a 412 in the console."""
        self.expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda fault: self.faults.append(f"page error: {fault.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self.expected)]


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def open_page(
    browser: Browser, stack: Stack, session_state, watched: Watched, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; ``username`` None is nobody."""
    contexts: list[BrowserContext] = []

    def make(username: str | None = "owner", **options) -> Page:
        context = browser.new_context(
            base_url=stack.url,
            viewport=options.pop("viewport", {"width": 1440, "height": 900}),
            storage_state=session_state(username) if username else None,
            reduced_motion=options.pop("reduced_motion", "reduce"),
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        context.set_default_timeout(WAIT_MS)
        watched.watch(context)
        contexts.append(context)
        return context.new_page()

    yield make
    failed = getattr(request.node, "failed_call", False)
    for number, context in enumerate(contexts):
        for page in context.pages:
            if failed and not page.is_closed():
                page.screenshot(path=artifact(f"{request.node.name}-{number}.png"))
        context.close()
    assert failed or not watched.unexpected(), "\n".join(watched.unexpected())


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def designer(page: Page, space: Space) -> Designer:
    """The designer on a new, empty draft."""
    made = Designer(page, space)
    made.open(made.space.post("drafts", {"name": "Drawing"}))
    return made


@pytest.fixture(scope="session")
def reader(stack: Stack) -> str:
    """The name of another person, who can be made a member."""
    name = f"reader-{os.getpid()}"
    stack.manage("create_user", name)
    return name


def artifact(name: str) -> str:
    ARTIFACTS.mkdir(exist_ok=True)
    return str(ARTIFACTS / re.sub(r"[^\w.-]+", "-", name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call):
    report = yield
    if report.when == "call":
        item.failed_call = report.failed
    return report


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be evaluated in a page."""
    path = Path(os.environ.get("STUDIO_AXE", ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"))
    return path.read_text(encoding="utf-8")
