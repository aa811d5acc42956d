"""Run a script of the user's own."""

from typing import Annotated, NamedTuple

from designer.component import USER_CODE, component
from designer.parameters import Python, Title
from designer.script import run_script
from designer.types import File, Table

EXAMPLE = '''import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    """Change the tables as you like; return one or two."""
    print(dataframe1.shape)
    return dataframe1,
'''


class ScriptTables(NamedTuple):
    """What the script returned."""

    result1: Annotated[Table, Title("Result dataset")]
    result2: Annotated[Table, Title("Result dataset 2")]


@component(
    family="Python language",
    effect=USER_CODE,
    synonyms=("custom code", "pandas", "function", "script"),
)
def execute_python_script(
    dataset1: Annotated[Table | None, Title("Dataset 1")] = None,
    dataset2: Annotated[Table | None, Title("Dataset 2")] = None,
    script_bundle: Annotated[File | None, Title("Script bundle")] = None,
    *,
    script: Annotated[Python, Title("Python script")] = EXAMPLE,
) -> ScriptTables:
    """Run your own Python on up to two tables.

    The script defines azureml_main(dataframe1, dataframe2) and returns one or two pandas or polars data
    frames. It runs in a process of its own that may write to its run directory only. What it prints goes to
    the log.

    Parameters
    ----------
    dataset1 : Table
        Given to the script as the pandas data frame dataframe1.
    dataset2 : Table
        Given to the script as the pandas data frame dataframe2.
    script_bundle : File
        A zip archive of modules that the script can import.
    script : str
        Python that defines azureml_main.

    Returns
    -------
    result1 : Table
        The first data frame returned; empty when there is none.
    result2 : Table
        The second data frame returned; empty when there is none.

    Raises
    ------
    UserCodeFailed
        When the script raises, or returns what is not a data frame.
    StepFailed
        When the bundle is not a safe zip archive.
    """
    return ScriptTables(*run_script(script, dataset1, dataset2, script_bundle))
