"""Files of a datastore as the start of a pipeline."""

from typing import Annotated, Literal

from designer.component import SOURCE, component
from designer.errors import PlatformFault
from designer.parameters import Choices, DatastorePath, Group, ShownWhen, Title
from designer.types import Table

TEXT = ("csv", "tsv")


@component(family="Data input and output", effect=SOURCE, synonyms=("read", "load", "csv", "parquet", "glob", "files"))
def import_data(
    *,
    source: Annotated[DatastorePath, Title("Path or glob")] = None,
    format: Annotated[
        Literal["detect", "csv", "tsv", "jsonl", "parquet", "excel"],
        Choices(detect="Detect", csv="CSV", tsv="TSV", jsonl="JSON lines", parquet="Parquet", excel="Excel"),
    ] = "detect",
    delimiter: Annotated[
        Literal[",", ";", "\t", "|"],
        Choices(**{",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}),
        ShownWhen(format="csv"),
        Group("Reading"),
    ] = ",",
    header: Annotated[
        bool, Title("First row has the names"), ShownWhen(format=("csv", "tsv", "excel")), Group("Reading")
    ] = True,
    encoding: Annotated[str, ShownWhen(format=TEXT), Group("Reading")] = "utf-8",
    sheet: Annotated[str, ShownWhen(format="excel"), Group("Reading")] = "",
) -> Table:
    """Read files of a datastore at each run.

    The files are read anew each time, and what comes out is compared by its bytes: when nothing changed, the
    steps behind it are reused. Several files of one shape become one table.

    Parameters
    ----------
    source : dict
        A datastore, and a path in it; a glob such as sales/2026-*.csv names several files.
    format : str
        How the files are written; Detect looks at the first one.
    delimiter : str
        What stands between two values.
    header : bool
        Whether the first row names the columns.
    encoding : str
        Python's name of the text encoding, such as utf-8 or cp1252.
    sheet : str
        Sheet of a workbook; the first one when empty.

    Returns
    -------
    dataset : Table
        The rows of all files.
    """
    raise PlatformFault("Files are read by the studio; this component has no body to run.")
