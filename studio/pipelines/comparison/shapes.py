"""What a comparison shows, as data: cells of steps, parameters that differ, changes and their consequences."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from designer.catalog import default_catalog
from designer.difference import BY_ID, BY_LIKENESS, difference, same
from designer.graph import Edge
from studio.core.activity.serializers import duration_s
from studio.experiments.models import Run
from studio.pipelines.comparison.selectors import MAX_RUNS, Cell, Compared


def shape(compared: Compared) -> dict[str, Any]:
    """Return all of a comparison but its runs' heads: steps, parameters, differences."""
    schemas = _Schemas()
    return {
        "baseline": compared.baseline.pk,
        "limit": MAX_RUNS,
        "steps": [
            {
                "key": row.key,
                "title": next(cell.title for cell in cells if cell),
                "component": next(cell.node.component for cell in cells if cell),
                "cells": [_step(cell, schemas) for cell in cells if cell],
            }
            for row, cells in zip(compared.rows, compared.cells, strict=True)
        ],
        "parameters": _parameters(compared),
        "differences": [_difference(compared, run) for run in compared.runs if run is not compared.baseline],
        "schemas": schemas.known,
    }


class _Schemas:
    """Lists of columns, each once: runs of one pipeline share most of them."""

    def __init__(self) -> None:
        self.known: list[list[dict[str, Any]]] = []
        self._places: dict[str, int] = {}

    def place(self, schema: Mapping[str, Any] | None) -> int | None:
        if schema is None:
            return None
        columns = schema.get("columns", [])
        text = json.dumps(columns, sort_keys=True)
        if text not in self._places:
            self._places[text] = len(self.known)
            self.known.append(columns)
        return self._places[text]


def _step(cell: Cell, schemas: _Schemas) -> dict[str, Any]:
    step = cell.step
    donor = step.reused_from if step else None
    return {
        "run": cell.run,
        "id": step.pk if step else None,
        "node": cell.node.id,
        "title": cell.title,
        "component": cell.node.component,
        "status": step.run.activity.status if step else None,
        "duration_s": duration_s(step.run.activity) if step else None,
        "reused_from": {"id": donor.pk, "run": donor.parent_id, "number": donor.number} if donor else None,
        "metrics": step.run.summary if step else {},
        "outputs": [
            {
                "port": output.port,
                "title": output.title,
                "type": output.type,
                "digest": output.blob_id,
                "size_bytes": output.blob.size_bytes,
                "rows": output.rows,
                "columns": output.columns,
                "has_document": output.document is not None,
                "schema": schemas.place(output.schema),
            }
            for output in cell.outputs
        ],
    }


def _parameters(compared: Compared) -> list[dict[str, Any]]:
    """Return one entry for each parameter of each row, differing where any two runs do."""
    answer = []
    for row, cells in zip(compared.rows, compared.cells, strict=True):
        present = [cell for cell in cells if cell]
        for name in dict.fromkeys(name for cell in present for name in cell.parameters):
            values = [{"run": cell.run, "value": cell.parameters[name]} for cell in present if name in cell.parameters]
            answer.append(
                {
                    "step": row.key,
                    "step_title": present[0].title,
                    "name": name,
                    **_titled(present, name),
                    "differs": len(values) < len(cells)
                    or any(not same(entry["value"], values[0]["value"]) for entry in values),
                    "values": values,
                }
            )
    return answer


def _titled(cells: Sequence[Cell], name: str) -> dict[str, str]:
    catalog = default_catalog()
    for cell in cells:
        spec = catalog.get(cell.node.component)
        for parameter in spec.parameters if spec else ():
            if parameter.name == name:
                return {"title": parameter.title, "kind": parameter.kind}
    return {"title": name, "kind": "text"}


def _difference(compared: Compared, run: Run) -> dict[str, Any]:
    """Say what a run's drawing has that the baseline's has not, and what came of it."""
    old, new = compared.runs.index(compared.baseline), compared.runs.index(run)
    pairs: dict[str, str] = {}
    keys_old: dict[str, str] = {}
    keys_new: dict[str, str] = {}
    for row in compared.rows:
        was, now = row.nodes[old], row.nodes[new]
        if was:
            keys_old[was.id] = row.key
        if now:
            keys_new[now.id] = row.key
        if was and now:
            pairs[was.id] = now.id
    found = difference(compared.graphs[old], compared.graphs[new], pairs, default_catalog())
    changed = {keys_old[change.old.id]: change for change in found.changed}
    nodes = []
    for row, cells in zip(compared.rows, compared.cells, strict=True):
        before, after = cells[old], cells[new]
        shown = after or before
        if shown is None:
            continue
        change = changed.get(row.key)
        fields = [
            {**entry.to_json(), "title": _field_title([cell for cell in (after, before) if cell], entry.field)}
            for entry in (change.fields if change else ())
        ]
        state = "added" if before is None else "removed" if after is None else "changed" if change else "same"
        nodes.append(
            {
                "key": row.key,
                "title": shown.title,
                "component": shown.node.component,
                "state": state,
                "only_words": bool(change and not change.changes_results),
                "fields": fields,
                "consequences": _consequences(before, after),
            }
        )

    def line(edge: Edge, keys: Mapping[str, str]) -> dict[str, str]:
        # An end that no node has keeps its id, so that nothing is left out.
        ends = {"source": keys.get(edge.source, edge.source), "target": keys.get(edge.target, edge.target)}
        return {**edge.dump(), **ends}

    family = compared.families[new]
    return {
        "run": run.pk,
        "matched_by": BY_ID if family is not None and family == compared.families[old] else BY_LIKENESS,
        "same": found.is_empty,
        "nodes": nodes,
        "edges_added": [line(edge, keys_new) for edge in found.edges_added],
        "edges_removed": [line(edge, keys_old) for edge in found.edges_removed],
        "settings": [entry.to_json() for entry in found.settings],
        "metrics": _metric_changes(compared.baseline.summary, run.summary),
    }


def _field_title(cells: Sequence[Cell], name: str) -> str:
    if name.startswith("parameters."):
        return _titled(cells, name.removeprefix("parameters."))["title"]
    return name.capitalize()


def _consequences(before: Cell | None, after: Cell | None) -> dict[str, Any]:
    """Return what one step did otherwise than the baseline's: state, numbers, outputs."""
    old, new = (cell.step.run if cell and cell.step else None for cell in (before, after))
    ports = {output.port: output for cell in (before, after) if cell for output in cell.outputs}
    outputs = []
    for port, output in ports.items():
        olds, news = (
            next((each for each in cell.outputs if each.port == port), None) if cell else None
            for cell in (before, after)
        )
        if olds and news and olds.blob_id == news.blob_id:
            continue
        outputs.append(
            {
                "port": port,
                "title": output.title,
                "type": output.type,
                **{f"{name}_old": getattr(olds, name, None) for name in ("rows", "columns")},
                **{f"{name}_new": getattr(news, name, None) for name in ("rows", "columns")},
            }
        )
    return {
        "status_old": old.activity.status if old else None,
        "status_new": new.activity.status if new else None,
        "metrics": _metric_changes(old.summary if old else {}, new.summary if new else {}),
        "outputs": outputs,
    }


def _metric_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "old": old.get(name), "new": new.get(name)}
        for name in {**old, **new}
        if not same(old.get(name), new.get(name))
    ]
