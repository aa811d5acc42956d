"""How good predictions are: the numbers and curves that Evaluate Model reports."""

from __future__ import annotations

from typing import Any

from designer import reporting
from designer.errors import StepFailed
from designer.evaluation import binary, classes, clusters, numbers
from designer.features import listed
from designer.schema import NUMERIC
from designer.scoring import ASSIGNMENTS, LABELS, PROBABILITIES, earlier_clusters, probability_columns
from designer.types import Table


def evaluate(table: Table, port: str, name: str) -> tuple[str, dict[str, Any]]:
    """Measure the predictions in a scored table.

    Parameters
    ----------
    table : Table
        From Score Model, with its label column; or rows that were assigned to clusters.
    port : str
        Input port, for problems.
    name : str
        What the result is called.

    Returns
    -------
    tuple of str and dict
        The task, and one entry of the evaluation's ``results``.

    Raises
    ------
    StepFailed
        When scores or the label are not there, or no row has both.
    """
    if (distances := _distances(table)) is not None:
        return "clustering", _clustering(table, distances, port, name)
    label, predicted, probabilities, task = _find(table, port)
    complete, left_out = _complete_rows(table, [label, predicted, *probabilities], port, name)
    result = {"name": name, "rows": complete.height, "left_out": left_out}
    actual, guess = complete.get_column(label), complete.get_column(predicted)
    if task == "regression":
        return task, result | numbers.measure(actual.to_numpy().astype(float), guess.to_numpy().astype(float))
    known = table.notes.get("scoring", {}).get("classes")
    texts = _class_texts(known) if known else None
    if task == "binary" and probabilities:
        texts = texts or _two_classes(actual, guess, port)
        _check_known(_texts(actual), texts, port)
        chances = complete.get_column(probabilities[0]).to_numpy()
        positive = [value == texts[1] for value in _texts(actual)]
        return task, result | binary.measure(_booleans(positive), chances, texts, port)
    if not probabilities:
        return task, result | classes.measure(_texts(actual), _texts(guess), None, None, port)
    _check_known(_texts(actual), texts or [], port)
    chances = complete.select(probabilities).to_numpy()
    return task, result | classes.measure(_texts(actual), _texts(guess), texts, chances, port)


def _class_texts(known: list[Any]) -> list[str]:
    import polars

    return _texts(polars.Series(known))


def _booleans(values: list[bool]) -> Any:
    import numpy

    return numpy.array(values, dtype=bool)


def _complete_rows(table: Table, columns: list[str], port: str, name: str) -> tuple[Any, int]:
    """Return the rows that have all of some columns, and how many do not."""
    import polars

    frame = table.frame.select(columns)
    # Not-a-number and infinities would make every measure one of them.
    frame = frame.with_columns(
        polars.when(polars.col(column).is_finite()).then(polars.col(column))
        for column, dtype in frame.schema.items()
        if dtype.is_float()
    )
    complete = frame.drop_nulls()
    if complete.height == 0:
        raise StepFailed(
            "no_rows",
            f"No row of {name} has both a label and a score.",
            fix="Look at the steps before.",
            port=port,
            columns=columns[:2],
        )
    left_out = frame.height - complete.height
    if left_out:
        reporting.note(f"{name}: {left_out} rows without a label or a score are left out.")
    return complete, left_out


def _distances(table: Table) -> list[str] | None:
    """Return the columns of distances when the table was last assigned to clusters."""
    schema = table.schema
    columns = [name for name in earlier_clusters(schema) if name != ASSIGNMENTS]
    asked = table.notes.get("scoring", {}).get("task") == "clustering" or LABELS not in schema
    return columns if asked and columns and ASSIGNMENTS in schema else None


def _clustering(table: Table, distances: list[str], port: str, name: str) -> dict[str, Any]:
    wrong = [column for column in (ASSIGNMENTS, *distances) if table.schema[column].dtype not in NUMERIC]
    if wrong:
        raise StepFailed(
            "not_numeric",
            f"{listed(wrong, table.schema)}, where assigning rows to clusters wrote numbers.",
            fix="Keep these columns as they were.",
            port=port,
            columns=wrong,
        )
    complete, left_out = _complete_rows(table, [ASSIGNMENTS, *distances], port, name)
    assigned = complete.get_column(ASSIGNMENTS).to_numpy().astype(int)
    found = clusters.measure(assigned, complete.select(distances).to_numpy().astype(float), port)
    return {"name": name, "rows": complete.height, "left_out": left_out, **found}


def _find(table: Table, port: str) -> tuple[str, str, list[str], str]:
    """Return label, scores, probabilities and task: from the notes of scoring where they hold, else from roles."""
    schema, notes = table.schema, table.notes.get("scoring", {})
    scores = [column.name for column in schema.columns if column.role == "score"]
    numeric = [name for name in scores if schema[name].dtype == "float"]
    probability = PROBABILITIES if PROBABILITIES in schema else None
    predicted = LABELS if LABELS in schema else None
    if predicted is None and scores:
        # Renamed: with two score columns the last one is the probability.
        probability = probability or (numeric[-1] if len(scores) == 2 and numeric else None)
        predicted = next((name for name in scores if name != probability), None)
    if predicted is None:
        raise StepFailed(
            "not_scored",
            "The table has no scores.",
            fix="Connect the output of Score Model.",
            port=port,
            columns=[LABELS],
        )
    labels = [column.name for column in schema.columns if column.role == "label"]
    label = labels[0] if labels else notes.get("label")
    if label is None or label not in schema:
        raise StepFailed(
            "no_label",
            "The table has no label column to compare the scores with.",
            fix="Keep the label in the table, and let Score Model append its columns.",
            port=port,
            columns=[label] if label else [],
        )
    task = notes.get("task")
    if task == "multiclass":
        return label, predicted, _of_each_class(table), task
    if task not in ("binary", "regression"):
        both_numeric = schema[label].dtype in NUMERIC and schema[predicted].dtype == "float"
        task = "binary" if probability else "regression" if both_numeric else "multiclass"
    if task == "binary" and probability is None:
        task = "multiclass"
    if task == "regression" and not {schema[label].dtype, schema[predicted].dtype} <= set(NUMERIC):
        raise StepFailed(
            "not_numeric",
            f"The label {label!r} and its scores must be numbers.",
            fix="Keep their types as Score Model made them.",
            port=port,
            columns=[label, predicted],
        )
    return label, predicted, [probability] if probability and task == "binary" else [], task


def _of_each_class(table: Table) -> list[str]:
    """Return the columns of probabilities, one a class; none when one of them is gone or renamed."""
    names = probability_columns(table.notes["scoring"].get("classes") or [])
    whole = all(name in table.schema and table.schema[name].dtype == "float" for name in names)
    return names if whole else []


def _texts(column: Any) -> list[str]:
    import polars

    return column.cast(polars.String).to_list()


def _two_classes(actual: Any, guess: Any, port: str) -> list[str]:
    found = sorted({*_texts(actual), *_texts(guess)})
    if len(found) > 2:
        raise StepFailed(
            "label_classes",
            f"There are {len(found)} classes, not two.",
            fix="Keep the label as it was scored.",
            port=port,
        )
    return found if len(found) == 2 else ["None", found[0]]


def _check_known(actual: list[str], known: list[str], port: str) -> None:
    if strange := sorted({*actual} - {*known}):
        raise StepFailed(
            "label_classes",
            f"The label has values that the model does not know: {', '.join(repr(value) for value in strange[:5])}.",
            fix="Score rows whose label has the same values as in training.",
            port=port,
        )
