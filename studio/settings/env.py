"""Every setting is declared once, here, by name, default and help.

``docs/settings.md`` is generated from :data:`DECLARED`, so a setting that is
not explained cannot exist.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Setting:
    """One environment variable that the studio reads.

    Parameters
    ----------
    name : str
        Name of the environment variable, ``STUDIO_`` first.
    default : object
        Value used when the variable is absent.
    help : str
        One sentence for ``docs/settings.md``.
    """

    name: str
    default: Any
    help: str


DECLARED: dict[str, Setting] = {}


class SettingRefused(ValueError):
    """An environment variable holds something that cannot be used."""


def _boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(text)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


_CASTS: dict[type, Callable[[str], Any]] = {
    bool: _boolean,
    int: int,
    float: float,
    list: _words,
    str: str,
}


def setting(name: str, default: Any, help: str) -> Any:
    """Declare a setting and read it from the environment.

    Parameters
    ----------
    name : str
        Name of the environment variable.
    default : bool, int, float, str, list of str
        Value when the variable is absent; its type says how text is read.
    help : str
        One sentence that says what it does, with the unit.

    Returns
    -------
    object
        The value, of the type of ``default``.

    Raises
    ------
    SettingRefused
        If the text cannot be read as the type of ``default``.
    """
    DECLARED[name] = Setting(name, default, help)
    text = os.environ.get(name)
    if text is None:
        return default
    try:
        return _CASTS[type(default)](text)
    except (KeyError, ValueError) as error:
        raise SettingRefused(f"{name}={text!r} cannot be read as {type(default).__name__}.") from error
