"""Invitations by link: once, for a while, with an account one has or makes."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from studio.core import errors
from studio.core.workspaces import invitations
from studio.core.workspaces.models import Invitation, Member, User
from tests import factories
from tests.contracts.test_http import assert_problem, call, client_of

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def invited(client, workspace, **body) -> str:
    answer = call(
        client, "POST", f"/api/workspaces/{workspace.name}/invitations", json.dumps({"role": "contributor", **body})
    )
    assert answer.status_code == 201, answer.content
    return json.loads(answer.content)["url"].rsplit("/", 1)[-1]


def test_a_new_account_joins_once(workspace, owner):
    secret = invited(client_of(owner), workspace, note="for the new colleague")
    assert not Invitation.objects.filter(digest=secret).exists(), "only the hash is kept"
    told = json.loads(Client().get(f"/api/invitations/{secret}").content)
    assert (told["workspace"], told["role"], told["invited_by"]) == (workspace.name, "contributor", owner.username)
    guest = Client()
    weak = json.dumps({"username": "guest", "password": "1234"})
    assert_problem(call(guest, "POST", f"/api/invitations/{secret}/acceptance", weak), 422)
    assert not User.objects.filter(username="guest").exists(), "a refused acceptance makes nothing"
    good = json.dumps({"username": "guest", "password": "a long enough phrase"})
    answer = call(guest, "POST", f"/api/invitations/{secret}/acceptance", good)
    assert answer.status_code == 201 and json.loads(answer.content)["role"] == "contributor"
    assert guest.get(f"/api/workspaces/{workspace.name}").status_code == 200, "signed in at once"
    assert_problem(call(Client(), "POST", f"/api/invitations/{secret}/acceptance", good), 404)


def test_a_signed_in_person_joins_with_the_account_they_have(workspace, owner):
    secret = invited(client_of(owner), workspace, role="reader")
    person = factories.user()
    answer = call(client_of(person), "POST", f"/api/invitations/{secret}/acceptance")
    assert answer.status_code == 201
    assert Member.objects.get(workspace=workspace, user=person).role == "reader"


def test_an_owner_who_opens_the_link_keeps_the_role_and_the_link(workspace, owner):
    _, secret = invitations.invite(actor=owner, workspace=workspace, role="reader", days=1)
    with pytest.raises(errors.Conflict):
        invitations.accept(secret=secret, user=owner)
    assert Member.objects.get(workspace=workspace, user=owner).role == "owner"
    assert invitations.accept(secret=secret, user=factories.user()).role == "reader"


def test_old_and_withdrawn_links_do_not_work(workspace, owner):
    made, secret = invitations.invite(actor=owner, workspace=workspace, role="reader", days=1)
    Invitation.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.NotFound):
        invitations.accept(secret=secret, user=factories.user())
    made, secret = invitations.invite(actor=owner, workspace=workspace, role="reader", days=1)
    invitations.withdraw(workspace=workspace, invitation_id=made.pk)
    with pytest.raises(errors.NotFound):
        invitations.open_invitation(secret)
    with pytest.raises(errors.InvalidInput):
        invitations.invite(actor=owner, workspace=workspace, role="reader", days=1000)
    with pytest.raises(errors.NotFound):
        invitations.withdraw(workspace=factories.workspace(owner), invitation_id=made.pk)
