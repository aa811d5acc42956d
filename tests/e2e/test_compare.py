"""Two runs with one parameter changed: chosen in the list, compared, and the same again from the address."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.drawings import training
from tests.stack import Space

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.xdist_group("stack")]
CHART_MS = 30_000


@pytest.fixture(scope="module")
def compared(stack) -> tuple[Space, list[dict]]:
    """A draft that was run twice, with another fraction the second time."""
    space = stack.new_workspace()
    draft = space.draft(training(0.5), "Churn")
    runs = [space.finished(space.submit(draft, display_name="Half"))]
    saved = space.call(
        "PUT",
        f"drafts/{draft['id']}",
        {"graph": training(0.7), "view": draft["view"]},
        headers={"If-Match": f'"{draft["revision"]}"'},
    )
    assert saved.status == 200, saved.body
    runs.append(space.finished(space.submit(draft, display_name="More for training")))
    assert [run["status"] for run in runs] == ["completed", "completed"], runs
    return space, runs


def address(space: Space, runs: list[dict], **search: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in search.items())
    return f"/w/{space.name}/compare?runs={','.join(run['id'] for run in runs)}{query}"


def test_chosen_runs_are_compared_and_a_link_shows_the_same(page: Page, compared):
    space, runs = compared
    page.goto(f"/w/{space.name}/runs")
    # A click, and a click with Shift: the rows between come along.
    page.get_by_role("checkbox", name="Compare run 2").click()
    tray = page.get_by_role("region", name="Comparison")
    expect(tray.get_by_text("1 run to compare")).to_be_visible()
    page.get_by_role("checkbox", name="Compare run 1").click(modifiers=["Shift"])
    expect(tray.get_by_text("2 runs to compare")).to_be_visible()
    # It is kept for the workspace.
    page.reload()
    expect(page.get_by_role("checkbox", name="Compare run 2")).to_be_checked()
    tray.get_by_role("link", name="Compare 2").click()

    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    table = page.get_by_role("table", name="Metrics of the runs")
    expect(table.get_by_role("columnheader")).to_have_text(["Metric", "More for trainingBaseline", "Half"])
    expect(table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="AUC"))).to_be_visible()

    # The other one as baseline; the address says so.
    page.get_by_role("button", name="Use Half as baseline").click()
    expect(table.get_by_role("columnheader").nth(1)).to_have_text("HalfBaseline")
    expect(page).to_have_url(re.compile(f"baseline={runs[0]['id']}"))
    expect(table.get_by_text("Best").first).to_be_visible()

    page.get_by_role("tab", name="Parameters").click()
    expect(page.get_by_text(re.compile(r"^1 of \d+ parameters differs\.$"))).to_be_visible()
    parameters = page.get_by_role("table", name="Parameters of the runs")
    expect(parameters.get_by_role("rowheader", name="Fraction of rows in the first part")).to_be_visible()
    expect(parameters.get_by_role("cell", name="differs: 0.7")).to_be_visible()
    page.get_by_role("switch", name="Show equal parameters").click()
    expect(page).to_have_url(re.compile("all=true"))
    expect(parameters.get_by_role("rowheader", name="Label column")).to_be_visible()

    page.get_by_role("tab", name="Graph").click()
    expect(page.get_by_text("1 step changed.")).to_be_visible()
    steps = page.get_by_role("list", name="Steps by what changed")
    steps.get_by_role("button", name="Split Data").click()
    details = page.get_by_role("region", name="Split Data: changes")
    expect(details.get_by_text("0.5")).to_be_visible()
    expect(details.get_by_role("row", name=re.compile("First part"))).to_contain_text("100 × 3")
    expect(details.get_by_role("row", name=re.compile("First part"))).to_contain_text("140 × 3")
    drawing = page.get_by_role("group", name="Drawing of More for training")
    drawing.get_by_role("button", name="Train Model").click()
    expect(page.get_by_role("region", name="Train Model: changes")).to_be_visible()

    page.reload()
    expect(page.get_by_role("tab", name="Graph")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("region", name="Train Model: changes")).to_be_visible()
    expect(page.get_by_role("button", name="Half is the baseline")).to_have_attribute("aria-pressed", "true")


def test_two_roc_curves_are_in_one_picture(page: Page, compared):
    space, runs = compared
    page.goto(address(space, runs, tab="outputs"))
    # The last report is what one wants to see first.
    expect(page.get_by_role("combobox", name="Output")).to_have_value("Evaluate Model: Evaluation results")
    roc = page.get_by_role("img", name=re.compile(r"ROC curve of Half, AUC .*; More for training, AUC"))
    expect(roc).to_be_visible(timeout=CHART_MS)
    expect(roc.locator(".legendtext")).to_have_text(["Half", "More for training"], timeout=CHART_MS)
    expect(page.get_by_role("table", name=re.compile("actual in rows"))).to_have_count(2)
    # Hiding a run leaves the other its color, and the address remembers.
    page.get_by_role("button", name="Hide Half").click()
    alone = page.get_by_role("img", name=re.compile(r"ROC curve of More for training, AUC"))
    expect(alone).to_be_visible(timeout=CHART_MS)
    page.reload()
    expect(page.get_by_role("button", name="Show Half")).to_be_visible()
    expect(alone).to_be_visible(timeout=CHART_MS)


def test_tables_scroll_together(page: Page, compared):
    space, runs = compared
    page.goto(address(space, runs, tab="outputs", step="split", port="first", column="charges"))
    grids = page.get_by_role("grid")
    expect(grids).to_have_count(2)
    expect(page.get_by_role("table", name=re.compile("Sizes of"))).to_contain_text("+40")
    expect(page.get_by_role("img", name="Distribution of charges in Half, More for training")).to_be_visible(
        timeout=CHART_MS
    )
    expect(grids.nth(0).get_by_role("gridcell").first).not_to_have_text("")
    grids.nth(0).evaluate("grid => { grid.scrollTop = 400 }")
    page.wait_for_function("document.querySelectorAll('[role=grid]')[1].scrollTop === 400")
    # Sections scroll in their own frame: the page below the tabs stays where it is.
    assert page.evaluate("(m => m.scrollHeight - m.clientHeight)(document.getElementById('main'))") <= 0


def test_what_cannot_be_compared_says_what_to_do(page: Page, compared, watched):
    space, runs = compared
    page.goto(f"/w/{space.name}/compare")
    expect(page.get_by_text("No runs to compare")).to_be_visible()
    page.goto(address(space, runs[:1]))
    expect(page.get_by_text("One run has nothing to differ from")).to_be_visible()
    page.get_by_role("button", name="Add runs").first.click()
    page.get_by_role("button", name=re.compile("Add More for training")).click()
    expect(page.get_by_role("table", name="Metrics of the runs").get_by_role("columnheader")).to_have_count(3)

    watched.expect("404")
    gone = {"id": "00000000-0000-7000-8000-000000000000"}
    page.goto(address(space, [*runs, gone]))
    page.get_by_role("button", name="Compare without it").click()
    expect(page.get_by_role("table", name="Metrics of the runs").get_by_role("columnheader")).to_have_count(3)


def test_a_run_is_added_from_home_and_its_page_and_the_tray_is_cleared(page: Page, compared):
    space, runs = compared
    page.goto(f"/w/{space.name}")
    page.get_by_role("button", name="Add run 1 to the comparison").first.click()
    tray = page.get_by_role("region", name="Comparison")
    expect(tray.get_by_text("1 run to compare")).to_be_visible()
    page.goto(f"/w/{space.name}/runs/{runs[1]['id']}")
    page.get_by_role("button", name="Add to comparison").click()
    expect(tray.get_by_text("2 runs to compare")).to_be_visible()
    tray.get_by_role("button", name="Remove 1 Half").click()
    expect(tray.get_by_text("1 run to compare")).to_be_visible()
    tray.get_by_role("button", name="Clear").click()
    expect(tray).to_have_count(0)
