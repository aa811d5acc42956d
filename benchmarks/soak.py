"""``make soak``: kill processes at random while pipelines run, then look for anything lost, doubled or stuck."""

import argparse
import random
import sys
import time

import psutil

from tests.drawings import graph
from tests.stack import ENDED, Space, Stack, start_stack, wait_for

VICTIMS = ("-Q steps", "-Q control", "-Q scripts", "beat", "uvicorn", "valkey-server")


def drawing(salt: int) -> dict:
    query = f"SELECT count(*) + {salt} AS n, sum(hash(a.range) % 7) AS h FROM range(20000000) a"
    return graph(
        ("d", "enter_data_manually@1", {"data": f"a\n{salt}\n", "has_header": True}),
        ("slow", "apply_sql_transformation@1", {"query": query}),
        ("after", "split_data@1", {}),
        edges=(("d.dataset", "slow.t1"), ("slow.dataset", "after.dataset")),
    )


def kill_one(stack: Stack, chance: random.Random) -> str:
    """Kill a random process of a random kind, or a pool child."""
    victim = chance.choice(VICTIMS)
    found = stack.processes(victim)
    if not found:
        return "nobody"
    process = chance.choice(found)
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return "nobody"
    return victim


def audit(space: Space, runs: list[dict]) -> list[str]:
    """Return what is wrong, in sentences."""
    wrong = []
    for run in runs:
        run = wait_for(
            lambda run=run: _patient(space, f"runs/{run['id']}"),
            lambda seen: seen and seen["status"] in ENDED,
            180,
            0.5,
        )
        steps = space.get(f"runs/{run['id']}/steps")
        if len({step["node"] for step in steps}) != len(steps):
            wrong.append(f"run {run['number']} has a step twice")
        lost = [step for step in steps if step["status"] == "failed" and step["failure"]["code"] != "worker_lost"]
        if run["status"] == "completed" and any(not step["outputs"] for step in steps):
            wrong.append(f"run {run['number']} completed without an output")
        if run["status"] not in ("completed", "failed") or lost:
            wrong.append(f"run {run['number']} ended {run['status']}: {lost and lost[0]['failure']['detail']}")
    stuck = [row["title"] for row in space.get("activities?steps=true&limit=200")["results"] if _unfinished(row)]
    wrong += [f"{title} is stuck" for title in stuck]
    told = {}
    after, seen = 0, []
    while True:
        page = space.get(f"events?after={after}&limit=1000")
        if page["resync"]:
            wrong.append("events were forgotten")
        seen += [event["seq"] for event in page["events"]]
        for event in page["events"]:
            if event["type"] == "activity.changed":
                told[event["payload"]["id"]] = event["payload"]["status"]
        if not page["events"]:
            break
        after = page["seq"]
    if seen != list(range(1, len(seen) + 1)):
        wrong.append("the events have a gap or a repeat")
    for run in runs:
        for row in (space.get(f"runs/{run['id']}"), *space.get(f"runs/{run['id']}/steps")):
            if told.get(row["id"]) != row["status"]:
                wrong.append(f"{row['id']} is {row['status']}, and the events say {told.get(row['id'])}")
    return wrong


def _submitted(space: Space, number: int) -> dict:
    """Submit a run, again and again while the web process is away; every run is acknowledged in the end."""
    draft = wait_for(lambda: _tried(lambda: space.draft(drawing(number), f"Soak {number}")), bool, 60, 0.2)
    return wait_for(lambda: _tried(lambda: space.submit(draft)), bool, 60, 0.2)


def _tried(act):
    try:
        return act()
    except OSError:
        return None


def _unfinished(row: dict) -> bool:
    return row["status"] not in ENDED


def _patient(space: Space, path: str):
    try:
        return space.get(path)
    except (OSError, AssertionError):
        return None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    stack = start_stack()
    try:
        space = stack.new_workspace()
        runs: list[dict] = []
        counts: dict[str, int] = {}
        for number in range(asked.kills):
            if number % 2 == 0:
                runs.append(_submitted(space, number))
            time.sleep(chance.uniform(0.2, 2.0))
            victim = kill_one(stack, chance)
            counts[victim] = counts.get(victim, 0) + 1
        wait_for(lambda: _patient(space, "activities"), bool, 60)
        wrong = audit(space, runs)
    finally:
        stack.stop()
    told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
    print(f"{asked.kills} kills ({told}), {len(runs)} runs")
    print("\n".join(wrong) or "Nothing lost, doubled or stuck.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
