"""Every page in both themes and on a narrow screen: no barrier, nothing cut off, and the line to the server."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designer import Designer
from tests.e2e.drawings import NUMBERS, small
from tests.stack import Space

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.xdist_group("stack")]

COMPARED = ["metrics", "parameters", "curves", "graph", "outputs"]
PAGES = ["home", "drafts", "draft", "run", "runs", "data", "dataset", "activity", "settings", "account"]
PAGES += [f"compare {tab}" for tab in COMPARED]


@pytest.fixture(scope="module")
def filled(stack) -> tuple[Space, dict[str, str]]:
    """A workspace with one thing of each kind, and the address of every page."""
    space = stack.new_workspace()
    dataset = space.dataset("numbers", NUMBERS)["dataset"]["id"]
    draft = space.draft(small(), "Halves")
    run = space.finished(space.submit(draft))
    again = space.finished(space.submit(draft))
    compare = f"/w/{space.name}/compare?runs={run['id']},{again['id']}&step=split"
    base = f"/w/{space.name}"
    return space, {
        "home": base,
        "drafts": f"{base}/designer",
        "draft": f"{base}/designer/{draft['id']}?step=split",
        "run": f"{base}/runs/{run['id']}?step=split",
        "runs": f"{base}/runs",
        "data": f"{base}/data",
        "dataset": f"{base}/data/{dataset}",
        "activity": f"{base}/activity",
        "settings": f"{base}/settings",
        "account": "/account",
        "sign-in": "/sign-in",
        **{f"compare {tab}": f"{compare}&tab={tab}" for tab in COMPARED},
    }


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.wait_for_load_state("networkidle")


def barriers(page: Page, axe: str) -> list[str]:
    """What axe finds serious or critical, with the first place of each."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']} ({violation['impact']}, {len(violation['nodes'])}): {violation['nodes'][0]['html'][:160]}"
        f" {violation['nodes'][0]['any'][0]['message'] if violation['nodes'][0]['any'] else ''}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier(open_page, filled, axe, theme):
    _, addresses = filled
    page = open_page(color_scheme=theme)
    found = {}
    for name in PAGES:
        visit(page, addresses[name])
        found[name] = barriers(page, axe)
    page.goto(addresses["draft"])
    page.locator("[data-canvas][data-ready]").wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["command palette"] = barriers(page, axe)
    visit(page, addresses["drafts"])
    page.get_by_role("button", name="More about Halves").click()
    page.get_by_role("menuitem", name="Rename").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["dialog"] = barriers(page, axe)
    nobody = open_page(None, color_scheme=theme)
    visit(nobody, addresses["sign-in"])
    found["sign-in"] = barriers(nobody, axe)
    assert {name: seen for name, seen in found.items() if seen} == {}


def test_no_page_is_wider_than_a_phone(open_page, filled):
    _, addresses = filled
    page = open_page(viewport={"width": 390, "height": 844})
    wide = {}
    for name in PAGES:
        visit(page, addresses[name])
        over = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            wide[name] = over
    assert wide == {}


def test_the_theme_is_kept(open_page, filled):
    page = open_page(color_scheme="light")
    visit(page, filled[1]["home"])
    page.get_by_role("button", name="Use the dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_a_lost_line_is_said_and_what_was_missed_is_caught_up(open_page, filled, watched):
    space, addresses = filled
    watched.expect("ERR_INTERNET_DISCONNECTED|WebSocket")
    page = open_page()
    lines, cut = [], []

    def line(socket) -> None:
        if cut:
            socket.close()
            return
        socket.connect_to_server()
        lines.append(socket)

    page.route_web_socket(re.compile("/ws/"), line)
    visit(page, addresses["drafts"])
    # Being offline leaves open sockets alone: they are cut as a network would.
    cut.append(True)
    page.context.set_offline(True)
    for socket in lines:
        socket.close()
    bar = page.get_by_text(re.compile("You are offline|Reconnecting"))
    expect(bar).to_be_visible(timeout=20_000)
    space.draft(small(), "Made meanwhile")
    cut.clear()
    page.context.set_offline(False)
    expect(bar).to_have_count(0, timeout=20_000)
    expect(page.get_by_role("link", name="Made meanwhile")).to_be_visible(timeout=20_000)


def test_a_sign_in_leads_back_to_the_page(open_page, filled, watched):
    page = open_page(None)
    page.goto(filled[1]["drafts"])
    expect(page).to_have_url(re.compile("/sign-in"))
    watched.expect("401|403|400")
    page.get_by_label("User name").fill("owner")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_canvas_stays_light_with_many_steps(page: Page, space):
    drawing = small()
    for number in range(60):
        drawing["nodes"].append({**drawing["nodes"][1], "id": f"split{number}"})
        drawing["edges"].append({**drawing["edges"][0], "target": f"split{number}"})
    designer = Designer(page, space)
    designer.open(space.draft(drawing))
    page.keyboard.press("f")
    expect(designer.canvas.locator(".react-flow__node")).to_have_count(62)
    for _ in range(8):
        page.get_by_role("button", name="Zoom out").click()
    counts = designer.nodes().evaluate_all("nodes => nodes.map(node => node.querySelectorAll('*').length + 1)")
    assert max(counts) <= 15
