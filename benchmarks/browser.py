"""In Chromium: an event from its commit to the screen, and 500 steps on the canvas."""

import datetime
import statistics
import urllib.parse

from playwright.sync_api import Page, sync_playwright

from benchmarks.engine import chain
from benchmarks.graphs import wide
from benchmarks.measure import Measurement
from tests.e2e.conftest import ARGUMENTS
from tests.stack import Stack
from tools.chromium import find

# Every event that arrives is stamped in the first frame after the page has worked on it.
_STAMPS = """
window.__stamps = [];
const Native = window.WebSocket;
window.WebSocket = class extends Native {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (message) => {
      const told = JSON.parse(message.data);
      if (told.type !== "events") return;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        for (const event of told.events) window.__stamps.push([event.seq, event.at, Date.now()]);
      }));
    });
  }
};
"""
_FRAMES = """() => {
  window.__frames = [];
  let last = performance.now();
  const tick = (now) => {
    window.__frames.push(now - last);
    last = now;
    window.__ticking = requestAnimationFrame(tick);
  };
  window.__ticking = requestAnimationFrame(tick);
}"""
_FPS = "() => { cancelAnimationFrame(window.__ticking); return window.__frames.slice(1); }"


def browser(stack: Stack) -> list[Measurement]:
    """Measure the two in one headless browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = opened.new_context(viewport={"width": 1440, "height": 900}, base_url=stack.url).new_page()
        page.goto(stack.url + urllib.parse.urlsplit(stack.login_link()).path)
        page.add_init_script(_STAMPS)
        try:
            return painted(stack, page) + canvas(stack, page)
        finally:
            opened.close()


def painted(stack: Stack, page: Page) -> list[Measurement]:
    """Time from the commit of an event to the frame that shows it."""
    space = stack.new_workspace()
    draft = space.draft(chain(30, 5), "painted")
    _open(page, space.name, draft)
    page.wait_for_timeout(1000)
    run = space.submit(draft)
    space.finished(run, 120)
    page.wait_for_timeout(2000)
    waits = []
    for _, at, seen in page.evaluate("() => window.__stamps"):
        waits.append(seen - datetime.datetime.fromisoformat(at).timestamp() * 1000)
    assert len(waits) > 20, f"only {len(waits)} events reached the page"
    value = statistics.quantiles(waits, n=20)[-1]
    return [Measurement("event committed → painted, p95", value, "ms", None, None, "≤ 150 ms", value <= 150)]


def canvas(stack: Stack, page: Page) -> list[Measurement]:
    """Frames a second while 500 steps are panned, and while one of them is dragged."""
    space = stack.new_workspace()
    _open(page, space.name, space.draft(wide(500), "five hundred"))
    page.wait_for_timeout(3000)
    box = page.locator("[data-canvas]").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def moved(press, release) -> float:
        press()
        page.evaluate(_FRAMES)
        for number in range(60):
            page.mouse.move(start[0] + number * 4, start[1] + (number % 20) * 4)
        frames = page.evaluate(_FPS)
        release()
        return 1000 / statistics.median(frames)

    def down(button: str):
        def act() -> None:
            page.mouse.move(*start)
            page.mouse.down(button=button)

        return act

    start = middle
    pan = moved(down("middle"), lambda: page.mouse.up(button="middle"))
    page.wait_for_timeout(500)
    nodes = page.locator("[data-canvas] .react-flow__node")
    boxes = [found for number in range(nodes.count()) if (found := nodes.nth(number).bounding_box())]
    node = min(
        boxes, key=lambda b: abs(b["x"] + b["width"] / 2 - middle[0]) + abs(b["y"] + b["height"] / 2 - middle[1])
    )
    start = node["x"] + node["width"] / 2, node["y"] + node["height"] / 2
    drag = moved(down("left"), lambda: page.mouse.up(button="left"))
    return [
        Measurement("500 steps on the canvas, pan", pan, "fps", None, None, "≥ 25 fps", pan >= 25),
        Measurement("500 steps on the canvas, drag", drag, "fps", None, None, "≥ 45 fps", drag >= 45),
    ]


def _open(page: Page, space: str, draft: dict) -> None:
    page.goto(f"/w/{space}/designer/{draft['id']}")
    page.locator("[data-canvas][data-ready]").wait_for(timeout=60_000)
