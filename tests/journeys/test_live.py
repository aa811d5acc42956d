"""The socket of a workspace: every event, in order, to those who may hear it. AC-2, AC-5, WS-2."""

import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.crowd import Browser
from tests.drawings import graph
from tests.stack import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

PIPELINE = graph(
    ("d", "enter_data_manually@1", {"data": "a\n1\n2\n3\n4\n", "has_header": True}),
    ("s", "split_data@1", {}),
    edges=(("d.dataset", "s.dataset"),),
)


@pytest.fixture(scope="module")
def people(stack):
    """The owner and two more accounts, each signed in once."""
    for name in ("reader-live", "stranger-live"):
        stack.manage("create_user", name, check=False)
    return {name: Browser(stack, name) for name in ("owner", "reader-live", "stranger-live")}


def message(socket, seconds: float = 20) -> dict:
    return json.loads(socket.recv(timeout=seconds))


def heard(socket, done) -> list[dict]:
    """All events until one of them is the last that is waited for."""
    events = []
    while not any(done(event) for event in events):
        answer = message(socket, 40)
        assert answer["type"] == "events", answer
        events += answer["events"]
    return events


def ended(run: dict):
    return lambda event: (
        event["type"] == "activity.changed"
        and event["payload"]["id"] == run["id"]
        and event["payload"]["status"] == "completed"
    )


def replayed(space, after: int, until: int) -> list[dict]:
    """The same events as the API tells them, page by page."""
    events = []
    while after < until:
        answer = space.get(f"events?after={after}&limit=7")
        assert not answer["resync"]
        events += answer["events"]
        after = answer["seq"]
    return [event for event in events if event["seq"] <= until]


def close_code(socket) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=20)
    return closed.value.rcvd.code


def test_a_run_is_heard_in_order_without_a_gap_and_as_the_api_tells_it_ac_5(space, people):
    start = space.get("events?after=0")["seq"]
    with people["owner"].socket(space.name, after=start) as socket:
        assert message(socket) == {"type": "hello", "seq": start}
        run = space.submit(space.draft(PIPELINE))
        events = heard(socket, ended(run))
    seqs = [event["seq"] for event in events]
    assert seqs == list(range(start + 1, start + 1 + len(seqs)))
    assert events == replayed(space, start, seqs[-1])
    statuses = {}
    for event in events:
        if event["type"] == "activity.changed":
            node = event["payload"]["node"] or "run"
            assert event["payload"]["previous"] == statuses.get(node, event["payload"]["previous"]), "no move is missed"
            statuses[node] = event["payload"]["status"]
    assert statuses == {"run": "completed", "d": "completed", "s": "completed"}
    last = [e["payload"] for e in events if e["type"] == "activity.changed" and e["payload"]["node"] == "s"][-1]
    assert last["parent"] == run["id"] and {output["port"] for output in last["outputs"]} == {"first", "second"}


def test_what_happened_while_nobody_listened_is_replayed_ac_2(space, people):
    browser = people["owner"]
    start = space.get("events?after=0")["seq"]
    with browser.socket(space.name, after=start) as socket:
        message(socket)
        run = space.submit(space.draft(PIPELINE))
        first = message(socket)["events"]
    space.finished(run)
    with browser.socket(space.name, after=first[-1]["seq"]) as socket:
        assert message(socket)["type"] == "hello"
        rest = heard(socket, ended(run))
    seqs = [event["seq"] for event in first + rest]
    assert seqs == list(range(start + 1, seqs[-1] + 1)), "nothing lost, nothing twice"
    assert first + rest == replayed(space, start, seqs[-1])
    assert run["id"] in [activity["id"] for activity in space.get("activities/unread")["results"]]


def test_two_listeners_hear_the_same(space, people):
    start = space.get("events?after=0")["seq"]
    with people["owner"].socket(space.name, after=start) as one, people["owner"].socket(space.name) as other:
        assert message(one) == message(other) == {"type": "hello", "seq": start}
        run = space.submit(space.draft(PIPELINE))
        assert heard(one, ended(run)) == heard(other, ended(run))


def test_a_cursor_from_another_life_asks_for_a_resync(space, people):
    with people["owner"].socket(space.name, after=10**9) as socket:
        hello = message(socket)
        assert message(socket) == {"type": "resync", "seq": hello["seq"]}


def test_pings_are_answered_and_nonsense_closes_nothing_else(space, people):
    with people["owner"].socket(space.name, after="nonsense") as socket:
        message(socket)
        for text in ('{"type": "ping"}', "[1]", '"text"', "{}", '{"type": "ping"}'):
            socket.send(text)
        assert [message(socket), message(socket)] == [{"type": "pong"}] * 2
        socket.send("not json")
        socket.send('{"type": "ping"}')
        assert message(socket) == {"type": "pong"}


def test_a_stranger_is_closed_with_4403_whether_the_workspace_exists_or_not_ws_2(space, people):
    for name in (space.name, "no-such-space"):
        with people["stranger-live"].socket(name, after=0) as socket:
            assert close_code(socket) == 4403


def test_without_a_sign_in_it_is_closed_with_4401(stack, space):
    with Browser(stack, None).socket(space.name, after=0) as socket:
        assert close_code(socket) == 4401


def test_a_page_of_another_site_cannot_connect(space, people):
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example"):
        with pytest.raises(InvalidStatus) as refused:
            people["owner"].socket(space.name, origin=origin)
        assert refused.value.response.status_code == 403


def test_a_removed_member_hears_nothing_more_ws_2(space, people):
    member = space.post("members", {"username": "reader-live", "role": "reader"})
    with people["reader-live"].socket(space.name) as socket:
        assert message(socket)["type"] == "hello"
        assert space.call("DELETE", f"members/{member['user']['id']}").status == 204
        space.post("drafts", {"name": "Secret", "graph": PIPELINE})
        types = []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                types += [event["type"] for event in message(socket)["events"]]
    assert closed.value.rcvd.code == 4403
    assert types == []


def test_a_reader_hears_what_others_do_and_nothing_of_the_workspace_beside_it_ws_2(stack, space, people):
    other = stack.new_workspace()
    member = space.post("members", {"username": "reader-live", "role": "reader"})
    start = space.get("events?after=0")["seq"]
    with people["reader-live"].socket(other.name, after=0) as closed:
        assert close_code(closed) == 4403
    with people["reader-live"].socket(space.name, after=start) as socket:
        assert message(socket)["type"] == "hello"
        other.post("drafts", {"name": "Secret", "graph": PIPELINE})
        run = space.submit(space.draft(PIPELINE))
        events = heard(socket, ended(run))
        assert events == replayed(space, start, events[-1]["seq"]) and "Secret" not in json.dumps(events)
        # another role that may still look keeps the socket; what it says is not obeyed, it is only a ping
        answer = space.call("PATCH", f"members/{member['user']['id']}", {"role": "contributor"})
        assert answer.status == 200
        socket.send(json.dumps({"type": "subscribe", "workspace": other.name}))
        socket.send('{"type": "ping"}')
        while (told := message(socket))["type"] != "pong":
            assert told["type"] == "events"


def test_an_archived_workspace_falls_silent(space, people):
    with people["owner"].socket(space.name) as socket:
        message(socket)
        assert space.client.call("DELETE", f"/api/workspaces/{space.name}").status == 204
        assert close_code(socket) == 4403


def test_polling_tells_the_same_when_sockets_are_blocked_ac_5(space):
    start = space.get("events?after=0")["seq"]
    run = space.submit(space.draft(PIPELINE))
    cursor, events = start, []

    def poll():
        nonlocal cursor
        answer = space.get(f"events?after={cursor}&limit=3")
        events.extend(answer["events"])
        cursor = answer["seq"]
        return events

    wait_for(poll, lambda seen: any(ended(run)(event) for event in seen), 40)
    assert [event["seq"] for event in events] == list(range(start + 1, cursor + 1))
