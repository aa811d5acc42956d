"""Running again: the plan before it, a part of it, the rest of it; and drawings that are kept by name."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.designer import Designer
from tests.e2e.drawings import NUMBERS, script, small
from tests.factories import graph

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.xdist_group("stack")]


def plan_row(page: Page, step: str):
    return page.get_by_role("dialog").get_by_role("row", name=re.compile(f"^{re.escape(step)}"))


def test_the_plan_is_shown_and_is_what_runs_pl_2(page: Page, space):
    draft = space.draft(small(), "Planned")
    space.finished(space.submit(draft))
    designer = Designer(page, space)
    designer.open(draft)
    designer.select("Split Data")
    designer.set_number("Fraction of rows in the first part", "0.75")
    designer.wait_saved()
    page.get_by_role("button", name="Submit options").click()
    page.get_by_role("button", name="Show plan").click()
    expect(plan_row(page, "Enter Data Manually")).to_contain_text("Reused from run 1")
    expect(plan_row(page, "Split Data")).to_contain_text("0.5 → 0.75")
    page.get_by_role("dialog").get_by_role("button", name="Run 1 step").click()
    designer.expect_state("Split Data", "completed")
    designer.expect_state("Enter Data Manually", "reused")


def test_running_to_a_step_leaves_the_rest_alone_pl_3(page: Page, space):
    drawing = small()
    drawing["nodes"].append({"id": "t", "component": "train_model@1", "parameters": {}})
    designer = Designer(page, space)
    designer.open(space.draft(drawing, "Half done"))
    expect(designer.submit_button).to_be_visible()
    designer.node("Split Data").click(button="right")
    page.get_by_role("menuitem", name="Run to here").click()
    dialog = page.get_by_role("dialog", name="Run to Split Data")
    expect(dialog.get_by_role("rowheader")).to_have_count(2)
    dialog.get_by_role("button", name="Run 2 steps").click()
    designer.expect_state(["Enter Data Manually", "Split Data"], "completed")
    page.get_by_role("link", name="Run 1").click()
    expect(page.get_by_text("1 step and what they need")).to_be_visible()


def test_a_failed_run_is_resumed_pl_3(page: Page, space):
    flaky = (
        "import pathlib\n\n\ndef azureml_main(dataframe1=None, dataframe2=None):\n    raise ValueError('not today')\n"
    )
    run = space.finished(space.submit(space.draft(script(flaky), "Unlucky")))
    assert run["status"] == "failed"
    designer = Designer(page, space)
    designer.goto(f"runs/{run['id']}")
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(plan_row(page, "Enter Data Manually")).to_contain_text(f"Kept from run {run['number']}")
    page.get_by_role("dialog").get_by_role("button", name="Resume 2 steps").click()
    expect(page.get_by_text("Resumes")).to_be_visible()
    designer.expect_state("Execute Python Script", re.compile("^failed"))
    designer.expect_state("Enter Data Manually", "reused")


def test_a_version_is_kept_and_restored(page: Page, space):
    designer = Designer(page, space)
    draft = space.draft(graph(("d", "enter_data_manually@1", {"data": NUMBERS})), "Versioned")
    designer.open(draft)
    page.get_by_role("button", name="Versions of this draft").click()
    page.get_by_label("Name of this version").fill("One step")
    page.get_by_role("button", name="Save version").click()
    expect(page.get_by_role("listitem").filter(has_text="One step")).to_contain_text("Version 1")
    page.get_by_role("button", name="Close", exact=True).click()
    designer.add("Split Data")
    expect(designer.nodes()).to_have_count(2)
    page.get_by_role("button", name="Versions of this draft").click()
    page.get_by_role("button", name="Restore One step").click()
    expect(page.get_by_role("listitem").filter(has_text="Before restoring One step")).to_contain_text("2 steps")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(designer.nodes()).to_have_count(1)
    assert len(designer.drawing(draft["id"])["nodes"]) == 1


def test_a_sample_opens_from_the_gallery(page: Page, space):
    designer = Designer(page, space)
    space.draft(small(), "Something")
    designer.goto("designer")
    page.get_by_role("button", name="New from a sample").click()
    gallery = page.get_by_role("list", name="Samples")
    expect(gallery.get_by_role("listitem")).to_have_count(5)
    gallery.get_by_role("button", name=re.compile("flight delays")).click()
    designer.wait_ready()
    expect(designer.nodes()).to_have_count(16)
