"""Each issue code has a graph that shows it, and sound graphs have none (PL-6)."""

# ruff: noqa: E501 - one case a line reads as a table.

from __future__ import annotations

import pytest

from designer.issues import CODES
from designer.schema import TableSchema
from designer.validation import validate

from .graphs import KEEP_ALL, draw

DATA = ("dataset", {"dataset": {"name": "d", "version": "latest"}})
SCHEMA = TableSchema.of(age="integer", city="string", paid="float")


def names(*values):
    return {"columns": {"rules": [{"action": "include", "by": "names", "values": list(values)}]}}


CASES = [
    ("empty_graph", {}, "", (None, None, None)),
    ("unknown_component", {"a": "teleport@3"}, "", ("a", None, None)),
    ("unknown_component", {"a": "split_data@99"}, "", ("a", None, None)),
    ("unknown_node", {"d": DATA}, "d.dataset>x.dataset", ("d", None, None)),
    ("unknown_port", {"d": DATA, "s": "split_data"}, "d.other>s.dataset", ("d", "other", None)),
    ("unknown_port", {"d": DATA, "s": "split_data"}, "d.dataset>s.dataset d.dataset>s.door", ("s", "door", None)),
    ("type_mismatch", {"d": DATA, "t": ("train_model", {"label": "age"})}, "d.dataset>t.untrained_model d.dataset>t.dataset", ("t", "untrained_model", None)),
    ("duplicate_edge", {"d": DATA, "s": "split_data"}, "d.dataset>s.dataset d.dataset>s.dataset", ("s", "dataset", None)),
    ("too_many_connections", {"d": DATA, "e": DATA, "s": "split_data"}, "d.dataset>s.dataset e.dataset>s.dataset", ("s", "dataset", None)),
    ("cycle", {"a": ("select_columns", KEEP_ALL), "b": ("select_columns", KEEP_ALL)}, "a.dataset>b.dataset b.dataset>a.dataset", ("a", None, None)),
    ("cycle", {"a": ("select_columns", KEEP_ALL)}, "a.dataset>a.dataset", ("a", None, None)),
    ("missing_input", {"s": "split_data"}, "", ("s", "dataset", None)),
    ("unknown_parameter", {"d": DATA, "s": ("split_data", {"speed": 3})}, "d.dataset>s.dataset", ("s", None, "speed")),
    ("missing_parameter", {"d": "dataset"}, "", ("d", None, "dataset")),
    ("missing_parameter", {"d": DATA, "s": "select_columns"}, "d.dataset>s.dataset", ("s", None, "columns")),
    ("missing_parameter", {"d": DATA, "s": ("split_data", {"stratified": True})}, "d.dataset>s.dataset", ("s", None, "strata_column")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"fraction": 1.5})}, "d.dataset>s.dataset", ("s", None, "fraction")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"fraction": "half"})}, "d.dataset>s.dataset", ("s", None, "fraction")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"fraction": True})}, "d.dataset>s.dataset", ("s", None, "fraction")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"seed": -1})}, "d.dataset>s.dataset", ("s", None, "seed")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"mode": "magic"})}, "d.dataset>s.dataset", ("s", None, "mode")),
    ("invalid_parameter", {"d": DATA, "s": ("select_columns", {"columns": {"rules": [{"action": "include", "by": "pattern", "values": ["("]}]}})}, "d.dataset>s.dataset", ("s", None, "columns")),
    ("invalid_parameter", {"d": DATA, "s": ("split_data", {"mode": "relative_expression", "expression": "age >"})}, "d.dataset>s.dataset", ("s", None, "expression")),
    ("invalid_parameter", {"d": DATA, "n": ("normalize_data", names("city"))}, "d.dataset>n.dataset", ("n", None, "columns")),
    ("invalid_parameter", {"d": DATA, "u": "linear_regression", "t": ("train_model", {"label": "age"})}, "u.untrained_model>t.untrained_model d.dataset>t.dataset", ("t", "dataset", None)),
    ("invalid_parameter", {"e": ("enter_data_manually", {"data": "a,b\n1"})}, "", ("e", None, "data")),
    ("unknown_column", {"d": DATA, "s": ("select_columns", names("agee"))}, "d.dataset>s.dataset", ("s", "dataset", "columns")),
    ("unknown_column", {"d": DATA, "s": ("select_columns", names("age")), "n": ("normalize_data", names("paid"))}, "d.dataset>s.dataset s.dataset>n.dataset", ("n", "dataset", "columns")),
    ("unknown_column", {"d": DATA, "s": ("split_data", {"mode": "relative_expression", "expression": "wage > 3"})}, "d.dataset>s.dataset", ("s", None, "expression")),
    ("unknown_column", {"d": DATA, "u": "two_class_boosted_decision_tree", "t": ("train_model", {"label": "sex"})}, "u.untrained_model>t.untrained_model d.dataset>t.dataset", ("t", "dataset", "label")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "nodes", "edges", "where"), CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)]
)
def test_pl6_each_code(code, nodes, edges, where, catalog):
    """The issue names its place, and carries a message and a fix."""
    issues = validate(draw(nodes, edges), catalog, dict.fromkeys(nodes, SCHEMA)).issues
    found = [issue for issue in issues if issue.code == code]
    assert where in [(issue.node, issue.port, issue.parameter) for issue in found], issues
    assert {issue.code for issue in issues} == {code}
    for issue in found:
        assert issue.message.endswith(".") and issue.fix and issue.severity == "error"
        assert issue.code in CODES


def test_a_cycle_hides_no_innocent_node(catalog):
    """The nodes behind a cycle are not blamed for it."""
    keep = ("select_columns", KEEP_ALL)
    graph = draw({"z": keep, "a": keep, "b": keep}, "a.dataset>b.dataset b.dataset>a.dataset")
    graph = draw(
        {"a": keep, "b": "apply_sql_transformation", "z": keep},
        "a.dataset>b.t1 b.dataset>a.dataset b.dataset>z.dataset",
    )
    (issue,) = validate(graph, catalog, {}).issues
    assert issue.code == "cycle" and "a" in issue.node


def test_hidden_parameters_do_not_count(catalog):
    """What was typed before a mode was changed neither complains nor stays in the plan."""
    graph = draw({"d": DATA, "s": ("split_data", {"mode": "fraction", "pattern": 7})}, "d.dataset>s.dataset")
    assert validate(graph, catalog, {"d": SCHEMA}).issues == []


def test_excluded_unknown_column_is_a_warning(catalog):
    """Leaving out what is not there does no harm."""
    rules = {"columns": {"rules": [{"action": "exclude", "by": "names", "values": ["gone"]}]}}
    graph = draw({"d": DATA, "s": ("select_columns", rules)}, "d.dataset>s.dataset")
    validation = validate(graph, catalog, {"d": SCHEMA})
    assert [issue.severity for issue in validation.issues] == ["warning"] and not validation.errors


def test_mm5_schemas_are_told_without_data(catalog):
    """MM-5: columns, types and roles arrive at the end of a graph that has not run."""
    graph = draw(
        {
            "d": DATA, "c": ("clean_missing_data", {"mode": "mean", "indicator": True}), "s": "split_data",
            "u": "two_class_boosted_decision_tree", "t": ("train_model", {"label": "city"}), "p": "score_model",
        },
        "d.dataset>c.dataset c.dataset>s.dataset u.untrained_model>t.untrained_model s.first>t.dataset "
        "t.model>p.model s.second>p.dataset",
    )  # fmt: skip
    schema = validate(graph, catalog, {"d": SCHEMA}).schemas["p"]["dataset"]
    assert [(column.name, column.dtype, column.role) for column in schema.columns] == [
        ("age", "float", None), ("city", "string", "label"), ("paid", "float", None),
        ("age_IsMissing", "boolean", None), ("city_IsMissing", "boolean", None), ("paid_IsMissing", "boolean", None),
        ("Scored Labels", "string", "score"), ("Scored Probabilities", "float", "score"),
    ]  # fmt: skip


def test_unknown_sources_leave_schemas_open(catalog):
    """Without a schema nothing is claimed, and no column is called unknown."""
    graph = draw({"d": DATA, "s": ("select_columns", names("x"))}, "d.dataset>s.dataset")
    validation = validate(graph, catalog, {})
    assert validation.issues == [] and validation.schemas == {"d": {"dataset": None}, "s": {"dataset": None}}


def test_upgrade_available():
    """An old version runs on, with a warning; its parameters can be carried over."""
    import dataclasses

    from designer.catalog import Catalog, default_catalog

    old = default_catalog().find("split_data@1")
    new = dataclasses.replace(old, version=2, upgrades={1: lambda values: {**values, "seed": 3}})
    installed = Catalog([old, new, default_catalog().find("enter_data_manually@1")])
    graph = draw({"e": "enter_data_manually", "s": "split_data@1"}, "e.dataset>s.dataset")
    (issue,) = validate(graph, installed, {}).issues
    assert (issue.code, issue.severity, issue.node) == ("upgrade_available", "warning", "s")
    assert installed.upgrade("split_data@1", {"fraction": 0.2}) == ("split_data@2", {"fraction": 0.2, "seed": 3})
