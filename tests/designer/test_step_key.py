"""PL-1: the nine cases of reuse, and what a miss says."""

# ruff: noqa: E501 - one case a line reads as a table.

from __future__ import annotations

import pytest

from designer import step_key as module
from designer.catalog import default_catalog
from designer.plan import compile_plan
from designer.step_key import Difference, StepKey, step_key

from .graphs import draw

SPEC = default_catalog().find("split_data@1")
BASE = {"parameters": {"fraction": 0.5}, "inputs": {"dataset": ["aaa"]}, "environment": "env-1"}


def key(**changes):
    return step_key(SPEC, **{**BASE, **changes})


@pytest.mark.parametrize(
    ("case", "changes", "expected"),
    [
        ("nothing changed", {}, []),
        ("default written out", {"parameters": {"fraction": 0.5, "seed": 0}}, []),
        ("whole number for a decimal one", {"parameters": {"fraction": 0.5, "seed": 0.0}}, []),
        ("hidden parameter", {"parameters": {"fraction": 0.5, "pattern": "typed before"}}, []),
        ("parameter", {"parameters": {"fraction": 0.7}}, [Difference("parameters.fraction", 0.5, 0.7)]),
        ("input name", {"inputs": {"other": ["aaa"]}}, ["inputs.dataset", "inputs.other"]),
        ("new data version or bytes changed in place", {"inputs": {"dataset": ["bbb"]}}, [Difference("inputs.dataset", ["aaa"], ["bbb"])]),
        ("environment", {"environment": "env-2"}, [Difference("environment", "env-1", "env-2")]),
    ],
)  # fmt: skip
def test_pl1_cases(case, changes, expected):
    """Each change hits or misses, and a miss names the field."""
    new = key(**changes)
    found = new.difference(key())
    assert found == expected or [difference.field for difference in found] == expected
    assert (new.digest == key().digest) == (not expected)


def test_pl1_code(monkeypatch):
    """A change of the component's module is a miss; so is another version of a library."""
    old = key()
    monkeypatch.setattr(module, "code_digest", lambda name: ("other code", dict(old.libraries)))
    assert [difference.field for difference in key().difference(old)] == ["code"]
    monkeypatch.setattr(module, "code_digest", lambda name: (old.code, {**old.libraries, "polars": "99"}))
    assert [difference.field for difference in key().difference(old)] == ["libraries.polars"]


def test_pl1_ignored_file(tmp_path):
    """A module that the component does not import is not in its digest; those it imports are."""
    code, libraries = module.code_digest(SPEC.module)
    seen = module._read_module(SPEC.module)[1]
    assert "designer.expressions" in seen and "designer.learners" not in seen
    assert {"polars", "numpy"} <= set(libraries) and "sklearn" not in libraries
    assert len(code) == 64


def test_pl1_node_moved_or_renamed():
    """Title, comment and place of a node are not part of its step's key."""
    keys = []
    for title in (None, "Another name"):
        graph = draw({"e": "enter_data_manually", "s": "split_data"}, "e.dataset>s.dataset").dump()
        graph["nodes"][1] |= {"title": title, "comment": str(title)}
        plan = compile_plan(type(draw({})).parse(graph), default_catalog())
        keys.append(step_key(SPEC, plan.step("s").parameters, {"dataset": ["aaa"]}, "env").digest)
    assert keys[0] == keys[1]


def test_random_seed_and_sources_have_no_key():
    """What differs each time, or comes from outside, is never reused; a hidden seed does not count."""
    assert key(parameters={"seed": None}) is None
    assert key(parameters={"seed": None, "randomized": False}) is not None
    assert step_key(default_catalog().find("dataset@1"), {}, {}, "env") is None


def test_key_survives_json():
    """A stored key equals a new one."""
    assert StepKey.from_json(key().to_json()) == key() and StepKey.from_json(key().to_json()).digest == key().digest
