"""The components that are installed, found by walking the folder."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import designer.components
from designer.component import Component, ComponentSpec
from designer.errors import ComponentInvalid, UnknownComponent

_ID = re.compile(r"([a-z][a-z0-9_]*)@([1-9][0-9]{0,5})")


class Catalog:
    """A set of components, each in one or more versions.

    Parameters
    ----------
    specs : iterable of ComponentSpec
        Declarations with distinct ids.

    Raises
    ------
    ComponentInvalid
        When two components have the same id.
    """

    def __init__(self, specs: Iterable[ComponentSpec]) -> None:
        self._by_id: dict[str, ComponentSpec] = {}
        self._latest: dict[str, ComponentSpec] = {}
        for spec in sorted(specs, key=lambda spec: (spec.family, spec.title, spec.version)):
            if spec.id in self._by_id:
                raise ComponentInvalid(f"Two components are called {spec.id}.")
            self._by_id[spec.id] = spec
            self._latest[spec.name] = max(
                self._latest.get(spec.name, spec), spec, key=lambda candidate: candidate.version
            )

    def components(self) -> list[ComponentSpec]:
        """Return every component in every version, by family and title."""
        return list(self._by_id.values())

    def find(self, component_id: str) -> ComponentSpec:
        """Return the component of this id.

        Parameters
        ----------
        component_id : str
            ``name@version``.

        Returns
        -------
        ComponentSpec
            Its declaration.

        Raises
        ------
        UnknownComponent
            When it is not installed.
        """
        spec = self._by_id.get(component_id)
        if spec is None:
            name = component_id.partition("@")[0]
            newest = self._latest.get(name)
            fix = f"Version {newest.version} is installed." if newest else "Install it, or replace the node."
            raise UnknownComponent(f"The component {component_id!r} is not installed.", fix=fix)
        return spec

    def get(self, component_id: str) -> ComponentSpec | None:
        """Return the component of this id, or None."""
        return self._by_id.get(component_id)

    def latest(self, name: str) -> ComponentSpec:
        """Return the newest version of a component.

        Parameters
        ----------
        name : str
            Name without a version.

        Returns
        -------
        ComponentSpec
            Its declaration.

        Raises
        ------
        UnknownComponent
            When there is none.
        """
        if name not in self._latest:
            raise UnknownComponent(f"The component {name!r} is not installed.", fix="Check its name.")
        return self._latest[name]

    def upgrade(self, component_id: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Carry a node's parameters to the newest version of its component.

        Parameters
        ----------
        component_id : str
            The id in the graph; this version need not be installed any more.
        parameters : mapping
            Its parameters.

        Returns
        -------
        tuple of str and dict
            The new id, and parameters for it.

        Raises
        ------
        UnknownComponent
            When there is no such component, or no way from that version.
        """
        match = _ID.fullmatch(component_id)
        if match is None:
            raise UnknownComponent(f"{component_id!r} is not a component id.", fix="Write it as name@version.")
        newest = self.latest(match[1])
        version, values = int(match[2]), dict(parameters)
        while version < newest.version:
            step = newest.upgrades.get(version)
            if step is None:
                raise UnknownComponent(
                    f"There is no way from {component_id} to {newest.id}.", fix="Replace the node by a new one."
                )
            values = step(values)
            version += 1
        return newest.id, values


@cache
def default_catalog() -> Catalog:
    """Return the catalog of ``designer.components``; made once per process.

    Returns
    -------
    Catalog
        Every component of every family.
    """
    specs = []
    package = designer.components
    for entry in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        module = importlib.import_module(entry.name)
        specs += [
            value.spec
            for value in vars(module).values()
            if isinstance(value, Component) and value.__module__ == module.__name__
        ]
    return Catalog(specs)
