"""The key under which a step's outputs are found again, and what differs between two keys."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from designer.component import ComponentSpec, Effect


@dataclass(frozen=True)
class Difference:
    """One field in which two keys differ."""

    field: str
    old: Any
    new: Any

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True)
class StepKey:
    """Everything that a step's outputs depend on.

    Where it runs, what it is called and where its node stands are left out.

    Parameters
    ----------
    component : str
        ``name@version``.
    code : str
        Digest of the component's module and the kernel modules it imports.
    libraries : mapping
        Name to version of the libraries that this code imports.
    parameters : mapping
        Resolved parameters.
    environment : str
        Digest of the environment's lock.
    inputs : mapping
        Port name to the digests of what arrives there, in order.
    """

    component: str
    code: str
    libraries: Mapping[str, str]
    parameters: Mapping[str, Any]
    environment: str
    inputs: Mapping[str, tuple[str, ...]]

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return hashlib.sha256(canonical_json(self.to_json()).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return JSON from which ``from_json`` makes an equal key."""
        return {
            "component": self.component,
            "code": self.code,
            "libraries": dict(self.libraries),
            "parameters": dict(self.parameters),
            "environment": self.environment,
            "inputs": {port: list(digests) for port, digests in self.inputs.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StepKey:
        """Read what ``to_json`` wrote."""
        return cls(
            data["component"],
            data["code"],
            dict(data["libraries"]),
            dict(data["parameters"]),
            data["environment"],
            {port: tuple(digests) for port, digests in data["inputs"].items()},
        )

    def difference(self, other: StepKey) -> list[Difference]:
        """Tell how this key differs from an older one.

        Parameters
        ----------
        other : StepKey
            The older key.

        Returns
        -------
        list of Difference
            Empty when both are the same; ``old`` is the other's value, ``new`` is this one's.
        """
        found = []
        for name in ("component", "code", "environment"):
            old, new = getattr(other, name), getattr(self, name)
            if old != new:
                found.append(Difference(name, old, new))
        for name in ("libraries", "parameters", "inputs"):
            old_map, new_map = getattr(other, name), getattr(self, name)
            for entry in sorted({*old_map, *new_map}):
                old, new = old_map.get(entry), new_map.get(entry)
                if canonical_json(old) != canonical_json(new):
                    shown = (old, new) if name != "inputs" else (old and list(old), new and list(new))
                    found.append(Difference(f"{name}.{entry}", *shown))
        return found


def canonical_json(value: Any) -> str:
    """Write JSON in which equal values have equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def step_key(
    spec: ComponentSpec,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Sequence[str]],
    environment: str,
) -> StepKey | None:
    """Make the key of a step.

    Parameters
    ----------
    spec : ComponentSpec
        Its component.
    parameters : mapping
        As kept in the graph or resolved; both give the same key.
    inputs : mapping
        Input port name to the digests of the blobs that feed it.
    environment : str
        Digest of the environment's lock.

    Returns
    -------
    StepKey or None
        None when the outputs cannot be reused: a random seed, or a component that reads or writes the world.
    """
    if spec.effect in (Effect.SOURCE, Effect.SINK):
        return None
    resolved = spec.resolve(parameters)
    shown = (parameter for parameter in spec.parameters if spec.is_shown(parameter.name, resolved))
    if any(parameter.kind == "seed" and resolved[parameter.name] is None for parameter in shown):
        return None
    code, libraries = code_digest(spec.module)
    ports = {port: tuple(digests) for port, digests in inputs.items() if digests}
    return StepKey(spec.id, code, libraries, resolved, environment, ports)


@cache
def code_digest(module: str) -> tuple[str, dict[str, str]]:
    """Digest the code behind a component; computed once per process.

    Parameters
    ----------
    module : str
        Dotted name of the component's module.

    Returns
    -------
    tuple of str and dict
        SHA-256 over the module and the kernel modules it imports, and the versions of the libraries they import.
    """
    seen: dict[str, str] = {}
    libraries: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        digest, ours, foreign = _read_module(name)
        seen[name] = digest
        libraries |= foreign
        waiting += ours
    digest = hashlib.sha256(canonical_json(sorted(seen.items())).encode()).hexdigest()
    return digest, {name: _version(name) for name in sorted(libraries)}


@cache
def _read_module(name: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """Return the digest of a module's source, the kernel modules and the libraries it imports."""
    found = importlib.util.find_spec(name)
    source = Path(found.origin).read_bytes() if found and found.origin else b""
    ours, foreign = set(), set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for imported in names:
            top = imported.partition(".")[0]
            if top == "designer":
                if imported in sys.modules or _is_module(imported):
                    ours.add(imported)
            # numpydoc reads help texts and computes nothing.
            elif top not in sys.stdlib_module_names and top != "numpydoc":
                foreign.add(top)
    return hashlib.sha256(source).hexdigest(), frozenset(ours), frozenset(foreign)


@cache
def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def _distributions() -> Mapping[str, Sequence[str]]:
    return importlib.metadata.packages_distributions()


_USUAL = {"sklearn": "scikit-learn"}


@cache
def _version(library: str) -> str:
    # packages_distributions reads every installed package (300 ms), so it is asked last.
    for name in (_USUAL.get(library, library), *(() if library in _USUAL else (None,))):
        try:
            return importlib.metadata.version(name or _distributions()[library][0])
        except (importlib.metadata.PackageNotFoundError, KeyError):
            continue
    return "not installed"
