"""A registered dataset as the start of a pipeline."""

from designer.component import SOURCE, component
from designer.errors import PlatformFault
from designer.parameters import DatasetReference
from designer.types import Table


@component(
    family="Data input and output",
    effect=SOURCE,
    synonyms=("data", "table", "read", "load", "input", "import"),
)
def dataset(*, dataset: DatasetReference = None) -> Table:
    """Use a dataset of this workspace.

    The version is fixed when the pipeline is submitted: the latest one, or the one you choose.

    Parameters
    ----------
    dataset : dict
        The dataset, and which version of it.

    Returns
    -------
    dataset : Table
        The rows of the dataset.
    """
    raise PlatformFault("A dataset is resolved by the studio; it has no body to run.")
