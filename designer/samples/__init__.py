"""Sample pipelines that ship with the studio, as data."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def list_samples() -> list[dict[str, Any]]:
    """Return the sample pipelines.

    Returns
    -------
    list of dict
        ``name``, ``title``, ``description``, ``graph`` and ``view`` of each, by name. Datasets are given by
        name: airlines, breast_cancer, diabetes, digits, flights, penguins, weather.

    Examples
    --------
    >>> [sample["name"] for sample in list_samples()]
    ['breast_cancer_classification', 'diabetes_regression', 'digits_tuning', 'flights_delay', 'penguins_classification']
    """
    files = sorted(
        (file for file in resources.files(__name__).iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
    return [json.loads(file.read_text("utf-8")) for file in files]
