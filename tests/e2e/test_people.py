"""What people do besides drawing: passwords, tokens, workspaces, members, data from a datastore, archive."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.designer import Designer

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.xdist_group("stack")]

PASSWORD = "a long enough pass phrase"


def test_a_newcomer_sets_a_password_and_signs_in_with_it(open_page, stack, space):
    username = f"newcomer-{space.name}"
    stack.manage("create_user", username)
    page = open_page(username)
    page.goto("/account")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_label("New password", exact=True)).to_have_value("")
    stranger = open_page(None)
    stranger.goto("/sign-in")
    stranger.get_by_label("User name").fill(username)
    stranger.get_by_role("textbox", name="Password").fill(PASSWORD)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_text("workspace").first).to_be_visible()
    assert "/sign-in" not in stranger.url


def test_a_token_is_shown_once_works_and_is_revoked(open_page, stack):
    page = open_page()
    page.goto("/account")
    page.get_by_role("button", name="Create token").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("nightly")
    page.get_by_role("dialog").get_by_role("button", name="Create token").click()
    secret = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    client = type(stack.client)(stack.url, secret)
    assert client.call("GET", "/api/workspaces").status == 200
    page.get_by_role("listitem").filter(has_text="nightly").get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("nightly")).to_have_count(0)
    assert client.call("GET", "/api/workspaces").status == 401


def test_a_workspace_is_made_and_shared(open_page, stack, space):
    colleague = f"colleague-{space.name}"
    stack.manage("create_user", colleague)
    page = open_page()
    page.goto(f"/w/{space.name}")
    page.get_by_role("button", name=f"Workspace {space.name}").click()
    page.get_by_role("menuitem", name="Create workspace").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(f"Retention {space.name}")
    dialog.get_by_role("button", name="Create workspace").click()
    page.wait_for_url("**/w/retention-*")
    page.goto(page.url.split("?")[0].rstrip("/") + "/settings?section=members")
    page.get_by_role("link", name="Members").or_(page.get_by_role("button", name="Members")).first.click()
    page.get_by_label("User name").fill(colleague)
    page.get_by_role("button", name="Add", exact=False).last.click()
    expect(page.get_by_role("combobox", name=f"Role of {colleague}")).to_be_visible()
    theirs = open_page(colleague)
    theirs.goto(page.url.split("/settings")[0])
    expect(theirs.get_by_role("heading", name="Home")).to_be_visible()


def test_data_from_a_datastore_then_archive_and_restore(open_page, space):
    upload = space.upload("part.csv", b"a,b\n1,2\n3,4\n")
    space.post("datastores/workspaceblobstore/files", {"upload": upload, "path": "sales/2026-01.csv"})
    page = open_page()
    page.goto(f"/w/{space.name}/data")
    page.get_by_role("button", name="New dataset").first.click()
    page.get_by_text("From a datastore").click()
    page.get_by_label("Path or glob").fill("sales/*.csv")
    page.get_by_role("button", name="Read").click()
    page.get_by_label("Name", exact=True).fill("sales")
    page.get_by_role("button", name="Create dataset").click()
    page.wait_for_url("**/data/*-*-*")
    expect(page.get_by_role("gridcell", name="3", exact=True).first).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived").first).to_be_visible()
    page.goto(f"/w/{space.name}/data")
    expect(page.get_by_role("link", name="sales")).to_have_count(0)
    page.get_by_label("Archived").click(force=True)
    page.get_by_role("link", name="sales").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Restore").click()
    page.goto(f"/w/{space.name}/data")
    expect(page.get_by_role("link", name="sales")).to_be_visible()


def test_an_invitation_lets_a_newcomer_in(open_page, browser, stack, space):
    page = open_page()
    page.goto(f"/w/{space.name}/settings?section=members")
    page.get_by_label("For whom").fill("whoever comes next")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("listitem").filter(has_text="whoever comes next")).to_contain_text("works until")

    guest = browser.new_context(base_url=stack.url).new_page()
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_contain_text(f"Join {space.name}")
    guest.get_by_label("User name").fill(f"guest-{space.name}")
    guest.get_by_label("Password", exact=True).fill("a long enough phrase")
    guest.get_by_role("button", name="Create account and join").click()
    expect(guest).to_have_url(re.compile(f"/w/{space.name}"))
    expect(guest.get_by_role("navigation").first).to_be_visible()
    guest.context.close()
    expect(page.get_by_text(f"Used by guest-{space.name}")).to_be_visible()


def test_a_sheet_of_a_workbook_becomes_a_dataset(open_page, space, tmp_path):
    from tests.studio.test_workbooks import workbook

    path = workbook(tmp_path / "sales.xlsx", {"First": [["a"], [1]], "Second": [["b", "c"], [2, "x"], [3, "y"]]})
    page = open_page()
    page.goto(f"/w/{space.name}/data")
    page.get_by_role("button", name="New dataset").first.click()
    page.get_by_label("Data file").set_input_files(path)
    page.get_by_role("combobox", name="Sheet").click()
    page.get_by_role("option", name="Second").click()
    expect(page.get_by_role("region", name="Preview of the first rows")).to_contain_text("y")
    page.get_by_role("button", name="Create dataset").click()
    expect(page.get_by_role("heading", name="sales", level=1)).to_be_visible()
    expect(page.get_by_text("2 rows").first).to_be_visible()


def test_a_zip_of_modules_is_kept_as_a_file_and_imported_by_a_script(open_page, space):
    from tests.studio.test_file_datasets import bundle, scripted

    page = open_page()
    page.goto(f"/w/{space.name}/data")
    page.get_by_role("button", name="New dataset").first.click()
    page.get_by_label("Data file").set_input_files(
        {"name": "modules.zip", "mimeType": "application/zip", "buffer": bundle(mine="ANSWER = 42\n")}
    )
    expect(page.get_by_text("The bytes stay as they are")).to_be_visible()
    page.get_by_role("button", name="Create dataset").click()
    expect(page.get_by_role("tab", name="Files")).to_be_visible()
    expect(page.get_by_role("cell", name="mine.py")).to_be_visible()

    drawing = scripted("modules")
    drawing["nodes"] = [node for node in drawing["nodes"] if node["id"] != "f"]
    drawing["edges"] = [edge for edge in drawing["edges"] if edge["source"] != "f"]
    designer = Designer(page, space)
    designer.open(space.draft(drawing, "Bundled"))
    designer.entry("modules").click()
    expect(designer.node("modules")).to_be_focused()
    designer.connect("modules", "Execute Python Script")
    designer.wait_saved()
    designer.submit()
    designer.expect_state("Execute Python Script", "completed")
    designer.select("Execute Python Script")
    expect(designer.dock.get_by_role("columnheader", name="answer")).to_be_visible()
