"""People, roles, tokens, links and passwords. WS-2, WS-3."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from studio.core import errors
from studio.core.activity import selectors as activity
from studio.core.workspaces import access, selectors, services
from studio.core.workspaces.models import LoginLink, Member, Token, User, Workspace
from tests import factories

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def told(workspace, start=0):
    return [(event["type"], event["payload"]) for event in activity.events_after(workspace.pk, start).events]


def membership(workspace, user) -> Member:
    return Member.objects.get(workspace=workspace, user=user)


def test_the_maker_of_a_workspace_owns_it(owner):
    workspace = services.create_workspace(actor=owner, name="alpha")
    assert membership(workspace, owner).role == "owner" and workspace.friendly_name == "alpha"
    with pytest.raises(errors.Conflict):
        services.create_workspace(actor=factories.user(), name="alpha")
    assert Workspace.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["", "a", "Upper", "with space", "1digit", "-dash", "ä-b", "x" * 64, "../up", "a\x00b"]
)
def test_a_workspace_name_is_a_word_for_an_address(owner, name):
    with pytest.raises(ValidationError):
        services.create_workspace(actor=owner, name=name)
    assert not Workspace.objects.exists()


def test_the_last_owner_is_kept(workspace, owner):
    only = membership(workspace, owner)
    for refused in (
        lambda: services.remove_member(member=only),
        lambda: services.change_role(member=only, role="reader"),
    ):
        with pytest.raises(errors.Conflict):
            refused()
        assert Member.objects.get(pk=only.pk).role == "owner"
    services.change_role(member=only, role="owner")  # no change at all is allowed
    factories.member(workspace, "owner")
    services.change_role(member=only, role="reader")
    assert Member.objects.get(pk=only.pk).role == "reader"
    last = Member.objects.get(workspace=workspace, role="owner")
    with pytest.raises(errors.Conflict):
        services.remove_member(member=last)


def test_an_owner_elsewhere_does_not_count(workspace, owner):
    other = factories.workspace(factories.user())
    services.add_member(workspace=other, username=owner.username, role="owner")
    with pytest.raises(errors.Conflict):
        services.remove_member(member=membership(workspace, owner))


def test_every_change_of_members_is_told_ac_5(workspace):
    somebody = factories.user()
    start = activity.last_seq(workspace.pk)
    member = services.add_member(workspace=workspace, username=somebody.username, role="reader")
    services.change_role(member=member, role="contributor")
    services.remove_member(member=member)
    assert told(workspace, start) == [("workspaces.member_changed", {"user": str(somebody.pk)})] * 3
    services.update_workspace(workspace=workspace, friendly_name="New")
    services.archive_workspace(workspace=workspace)
    assert told(workspace, start)[3:] == [("workspaces.workspace_changed", {})] * 2


def test_only_known_people_join_and_only_once(workspace, owner):
    gone = factories.user()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    start = activity.last_seq(workspace.pk)
    for username in ("nobody", gone.username, "' OR 1=1 --"):
        with pytest.raises(errors.InvalidInput):
            services.add_member(workspace=workspace, username=username, role="reader")
    with pytest.raises(errors.Conflict):
        services.add_member(workspace=workspace, username=owner.username, role="reader")
    assert membership(workspace, owner).role == "owner" and told(workspace, start) == []


def test_a_removed_member_is_a_stranger_at_once_ws_2(workspace):
    somebody = factories.member(workspace, "contributor")
    assert access.membership(somebody, workspace.name).role == "contributor"
    services.remove_member(member=membership(workspace, somebody))
    with pytest.raises(errors.NotAllowed):
        access.membership(somebody, workspace.name)
    assert list(selectors.memberships(somebody)) == []


def test_an_archived_workspace_is_closed_to_all(workspace, owner):
    services.archive_workspace(workspace=workspace)
    with pytest.raises(errors.NotAllowed):
        access.membership(owner, workspace.name)


def test_roles_contain_each_other():
    reader, contributor, owner = (access.ACTIONS[role] for role in ("reader", "contributor", "owner"))
    assert reader < contributor < owner
    assert all(action.endswith(".view") for action in reader)


# tokens


def test_a_token_is_shown_once_and_kept_as_a_hash(owner):
    token, secret = services.create_token(user=owner, name="script")
    row = Token.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row) and secret.startswith(row["prefix"]) and len(secret) > 40
    assert services.use_token(secret=secret).user == owner
    for wrong in ("", secret[:-1], secret + "x", row["digest"], row["prefix"]):
        assert services.use_token(secret=wrong) is None


def test_revoked_expired_and_foreign_tokens_open_nothing(owner):
    token, secret = services.create_token(user=owner, name="script")
    with pytest.raises(errors.NotFound):
        services.revoke_token(user=factories.user(), token_id=token.pk)
    assert services.use_token(secret=secret)
    services.revoke_token(user=owner, token_id=token.pk)
    assert services.use_token(secret=secret) is None
    _, old = services.create_token(user=owner, name="old", expires_at=timezone.now() - timedelta(seconds=1))
    _, new = services.create_token(user=owner, name="new", expires_at=timezone.now() + timedelta(hours=1))
    assert services.use_token(secret=old) is None and services.use_token(secret=new)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert services.use_token(secret=new) is None


def test_the_use_of_a_token_is_noted_but_not_at_every_request(owner, django_assert_num_queries):
    token, secret = services.create_token(user=owner, name="script")
    services.use_token(secret=secret)
    token.refresh_from_db()
    assert token.last_used_at is not None
    with django_assert_num_queries(1):
        services.use_token(secret=secret)


def test_a_bad_token_over_http_is_a_401_with_a_problem(workspace, owner):
    for header in ("Bearer nonsense", "Bearer ", "Bearer a b c"):
        response = Client(headers={"authorization": header}).get("/api/workspaces")
        assert response.status_code == 401 and response.json()["code"] == "unauthenticated"


# links and passwords


def test_a_login_link_works_once(owner):
    secret = services.create_login_link(user=owner)
    assert secret not in str(LoginLink.objects.values().get())
    browser = Client()
    assert browser.get(f"/login/{secret}").headers["Location"] == "/"
    assert browser.get("/api/session").json()["user"]["username"] == owner.username
    second = Client()
    assert "sign-in" in second.get(f"/login/{secret}").headers["Location"]
    assert second.get("/api/session").json()["user"] is None


def test_old_and_unknown_links_and_those_of_closed_accounts_open_nothing(owner):
    assert services.use_login_link(secret=services.create_login_link(user=owner, lifetime=timedelta(0))) is None
    assert services.use_login_link(secret="nonsense") is None
    secret = services.create_login_link(user=owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    browser = Client()
    browser.get(f"/login/{secret}")
    assert browser.get("/api/session").json()["user"] is None


def test_a_password_is_changed_with_the_current_one_only():
    user = services.create_user(username="ada", password="first secret 1")
    for current, new in (("wrong", "second secret 2"), ("", "second secret 2")):
        with pytest.raises(errors.InvalidInput):
            services.change_password(user=user, current=current, new=new)
    with pytest.raises(ValidationError):
        services.change_password(user=user, current="first secret 1", new="123")
    user.refresh_from_db()
    assert user.check_password("first secret 1")
    services.change_password(user=user, current="first secret 1", new="second secret 2")
    user.refresh_from_db()
    assert user.check_password("second secret 2")


def test_after_a_change_this_session_stays_and_the_others_end():
    services.create_user(username="ada", password="first secret 1")
    here, there = Client(), Client()
    for browser in (here, there):
        body = {"username": "ada", "password": "first secret 1"}
        assert browser.post("/api/session", body, content_type="application/json").status_code == 200
    changed = here.post(
        "/api/session/password",
        {"current_password": "first secret 1", "new_password": "second secret 2"},
        content_type="application/json",
    )
    assert changed.status_code == 204
    assert here.get("/api/session").json()["user"]["username"] == "ada"
    assert there.get("/api/session").json()["user"] is None


def test_somebody_without_a_password_sets_the_first_one_after_a_link(owner):
    services.change_password(user=owner, current="", new="first secret 1")
    owner.refresh_from_db()
    assert owner.check_password("first secret 1")


def test_a_taken_user_name_is_refused():
    services.create_user(username="ada")
    with pytest.raises(errors.Conflict):
        services.create_user(username="ada")
    assert User.objects.count() == 1
