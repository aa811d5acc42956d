"""A registered file as the start of a pipeline."""

from typing import Annotated

from designer.component import SOURCE, component
from designer.errors import PlatformFault
from designer.parameters import FileReference, Title
from designer.types import File


@component(
    family="Data input and output",
    effect=SOURCE,
    synonyms=("zip", "archive", "script bundle", "modules", "upload", "file"),
)
def file_dataset(*, dataset: Annotated[FileReference, Title("File dataset")] = None) -> File:
    """Use a file of this workspace as it is, such as a zip archive of Python modules.

    The version is fixed when the pipeline is submitted: the latest one, or the one you choose.

    Parameters
    ----------
    dataset : dict
        The file dataset, and which version of it.

    Returns
    -------
    file : File
        The file; several files of a datastore come as one archive.
    """
    raise PlatformFault("A file dataset is resolved by the studio; it has no body to run.")
