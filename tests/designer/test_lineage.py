"""Tracing SQL: what it tells of a query before the run is what the database gives."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as clock

import polars as pl
import pytest

from designer.catalog import default_catalog
from designer.graph import PipelineGraph
from designer.lineage import _trace, trace
from designer.schema import TableSchema
from designer.types import Table
from designer.validation import validate

T1 = Table(
    pl.DataFrame(
        {
            "K": [1, 2], "v": [1.0, 2.0], "Name x": ["a", "b"], "c": pl.Series(["p", "q"], dtype=pl.Categorical),
            "b": [True, False], "e": pl.Series(["p", "q"], dtype=pl.Enum(["q", "p"])), "tm": [clock(1), clock(2)],
        }
    ),
    {"v": "label", "Name x": "feature"},
    frozenset({"K"}),
)  # fmt: skip
T2 = Table(
    pl.DataFrame({"k": [1, 2], "name": ["n", "m"], "d": [datetime(2020, 1, 1)] * 2, "day": [date(2020, 1, 1)] * 2}),
    {"name": "feature"},
)
QUERIES = [
    (
        "WITH j AS (SELECT * FROM t1 JOIN t2 USING (k)) SELECT name, sum(v) AS v, count(*) c, avg(v) a, "
        "max(d) m, v/2 h, k+1 p, upper(name) u FROM j GROUP BY ALL"
    ),
    "select a.\"Name x\" as n, b.* , coalesce(b.name,'z') z, v>1 f from t1 a left join (select * from t2) b on a.k=b.k",
    "SELECT * EXCLUDE (v) FROM t1",
    "SELECT K, V FROM T1 UNION ALL SELECT k, 1.5 FROM t2",
    "select * replace (v+1 as v) from t1",
    "from t1",
    "select columns('v') from t1",
    "select v from t1 where exists(select 1 from t2 where t2.k=t1.k)",
    "select K from t1 join t2 using(k)",
    "select k, T1.V as Vee from t1 join t2 using(k)",
    "select unnest([1,2]) x",
    "with recursive r as (select k from t1 union all select k+1 from r where k<5) select * from r",
    "select k as a, v as a from t1",
    "select sum(v) from t1",
    "select NAME, Name as NAME2 from t2",
    "select X.y from (select k as Y from t2) X",
    (
        "select case when v>1 then 'a' else 'b' end q, case when v>1 then k end w, if(v>1,1,0) e, -v g, "
        "abs(k) h, k*v i, k-1 j, 1 as one, 1.5 as d, true as t, null as nn, min(c) over () mc, c, b, tm, "
        "round(v) r, v::decimal(10,2) dc, length(c) l, trim(c) tr, c||'x' cx, sum(v) over (order by k) ru, "
        "first(k) over () fk, sqrt(k) sq, ln(k) ln, stddev(v) over () sd, v between 1 and 2 bt, k in (1,2) "
        "inn, c is null isn, not b nb, b and b bb, v % 2 md from t1"
    ),
    "select distinct on (k) k, v from t1",
    "select * from t1, t2",
    "select t1.*, t2.name from t1 cross join t2",
    "select t.k from t1 t where t.k = (select max(k) from t2)",
    "select * from (values (1,2)) x(a,b)",
    "select * from t1 left join t2 using (k)",
    "select * from t1 full join t2 using (k)",
    "select t2.k from t1 right join t2 using (k)",
    "select a.k, b.k from t1 a join t2 b on true",
    'select v as "V V", "v" from t1 order by 1',
    "select k from t1 limit 1",
    "select count(distinct k) as n, count(v) as m, any_value(name) as an from t1 join t2 using (k)",
    "select * from t1 natural join t2",
    "select * from t1 semi join t2 using (k)",
    "select #1 from t1",
    "select k+1 from t1",
    "select try_cast(\"Name x\" as bigint) as z, cast('1' as varchar(3)) as s from t1",
    "select extract(year from d) as y, day - interval 1 day as p, current_date as cd, date '2020-01-01' as lit from t2",
    "SELECT a.* , b.V as v2 FROM t1 a JOIN t1 b ON a.k = b.k",
    "select t1.k as K2 from t1",
    "select count(*) as COUNT from t1",
    "select v as k, k as v from t1",
    "SELECT w.k FROM (SELECT k, row_number() OVER (PARTITION BY k) rn FROM t1) w WHERE rn = 1",
    "select coalesce(v, 0) as v from t1",
    "select nullif(k,1) n from t1",
    "select greatest(k, 2) g from t1",
    "select sum(b::int) n from t1",
    "select lag(v) over (order by k) as lv from t1",
    "select * from t1 qualify row_number() over (order by k)=1",
    "select strftime(d, '%Y') s from t2",
]


@pytest.mark.parametrize("query", QUERIES)
def test_tells_what_the_database_gives(bench, query):
    """Names and types told before the run are those of the result; what is in doubt is not told."""
    schemas = {"t1": T1.schema, "t2": T2.schema}
    out = bench.outputs("apply_sql_transformation", {"t1": T1, "t2": T2}, query=query)["dataset"]
    found = trace(query, schemas)
    if found is None:
        assert out.roles == {} and not out.categorical
        return
    assert len(found) == out.frame.width
    if len({output.name for output in found}) == len(found):
        for output, column in zip(found, out.schema.columns, strict=True):
            assert output.name in (None, column.name)
            assert output.dtype in (None, column.dtype), column.name


def roles(bench, query, t1=T1, t2=T2):
    """Run a query; return the roles and categories of its result, and the log."""
    result, directory = bench.run("apply_sql_transformation", {"t1": t1, "t2": t2}, query=query)
    assert result["status"] == "completed", result["problem"]
    columns = result["outputs"]["dataset"]["schema"]["columns"]
    spec = default_catalog().latest("apply_sql_transformation")
    return (
        {column["name"]: column["role"] for column in columns if column["role"]},
        {column["name"] for column in columns if column["categorical"]},
        directory.log.read_text(),
        spec,
    )


@pytest.mark.parametrize(
    ("query", "kept", "tagged"),
    [
        ("SELECT * FROM t1", {"v": "label", "Name x": "feature"}, {"K", "c", "e"}),
        ('SELECT v AS w, "Name x" AS n FROM t1 a', {"w": "label", "n": "feature"}, set()),
        ("SELECT t1.v, name FROM t1 JOIN t2 USING (k)", {"v": "label", "name": "feature"}, set()),
        ("SELECT k, v FROM t1 JOIN t2 USING (k)", {"v": "label"}, {"K"}),
        ("WITH s AS (SELECT v AS x FROM t1) SELECT q.x AS y FROM (SELECT * FROM s) q", {"y": "label"}, set()),
        ("SELECT v FROM t1 UNION ALL SELECT v FROM t1", {"v": "label"}, set()),
        ("SELECT name, max(v) AS v FROM t1 JOIN t2 USING (k) GROUP BY name", {"name": "feature"}, set()),
        ("SELECT v, v * 2 AS double FROM t1", {"v": "label"}, set()),
    ],
)
def test_roles_follow_columns(bench, query, kept, tagged):
    """Through aliases, joins, common table expressions, subqueries and unions; computing ends them."""
    found = roles(bench, query)
    assert found[0] == kept and found[1] == tagged


def test_lost_roles_are_told(bench):
    """In the log of the run, and as a warning while drawing that does not hide the columns."""
    query = "SELECT v + 1 AS more, CAST(K AS VARCHAR) AS key FROM t1"
    _, _, log, spec = roles(bench, query)
    words = "The roles of 'K' (categorical), 'v' (label) are lost, because the query computes new columns."
    assert words in log and "Set them again with Edit Metadata" in log
    assert "lost" not in roles(bench, "SELECT count(*) AS n FROM t1")[2]
    graph = PipelineGraph.parse(
        {
            "schema_version": 1,
            "nodes": [
                {"id": "a", "component": "dataset@1", "parameters": {"dataset": {"name": "a"}}},
                {"id": "q", "component": spec.id, "parameters": {"query": query}},
            ],
            "edges": [{"source": "a", "source_port": "dataset", "target": "q", "target_port": "t1"}],
        }
    )
    found = validate(graph, default_catalog(), {"a": T1.schema})
    (issue,) = found.issues
    assert (issue.code, issue.severity, issue.message) == ("roles_lost", "warning", words)
    assert found.errors == []
    assert found.schemas["q"]["dataset"] == TableSchema.of(more="float", key="string")


def test_what_cannot_be_followed_loses_all_roles(bench):
    """A query that is beyond the tracer says so instead of guessing."""
    kept, _, log, _ = roles(bench, "SELECT COLUMNS('v') FROM t1")
    assert kept == {} and "'v' (label)" in log


def test_columns_are_told_without_running():
    """The schema rule knows the result where every type is beyond doubt, else nothing."""
    spec = default_catalog().latest("apply_sql_transformation")

    def told(query, **schemas):
        return spec.infer(schemas, spec.resolve({"query": query}))["dataset"]

    table = TableSchema.of(a="integer", B="string")
    assert told("SELECT B, count(*) AS n FROM t1 GROUP BY 1", t1=table) == TableSchema.of(B="string", n="integer")
    assert told("SELECT sum(a) FROM t1", t1=table) is None
    assert told("SELECT * FROM t1 JOIN t2 USING (a)", t1=table) is None
    assert told("SELECT a, a AS A FROM t1", t1=table) is None
    assert told("SELEC a", t1=table) is None


def test_tracing_is_remembered():
    """A query is parsed once for the same columns; validation runs at every edit."""
    schemas = {"t1": TableSchema.of(**{f"column_{number}": "float" for number in range(300)})}
    query = "WITH s AS (SELECT * FROM t1) SELECT * FROM s JOIN t1 USING (column_1)"
    assert trace(query, schemas) is not None
    before = _trace.cache_info().hits
    assert trace(query, schemas) is not None
    assert _trace.cache_info().hits == before + 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT " + "+".join(["a"] * 20_000) + " AS x FROM t1",
        "SELECT " + "(" * 3_000 + "a" + ")" * 3_000 + " FROM t1",
        "SELECT " + ", ".join(f"a AS c{i}" for i in range(15_000)) + " FROM t1",
        "SELECT * FROM " + "(SELECT * FROM " * 500 + "t1" + ") x" * 500,
    ],
    ids=["chain", "brackets", "columns", "nested"],
)
def test_what_would_take_long_is_not_followed(query, monkeypatch):
    from sqlglot.optimizer import qualify

    monkeypatch.setattr(qualify, "qualify", lambda *_, **__: pytest.fail("this takes minutes"))
    assert trace(query, {"t1": TableSchema.of(a="integer")}) is None
