"""Listing, validating and compiling load none of the heavy libraries."""

import subprocess
import sys

PROGRAM = """
import json, sys
from designer.catalog import default_catalog
from designer.graph import PipelineGraph
from designer.plan import compile_plan
from designer.samples import list_samples
from designer.schema import TableSchema
from designer.step_key import step_key
from designer.validation import validate
import designer.artifacts, designer.moves, designer.rundir, designer.runtime
catalog = default_catalog()
json.dumps([spec.to_json() for spec in catalog.components()])
for sample in list_samples():
    graph = PipelineGraph.parse(sample["graph"])
    validate(graph, catalog, {node.id: TableSchema.of(a="integer", b="string") for node in graph.nodes})
    for step in compile_plan(graph, catalog).steps:
        step_key(catalog.find(step.component), step.parameters, {}, "env")
heavy = "polars sklearn lightgbm duckdb pyarrow pandas plotly numpy scipy skops sqlglot django celery".split()
print([name for name in heavy if name in sys.modules])
"""


def test_no_heavy_library_is_loaded():
    """A fresh interpreter walks the catalog without them."""
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
