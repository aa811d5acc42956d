"""Drawing, running and looking, as a newcomer does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designer import Designer
from tests.e2e.drawings import CUSTOMERS, FAILING, SLOW, script, small
from tests.stack import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.xdist_group("stack")]

TRAINING = [
    "Dataset",
    "Select Columns in Dataset",
    "Split Data",
    "Two-Class Logistic Regression",
    "Train Model",
    "Score Model",
    "Evaluate Model",
]


def test_from_a_file_to_charts_and_again_with_one_change(page: Page, space):
    designer = Designer(page, space)
    designer.goto("data")
    page.get_by_role("button", name="New dataset").first.click()
    page.get_by_label("Data file").set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": CUSTOMERS.encode()}
    )
    page.get_by_role("button", name="Create dataset").click()
    expect(page.get_by_role("heading", name="customers", level=1)).to_be_visible()

    designer.goto("designer")
    page.get_by_role("button", name="New draft").first.click()
    designer.wait_ready()

    # By pointer, by click, by double-click (which adds once), and by keyboard.
    designer.drag_in("Dataset", 360, 110)
    expect(designer.node("Dataset")).to_be_focused()
    designer.choose(page.get_by_role("combobox", name="Dataset", exact=True), "customers")
    designer.entry("Select Columns in Dataset").click()
    expect(designer.nodes()).to_have_count(2)
    expect(designer.node("Select Columns in Dataset")).to_be_focused()
    designer.expect_edges(1)
    designer.entry("Split Data").dblclick()
    designer.expect_edges(2)
    expect(designer.nodes()).to_have_count(3)
    for title in TRAINING[3:]:
        designer.add(title)
    page.keyboard.press("l")
    designer.expect_announced("Tidy up")
    page.keyboard.press("f")

    wanted = [
        ("Split Data output First part", "Train Model input Dataset"),
        ("Split Data output Second part", "Score Model input Dataset"),
        ("Two-Class Logistic Regression output Untrained model", "Train Model input Untrained model"),
        ("Train Model output Trained model", "Score Model input Trained model"),
        ("Score Model output Scored dataset", "Evaluate Model input Scored dataset"),
    ]
    for source, target in wanted:
        if not designer.joined(source, target):
            designer.draw_connection(source, target)
    designer.expect_edges(7)

    designer.select("Select Columns in Dataset")
    page.get_by_role("button", name="Choose columns").click()
    designer.wait_saved()
    designer.select("Train Model")
    designer.choose(page.get_by_role("combobox", name="Label column"), "churned")
    designer.wait_saved()

    designer.submit()
    designer.expect_state(TRAINING, "completed")
    designer.select("Split Data")
    grid = designer.dock.get_by_role("grid")
    expect(grid.get_by_role("columnheader", name="tenure")).to_be_visible()
    expect(designer.dock.get_by_text("100 rows")).to_be_visible()
    designer.select("Evaluate Model")
    expect(designer.dock.get_by_role("cell", name="AUC").or_(designer.dock.get_by_text("AUC")).first).to_be_visible()
    designer.open_dock("Charts")
    expect(designer.dock.get_by_role("img", name=re.compile("ROC", re.I)).first).to_be_visible()

    # One change: what stands before it is reused.
    designer.select("Two-Class Logistic Regression")
    field = page.get_by_role("textbox", name="L2 regularization weight")
    field.fill("0.25")
    field.press("Enter")
    designer.expect_state("Train Model", "not run since it changed")
    designer.wait_saved()
    designer.submit()
    designer.expect_state(TRAINING[3:], "completed")
    designer.expect_state(TRAINING[:3], "reused")
    expect(page.get_by_role("link", name="Run 2")).to_be_visible()


def test_keyboard_alone_builds_and_runs_a_pipeline(designer: Designer):
    page = designer.page
    designer.add("Enter Data Manually")
    page.get_by_role("textbox", name="Data", exact=True).focus()
    page.keyboard.insert_text("a,b\n1,2\n3,4\n")
    designer.node("Enter Data Manually").focus()
    split = designer.add("Split Data")
    designer.expect_edges(1)
    before = split.bounding_box()["x"]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([title, x]) => document.querySelector(`.react-flow__node[aria-label='${title}']`)"
        ".getBoundingClientRect().x > x + 5",
        arg=["Split Data", before],
    )
    # Part it from its data, and join it again from the list of open inputs.
    page.keyboard.press("Delete")
    expect(designer.nodes()).to_have_count(1)
    page.keyboard.press("Escape")
    designer.add("Split Data")
    designer.expect_edges(0)
    designer.connect("Enter Data Manually", "Split Data")
    designer.expect_edges(1)
    designer.expect_announced("Connected Enter Data Manually Dataset to Split Data Dataset.")
    designer.wait_saved()
    page.keyboard.press("Control+Enter")
    designer.expect_state(["Enter Data Manually", "Split Data"], "completed")
    designer.node("Split Data").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(designer.dock.get_by_role("grid")).to_be_visible()


def test_undo_redo_copy_paste_and_delete(designer: Designer):
    page = designer.page
    designer.add("Enter Data Manually")
    designer.add("Split Data")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    designer.expect_announced("Copied 2 steps.")
    page.keyboard.press("Control+v")
    expect(designer.nodes()).to_have_count(4)
    designer.expect_edges(2)
    page.keyboard.press("Delete")
    expect(designer.nodes()).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(designer.nodes()).to_have_count(4)
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(designer.nodes()).to_have_count(0)
    for count in (1, 2, 4):
        page.keyboard.press("Control+Shift+z")
        expect(designer.nodes()).to_have_count(count)
    designer.wait_saved()
    assert len(designer.drawing(designer.draft_id())["nodes"]) == 4
    page.reload()
    expect(designer.nodes()).to_have_count(4)


def test_a_problem_leads_to_its_step_and_field(designer: Designer):
    page = designer.page
    designer.add("Dataset")
    designer.add("Split Data")
    page.keyboard.press("Escape")
    designer.wait_saved()
    designer.submit()
    designer.expect_announced(re.compile("^Not submitted"))
    problem = designer.dock.get_by_role("tabpanel").get_by_role("button", name=re.compile("Dataset$"))
    problem.first.click()
    expect(page.get_by_role("combobox", name="Dataset", exact=True)).to_be_focused()
    designer.expect_state("Dataset", re.compile("problem: "))


def test_a_wrong_connection_is_refused_with_the_reason(designer: Designer):
    designer.add("Two-Class Logistic Regression")
    designer.page.keyboard.press("Escape")
    designer.add("Score Model")
    designer.page.keyboard.press("f")
    designer.expect_edges(0)
    designer.draw_connection(
        "Two-Class Logistic Regression output Untrained model", "Score Model input Dataset", release=False
    )
    hint = designer.canvas.get_by_text(re.compile("untrained model.* table|table.* untrained model", re.I))
    expect(hint.first).to_be_visible()
    designer.page.mouse.up()
    designer.expect_announced(re.compile("^Not connected"))
    designer.expect_edges(0)


def test_a_failing_script_shows_its_problem_and_the_first_error(page: Page, space):
    designer = Designer(page, space)
    designer.open(space.draft(script(FAILING)))
    designer.submit()
    designer.expect_state("Execute Python Script", re.compile("^failed"))
    designer.expect_state("Split Data", "skipped")
    designer.expect_state("Enter Data Manually", "completed")
    # The problem opens by itself.
    expect(designer.dock.get_by_role("tab", name="Problems")).to_have_attribute("aria-selected", "true")
    expect(designer.dock.get_by_text("the seventh column is missing").first).to_be_visible()
    designer.open_dock("Logs")
    expect(designer.dock.get_by_text("about to fail")).to_be_visible()
    designer.dock.get_by_role("button", name="First error").click()
    expect(designer.dock.get_by_text(re.compile("ValueError: the seventh column")).first).to_be_in_viewport()


def test_a_running_pipeline_is_followed_and_stopped(page: Page, space):
    designer = Designer(page, space)
    designer.open(space.draft(script(SLOW)))
    designer.submit()
    designer.expect_state("Execute Python Script", re.compile("^running"))
    designer.select("Execute Python Script")
    designer.open_dock("Logs")
    expect(designer.dock.get_by_text("second 1", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("region", name="Run 1").get_by_role("button", name="Stop").click()
    designer.expect_state("Execute Python Script", "canceled", timeout=15_000)
    expect(page.get_by_role("region", name="Run 1")).to_contain_text("Canceled")


def test_a_run_is_looked_at_and_cloned(page: Page, space):
    draft = space.draft(small(), "Halves")
    run = space.finished(space.submit(draft, display_name="First halves"))
    designer = Designer(page, space)
    designer.goto(f"runs/{run['id']}")
    designer.wait_ready()
    designer.expect_state(["Enter Data Manually", "Split Data"], "completed")
    page.get_by_role("tab", name="Steps").click()
    expect(page.get_by_role("row", name=re.compile("Split Data"))).to_be_visible()
    page.get_by_role("tab", name="Graph").click()
    designer.select("Split Data")
    expect(designer.dock.get_by_text("2 rows")).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("Fraction of rows"))).to_be_disabled()
    page.get_by_role("button", name="Clone to draft").click()
    expect(page).to_have_url(re.compile("/designer/"))
    designer.wait_ready()
    assert designer.draft_id() != draft["id"]
    assert designer.drawing(designer.draft_id()) == designer.drawing(draft["id"])


def test_a_link_opens_the_same_step_and_tab(page: Page, space):
    draft = space.draft(small())
    space.finished(space.submit(draft))
    designer = Designer(page, space)
    designer.open(draft, step="split", tab="charts")
    for _ in range(2):
        expect(designer.inspector.get_by_role("heading", name="Split Data")).to_be_visible()
        expect(designer.dock.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
        page.reload()
    designer.open_dock("Logs")
    designer.select("Enter Data Manually")
    expect(page).to_have_url(re.compile(r"(?=.*step=d\b)(?=.*tab=logs)"))


def test_drafts_are_renamed_duplicated_and_deleted(page: Page, space):
    space.draft(small(), "Halves")
    designer = Designer(page, space)
    designer.goto("designer")
    menu = page.get_by_role("button", name="More about Halves", exact=True)
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Quarters")
    dialog.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Quarters", exact=True)).to_be_visible()
    page.get_by_role("button", name="More about Quarters", exact=True).click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("link", name=re.compile("^Quarters"))).to_have_count(2)
    page.get_by_role("button", name="More about Quarters", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete draft").click()
    expect(page.get_by_role("link", name="Quarters", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("^Quarters"))).to_have_count(1)


@pytest.mark.parametrize("choice", ["Take theirs", "Keep mine as a copy"])
def test_two_windows_change_one_step_and_neither_is_lost(open_page, space, watched, choice):
    watched.expect("412")
    draft = space.draft(small(), "Shared")
    mine, theirs = Designer(open_page(), space), Designer(open_page(), space)
    mine.open(draft, step="split")
    theirs.open(draft, step="split")
    # The second window hears nothing and saves on top of an older revision.
    mine.page.route("**/drafts/*", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    watched.expect("ERR_FAILED")
    mine.set_number("Fraction of rows in the first part", "0.25")
    expect(mine.page.get_by_text("Not saved")).to_be_visible()
    theirs.set_number("Fraction of rows in the first part", "0.75")
    # Not what the page says, which may be of the moment before: what the server has.
    wait_for(lambda: theirs.drawing(draft["id"])["nodes"][1]["parameters"]["fraction"], lambda seen: seen == 0.75)
    mine.page.unroute("**/drafts/*")
    dialog = mine.page.get_by_role("dialog", name="Two versions of this draft")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=choice).click()
    expect(dialog).to_have_count(0)
    fraction = mine.page.get_by_role("textbox", name="Fraction of rows in the first part")
    if choice == "Take theirs":
        expect(fraction).to_have_value("0.75")
    else:
        expect(mine.page).not_to_have_url(re.compile(draft["id"]))
        mine.wait_ready()
        mine.select("Split Data")
        expect(fraction).to_have_value("0.25")
    fractions = {node["id"]: node["parameters"] for node in mine.drawing(draft["id"])["nodes"]}
    assert fractions["split"]["fraction"] == 0.75


def test_a_reader_looks_and_changes_nothing(open_page, space, reader):
    space.post("members", {"username": reader, "role": "reader"})
    draft = space.draft(small(), "Shared")
    space.finished(space.submit(draft))
    designer = Designer(open_page(reader), space)
    page = designer.page
    designer.goto("designer")
    expect(page.get_by_role("link", name="Shared", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="New draft")).to_have_count(0)
    expect(page.get_by_role("button", name="More about Shared")).to_have_count(0)
    designer.open(draft, step="split")
    expect(page.get_by_role("textbox", name="Fraction of rows in the first part")).not_to_be_editable()
    expect(designer.submit_button.and_(page.locator(":enabled"))).to_have_count(0)
    expect(page.get_by_role("button", name="More about this step")).to_have_count(0)
    designer.node("Split Data").focus()
    page.keyboard.press("Delete")
    expect(designer.nodes()).to_have_count(2)
    expect(designer.dock.get_by_role("grid")).to_be_visible()


def test_runs_are_listed_sorted_and_opened(page: Page, space):
    draft = space.draft(small(), "Halves")
    for name in ("Beta", "Alpha"):
        space.finished(space.submit(draft, display_name=name))
    designer = Designer(page, space)
    designer.goto("runs")
    names = page.get_by_role("link", name=re.compile("^(Alpha|Beta)$"))
    expect(names).to_have_text(["Alpha", "Beta"])
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page).to_have_url(re.compile("sort="))
    first = names.first.inner_text()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(names.first).not_to_have_text(first)
    page.get_by_role("button", name="Failed").click()
    expect(page.get_by_text("No run fits these filters")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    names.first.click()
    designer.wait_ready()


def test_a_drawing_made_by_a_script_is_laid_out(page: Page, space):
    designer = Designer(page, space)
    designer.open(space.draft(small()))
    boxes = [node.bounding_box() for node in designer.nodes().all()]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]


def test_an_unknown_component_is_kept_as_a_placeholder(page: Page, space):
    drawing = small()
    drawing["nodes"][1]["component"] = "from_the_future@7"
    draft = space.draft(drawing)
    designer = Designer(page, space)
    designer.open(draft, step="split")
    expect(designer.inspector.get_by_text("Not installed: from_the_future@7")).to_be_visible()
    designer.expect_edges(1)
    designer.select("Enter Data Manually")
    page.get_by_role("textbox", name="Comment").fill("kept")
    designer.wait_saved()
    kept = designer.drawing(draft["id"])["nodes"][1]
    assert (kept["component"], kept["parameters"]) == ("from_the_future@7", drawing["nodes"][1]["parameters"])
