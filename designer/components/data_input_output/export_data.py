"""A table as a file of a datastore, at the end of a pipeline."""

from typing import Annotated, Literal

from designer.component import DROP, SINK, component
from designer.errors import PlatformFault
from designer.parameters import Choices, DatastorePath, Title
from designer.types import Table


@component(
    family="Data input and output",
    effect=SINK,
    in_inference=DROP,
    synonyms=("write", "save", "csv", "parquet", "file", "store"),
)
def export_data(
    dataset: Table,
    *,
    target: Annotated[DatastorePath, Title("Path")] = None,
    format: Annotated[
        Literal["csv", "parquet", "jsonl"], Choices(csv="CSV", parquet="Parquet", jsonl="JSON lines")
    ] = "csv",
    if_exists: Annotated[
        Literal["fail", "overwrite", "new_name"],
        Title("If the file exists"),
        Choices(fail="Fail", overwrite="Overwrite it", new_name="Write under a new name"),
    ] = "fail",
) -> None:
    """Write a table to a file of a datastore.

    It is written at each run, whole or not at all. The log says where, how many rows and how many bytes.

    Parameters
    ----------
    dataset : Table
        What to write, of shape (n_rows, n_columns).
    target : dict
        A datastore, and the path of the file in it.
    format : str
        How it is written.
    if_exists : str
        What to do when there is a file already. One with the very same bytes is left as it is.
    """
    raise PlatformFault("Files are written by the studio; this component has no body to run.")
