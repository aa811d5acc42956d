"""Secrets of the embedded profile: made once, kept beside the data, readable by its owner only."""

import json
import os
import secrets
from pathlib import Path


def load(path: Path) -> dict[str, str]:
    """Return the kept secrets, making them on the first call.

    Parameters
    ----------
    path : Path
        File that keeps them, mode 600.

    Returns
    -------
    dict
        ``secret_key`` and ``broker_password``.
    """
    if not path.exists():
        made = {
            "secret_key": secrets.token_urlsafe(50),
            "broker_password": secrets.token_urlsafe(24),
        }
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
        try:
            # A link, not a rename: of two processes that start at once, the first wins.
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process made them; they are read below
        finally:
            draft.unlink()
    return json.loads(path.read_text())
