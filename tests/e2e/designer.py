"""The designer as a person uses it: by what is on screen and what it is called."""

import re
from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect

from tests.stack import Space

RUN_MS = 60_000


class Designer:
    """One draft, or run, in one page."""

    def __init__(self, page: Page, space: Space) -> None:
        self.page, self.space = page, space

    def open(self, draft: dict, **search: str) -> None:
        self.goto(f"designer/{draft['id']}", **search)
        self.wait_ready()

    def goto(self, path: str, **search: str) -> None:
        query = "&".join(f"{name}={value}" for name, value in search.items())
        self.page.goto(f"/w/{self.space.name}/{path}" + (f"?{query}" if query else ""))

    def wait_ready(self) -> None:
        self.page.locator("[data-canvas][data-ready]").wait_for()

    @property
    def canvas(self) -> Locator:
        return self.page.locator("[data-canvas]")

    @property
    def dock(self) -> Locator:
        return self.page.locator("[data-region=dock]")

    @property
    def inspector(self) -> Locator:
        return self.page.locator("[data-region=inspector]")

    @property
    def palette(self) -> Locator:
        return self.page.locator("[data-region=palette]")

    @property
    def submit_button(self) -> Locator:
        return self.page.get_by_role("button", name="Submit", exact=True)

    def nodes(self) -> Locator:
        return self.canvas.locator(".react-flow__node")

    def node(self, title: str) -> Locator:
        return self.canvas.get_by_role("group", name=title, exact=True)

    def port(self, name: str) -> Locator:
        return self.canvas.get_by_role("img", name=name, exact=True)

    def entry(self, title: str) -> Locator:
        return self.palette.get_by_role("listitem", name=title, exact=True)

    def add(self, title: str) -> Locator:
        """Add a step by keyboard: / focuses the search, Enter adds the first find."""
        self.canvas.focus()
        self.page.keyboard.press("/")
        search = self.page.get_by_role("searchbox", name="Search components")
        expect(search).to_be_focused()
        before = self.nodes().count()
        search.fill(title)
        self.page.keyboard.press("Enter")
        expect(self.nodes()).to_have_count(before + 1)
        node = self.node(title).last
        expect(node).to_be_focused()
        return node

    def drag_in(self, title: str, x: float, y: float) -> None:
        """Drag a component from the palette to a place on the canvas."""
        canvas = self.canvas.bounding_box()
        entry = self.entry(title)
        entry.scroll_into_view_if_needed()
        entry.hover()
        self.page.mouse.down()
        self.page.mouse.move(canvas["x"] + x - 20, canvas["y"] + y - 10, steps=6)
        self.page.mouse.move(canvas["x"] + x, canvas["y"] + y)
        self.page.mouse.up()

    def draw_connection(self, source: str, target: str, release: bool = True) -> None:
        """Draw from the port of one name to the port of another."""
        # Hovering waits until the canvas rests.
        self.port(source).hover()
        start, end = (self.port(name).bounding_box() for name in (source, target))
        self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        self.page.mouse.down()
        for step in (0.2, 0.5, 0.8, 1.0):
            self.page.mouse.move(
                start["x"] + (end["x"] - start["x"]) * step + end["width"] / 2,
                start["y"] + (end["y"] - start["y"]) * step + end["height"] / 2,
            )
        if release:
            self.page.mouse.up()

    def connect(self, title: str, target: str) -> None:
        """Connect the outputs of a step to an open input by keyboard: C opens the list of them."""
        self.node(title).focus()
        if not self.is_selected(title):
            self.page.keyboard.press("Space")
        self.page.keyboard.press("c")
        self.page.get_by_role("combobox", name=f"Connect {title} to").fill(target)
        self.page.keyboard.press("Enter")

    def is_selected(self, title: str) -> bool:
        return "selected" in (self.node(title).get_attribute("class") or "").split()

    def select(self, title: str) -> None:
        self.node(title).click()
        expect(self.inspector.get_by_role("tab", name="Parameters")).to_be_visible()

    def joined(self, source: str, target: str) -> bool:
        """Whether a connection is drawn between the steps of two ports."""
        start, end = source.split(" output ")[0], target.split(" input ")[0]
        name = re.compile(f"from {re.escape(start)} to {re.escape(end)}$")
        return self.canvas.get_by_role("group", name=name).count() > 0

    def set_number(self, name: str, value: str) -> None:
        field = self.page.get_by_role("textbox", name=name, exact=True)
        field.fill(value)
        field.press("Tab")

    def expect_edges(self, count: int) -> None:
        expect(self.canvas.locator(".react-flow__edge")).to_have_count(count)

    def wait_saved(self) -> None:
        expect(self.page.get_by_text("Draft saved")).to_be_visible()

    def submit(self) -> None:
        expect(self.submit_button).to_be_enabled()
        self.submit_button.click()

    def expect_state(self, titles: str | Iterable[str], state: str | re.Pattern[str], timeout: float = RUN_MS) -> None:
        """Wait until the accessible description of steps is their state."""
        for title in [titles] if isinstance(titles, str) else titles:
            expect(self.node(title)).to_have_accessible_description(state, timeout=timeout)

    def expect_announced(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("[aria-live=polite]").filter(has_text=text).first).to_be_attached()

    def open_dock(self, tab: str) -> None:
        self.dock.get_by_role("tab", name=tab).click()

    def choose(self, field: Locator, option: str) -> None:
        field.click()
        self.page.get_by_role("option", name=option).first.click()

    def drawing(self, draft: str) -> dict:
        """The graph that the server has."""
        return self.space.get(f"drafts/{draft}")["graph"]

    def draft_id(self) -> str:
        found = re.search(r"/designer/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]
