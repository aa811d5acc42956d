"""Change and announcement together; a cursor that replays. AC-2, AC-5."""

import pytest
from django.utils import timezone

from studio.core import units
from studio.core.activity import selectors, services
from studio.core.activity.models import Event

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def tell(workspace, count=1, **more):
    with units.unit():
        for number in range(count):
            units.announce(workspace.pk, "test.told", {"number": number}, **more)


def test_a_cursor_replays_what_came_after_in_order(workspace):
    start = selectors.last_seq(workspace.pk)
    tell(workspace, 3)
    replay = selectors.events_after(workspace.pk, start)
    assert [event["payload"]["number"] for event in replay.events] == [0, 1, 2]
    assert selectors.events_after(workspace.pk, replay.seq).events == []


def test_an_undone_change_is_never_told(workspace):
    start = selectors.last_seq(workspace.pk)
    with pytest.raises(ZeroDivisionError), units.unit():
        units.announce(workspace.pk, "test.told", {})
        raise ZeroDivisionError
    assert selectors.events_after(workspace.pk, start).events == []


def test_a_failed_inner_unit_takes_back_only_its_own(workspace):
    start = selectors.last_seq(workspace.pk)
    with units.unit():
        units.announce(workspace.pk, "test.outer", {})
        with pytest.raises(ZeroDivisionError), units.unit():
            units.announce(workspace.pk, "test.inner", {})
            raise ZeroDivisionError
    types = [event["type"] for event in selectors.events_after(workspace.pk, start).events]
    assert types == ["test.outer"]


def test_forgotten_events_ask_for_a_resync(workspace):
    start = selectors.last_seq(workspace.pk)
    tell(workspace, 5)
    Event.objects.filter(workspace=workspace, seq__lte=start + 3).update(expires_at=timezone.now())
    services.forget_events(now=timezone.now() + timezone.timedelta(seconds=1))
    assert selectors.events_after(workspace.pk, start).resync
    assert not selectors.events_after(workspace.pk, start + 3).resync


def test_a_cursor_from_another_database_asks_for_a_resync(workspace):
    assert selectors.events_after(workspace.pk, 10**9).resync


def test_announcing_outside_a_unit_is_a_mistake(workspace):
    with pytest.raises(RuntimeError):
        units.announce(workspace.pk, "test.told", {})
