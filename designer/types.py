"""Port types: what flows along an edge, and which output may feed which input.

The classes are what component bodies take and return. They hold data only; the heavy libraries behind
them are imported where a method needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from designer.schema import Column, TableSchema

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True)
class Table:
    """Rows and columns, with what is known about the columns beyond their data type.

    Parameters
    ----------
    frame : polars.DataFrame
        The data, of shape (n_rows, n_columns).
    roles : mapping of str to str
        Column name to ``feature``, ``label`` or ``score``.
    categorical : frozenset of str
        Columns whose values are categories whatever their data type is.
    notes : mapping
        Small JSON facts that travel with the table, such as how it was scored.
    """

    port_type: ClassVar[str] = "table"

    frame: polars.DataFrame
    roles: Mapping[str, str] = field(default_factory=dict)
    categorical: frozenset[str] = frozenset()
    notes: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def schema(self) -> TableSchema:
        """Return the columns with data types and roles."""
        return TableSchema(
            tuple(
                Column(name, dtype_word(dtype), self.roles.get(name), name in self.categorical)
                for name, dtype in self.frame.schema.items()
            )
        )

    def with_frame(self, frame: polars.DataFrame) -> Table:
        """Return a table of other rows or columns; roles stay with the columns that remain."""
        names = set(frame.columns)
        return Table(
            frame,
            {name: role for name, role in self.roles.items() if name in names},
            self.categorical & names,
            self.notes,
        )

    def with_role(self, role: str, *names: str) -> Table:
        """Return the same table with a role given to some columns."""
        return Table(self.frame, {**self.roles, **dict.fromkeys(names, role)}, self.categorical, self.notes)

    def with_notes(self, **notes: Any) -> Table:
        """Return the same table with some facts added."""
        return Table(self.frame, self.roles, self.categorical, {**self.notes, **notes})


@dataclass(frozen=True)
class UntrainedModel:
    """A choice of algorithm and its settings, before it has seen data."""

    port_type: ClassVar[str] = "untrained_model"

    algorithm: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """A trained model: what it was trained on, and the fitted state of its algorithm.

    Parameters
    ----------
    info : mapping
        JSON: algorithm, task, label, features with dtypes and categories, parameters, training facts.
    state : object
        The fitted estimator, as the algorithm's learner knows it.
    """

    port_type: ClassVar[str] = "model"

    info: Mapping[str, Any]
    state: Any


@dataclass(frozen=True)
class Transformation:
    """A fitted change of columns that can be applied to another table.

    Parameters
    ----------
    name : str
        Which change it is, as registered in ``designer.transforms``.
    state : mapping
        What was learned from the table, as JSON.
    """

    port_type: ClassVar[str] = "transformation"

    name: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Metrics:
    """A small document of measures that the browser draws."""

    port_type: ClassVar[str] = "metrics"

    document: Mapping[str, Any]


@dataclass(frozen=True)
class File:
    """A file as it is, such as a zip archive of scripts."""

    port_type: ClassVar[str] = "file"

    path: Path


PORT_TYPES: dict[str, type] = {
    cls.port_type: cls for cls in (Table, UntrainedModel, Model, Transformation, Metrics, File)
}

PORT_TYPE_TITLES = {
    "table": "table",
    "untrained_model": "untrained model",
    "model": "trained model",
    "transformation": "transformation",
    "metrics": "metrics",
    "file": "file",
}


def feeds(source: str, target: str) -> bool:
    """Say whether an output of one type may be connected to an input of another.

    Parameters
    ----------
    source, target : str
        Names of port types.

    Returns
    -------
    bool
        True when the connection is allowed.

    Examples
    --------
    >>> feeds("table", "table"), feeds("table", "model")
    (True, False)
    """
    return source == target and source in PORT_TYPES


def dtype_word(dtype: Any) -> str:
    """Name a polars data type in the studio's own words.

    Parameters
    ----------
    dtype : polars.DataType
        A data type.

    Returns
    -------
    str
        One of ``designer.schema.DTYPES``.
    """
    word = _WORDS.get(dtype.base_type().__name__)
    return word or "other"


_WORDS = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "Int64", "Int128"), "integer"),
    **dict.fromkeys(("UInt8", "UInt16", "UInt32", "UInt64", "UInt128"), "integer"),
    **dict.fromkeys(("Float16", "Float32", "Float64", "Decimal"), "float"),
    "Boolean": "boolean",
    "String": "string",
    "Categorical": "categorical",
    "Enum": "categorical",
    "Datetime": "datetime",
    "Date": "date",
    "Time": "time",
    "Duration": "duration",
}
