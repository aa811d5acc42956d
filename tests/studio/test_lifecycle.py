"""One door, one lifecycle: RU-1, AC-3."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core import errors
from studio.core.activity import lifecycle, services, statuses, sweep
from studio.core.activity.lifecycle import Move
from studio.core.activity.models import Activity, Event

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def make(workspace, status="not_started", **fields) -> Activity:
    made = services.create(workspace=workspace, kind="step", title="Work", actor=None, task="t.t")
    Activity.objects.filter(pk=made.pk).update(status=status, **fields)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("origin", statuses.STATUSES)
@pytest.mark.parametrize("target", statuses.STATUSES)
def test_every_pair_moves_or_refuses_ru_1(workspace, origin, target):
    activity = make(workspace, origin)
    if target in statuses.MOVES[origin]:
        assert lifecycle.move(activity.pk, target) is Move.DONE
    elif origin == target:
        assert lifecycle.move(activity.pk, target) is Move.UNCHANGED
    else:
        with pytest.raises(errors.IllegalMove):
            lifecycle.move(activity.pk, target)
        target = origin
    activity.refresh_from_db()
    assert activity.status == target
    assert (activity.finished_at is not None) == (target in statuses.TERMINAL and origin != target)


def test_lists_of_states_are_computed_from_the_chain():
    assert {"completed", "failed", "canceled", "skipped"} == statuses.TERMINAL
    assert set(statuses.STATUSES) == statuses.TERMINAL | statuses.UNFINISHED
    assert statuses.MOVES["queued"] >= {"completed"}, "a reused step goes straight to completed"


def test_a_move_and_its_event_are_one_act(workspace):
    activity = make(workspace)
    before = Event.objects.count()
    lifecycle.move(activity.pk, "queued")
    event = Event.objects.latest("seq")
    assert Event.objects.count() == before + 1
    assert (event.type, event.payload["status"], event.payload["previous"]) == (
        "activity.changed",
        "queued",
        "not_started",
    )
    lifecycle.move(activity.pk, "queued")
    assert Event.objects.count() == before + 1, "a move that changes nothing announces nothing"


def test_claim_is_won_once(workspace):
    activity = make(workspace, "queued")
    first = lifecycle.claim(activity.pk, holder="one", pid=1)
    assert first.lease and first.attempt == 1
    assert lifecycle.claim(activity.pk, holder="two", pid=2) is None


def test_a_lost_claim_cannot_end_the_work(workspace):
    activity = make(workspace, "queued")
    mine = lifecycle.claim(activity.pk, holder="one", pid=1)
    lifecycle.move(activity.pk, "not_responding")
    lifecycle.move(activity.pk, "queued")
    lifecycle.claim(activity.pk, holder="two", pid=2)
    with pytest.raises(errors.IllegalMove):
        lifecycle.move(activity.pk, "completed", lease=mine.lease)


def test_sweep_recovers_a_lost_worker_then_gives_up_ac_3(workspace):
    activity = make(workspace, "queued")
    Activity.objects.filter(pk=activity.pk).update(max_attempts=2)
    for attempt in (1, 2):
        claimed = lifecycle.claim(activity.pk, holder="gone", pid=1)
        assert claimed.attempt == attempt
        Activity.objects.filter(pk=activity.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        sweep.sweep()
        activity.refresh_from_db()
        assert activity.status == ("queued" if attempt == 1 else "failed")
    assert activity.failure["code"] == "worker_lost"
    assert "2 of 2" in activity.failure["detail"]


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_costs_no_worker_its_work_ac_3(workspace, monkeypatch, hours):
    monkeypatch.setattr(sweep, "_clocks", None)
    working, waiting = make(workspace, "queued"), make(workspace, "queued", enqueued_at=timezone.now())
    claimed = lifecycle.claim(working.pk, holder="one", pid=1)
    sweep.sweep()
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
    sweep.sweep()
    working.refresh_from_db()
    assert (working.status, working.lease) == (claimed.status, claimed.lease), "it may live: it gets a new lease"
    assert abs(working.lease_expires_at - timezone.now()) < timedelta(seconds=10)
    # from here on the new clock counts: who does not beat is lost, who waits is called again, neither an hour later
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours, seconds=4))
    monkeypatch.setattr(sweep, "_clocks", (timezone.now(), time.monotonic()))
    sweep.sweep()
    working.refresh_from_db()
    waiting.refresh_from_db()
    assert working.status in ("queued", "failed") and working.lease is None
    assert abs(waiting.enqueued_at - timezone.now()) < timedelta(seconds=3)
    lifecycle.claim(waiting.pk, holder="two", pid=2)
    assert lifecycle.move(waiting.pk, "completed") is Move.DONE


def test_sweep_ends_a_canceled_activity_without_a_holder(workspace):
    activity = make(workspace, "queued")
    lifecycle.claim(activity.pk, holder="gone", pid=1)
    services.cancel(activity)
    activity.refresh_from_db()
    assert activity.status == "canceling"
    Activity.objects.filter(pk=activity.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep.sweep()
    activity.refresh_from_db()
    assert activity.status == "canceled"


def test_cancel_cascades_and_a_second_cancel_is_refused(workspace):
    parent = make(workspace, "running")
    waiting, working = make(workspace, "queued", parent=parent), make(workspace, "running", parent=parent)
    services.cancel(parent)
    states = [Activity.objects.get(pk=row.pk).status for row in (parent, waiting, working)]
    assert states == ["canceling", "canceled", "canceling"]
    lifecycle.move(working.pk, "canceled")
    with pytest.raises(errors.IllegalMove):
        services.cancel(waiting)


@pytest.mark.django_db(transaction=True, databases=["default", "metrics"])
def test_events_are_numbered_in_the_order_of_commits():
    from tests import factories

    space = factories.workspace(factories.user())
    activities = [make(space) for _ in range(8)]

    def work(activity):
        from django.db import connections

        lifecycle.move(activity.pk, "queued")
        lifecycle.move(activity.pk, "running")
        connections.close_all()

    threads = [threading.Thread(target=work, args=(activity,)) for activity in activities]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = list(Event.objects.filter(workspace=space).order_by("id").values_list("seq", flat=True))
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), "no gap, none twice"


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(statuses.STATUSES), max_size=12))
def test_no_walk_leaves_a_final_state(path):
    state = "not_started"
    for target in path:
        if target in statuses.MOVES[state]:
            assert state not in statuses.TERMINAL
            state = target


def test_archiving_a_workspace_stops_what_goes_on_in_it(workspace):
    from studio.core.workspaces import services as people

    waiting, working = make(workspace, "queued"), make(workspace, "queued")
    lifecycle.claim(working.pk, holder="one", pid=1)
    people.archive_workspace(workspace=workspace)
    sweep.sweep()
    assert [Activity.objects.get(pk=row.pk).status for row in (waiting, working)] == ["canceled", "canceling"]
