"""The zip of a trained model: its facts as JSON beside its fitted state, the same bytes for the same model."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.errors import StepFailed

_EPOCH = (1980, 1, 1, 0, 0, 0)
MAX_MEMBER_BYTES = 4 * 1024**3


def write_model_file(path: Path, info: Mapping[str, Any], state_name: str, state: bytes) -> None:
    """Write a model.

    Parameters
    ----------
    path : Path
        Where to.
    info : mapping
        JSON facts.
    state_name : str
        Name of the state's member.
    state : bytes
        The fitted state.
    """
    facts = json.dumps({"state": state_name, "info": dict(info)}, sort_keys=True, allow_nan=False).encode()
    path.write_bytes(_zip({"model.json": facts, state_name: state}))


def read_model_file(path: Path) -> tuple[dict[str, Any], bytes]:
    """Read a model's facts and its state.

    Parameters
    ----------
    path : Path
        A file from ``write_model_file``.

    Returns
    -------
    tuple of dict and bytes
        Facts and state.

    Raises
    ------
    StepFailed
        When the file is something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            facts = json.loads(archive.read("model.json"))
            if archive.getinfo(facts["state"]).file_size > MAX_MEMBER_BYTES:
                raise ValueError("it is too large")
            return facts["info"], archive.read(facts["state"])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise StepFailed(
            "unreadable_model",
            f"The model file {path.name} cannot be read: {error}",
            fix="Train the model again.",
            port="model",
        ) from error


def canonical_skops(model: Any) -> bytes:
    """Write a scikit-learn estimator with skops so that equal estimators give equal bytes.

    skops names objects by their memory address and stamps members with the time; both are replaced by counters.

    Parameters
    ----------
    model : estimator
        A fitted scikit-learn estimator.

    Returns
    -------
    bytes
        A file that ``skops.io.loads`` reads.
    """
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(members.pop("schema.json"))
    numbers: dict[Any, int] = {}
    names: dict[str, str] = {}

    def renumber(value: Any) -> Any:
        if isinstance(value, list):
            return [renumber(item) for item in value]
        if not isinstance(value, dict):
            return value
        changed: dict[str, Any] = {}
        for key, item in value.items():
            if key == "__id__":
                changed[key] = numbers.setdefault(item, len(numbers) + 1)
            elif key == "file" and item in members:
                changed[key] = names.setdefault(item, f"{len(names) + 1}{Path(item).suffix}")
            else:
                changed[key] = renumber(item)
        return changed

    canonical = {"schema.json": json.dumps(renumber(schema), indent=1).encode()}
    return _zip({**canonical, **{names.get(name, name): data for name, data in members.items()}})


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, members[name])
    return buffer.getvalue()
