"""Check the docstrings of public names in the kernel and the services (numpydoc)."""

import importlib
import inspect
import os
import pkgutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
# Errors that a reader would miss: no summary, parameters that do not match the signature.
CODES = ("GL08", "SS03", "PR01", "PR02", "PR03")
SERVICES = (
    "studio.core.workspaces.services",
    "studio.core.activity.services",
    "studio.core.activity.lifecycle",
    "studio.core.blobs",
    "studio.core.units",
    "studio.datasets.services",
    "studio.datasets.uploads",
    "studio.experiments.services",
    "studio.experiments.metric_store",
    "studio.pipelines.services",
    "studio.compute.launcher",
)


def modules() -> list[ModuleType]:
    found = [importlib.import_module(name) for name in SERVICES]
    import designer

    for item in pkgutil.walk_packages(designer.__path__, "designer."):
        found.append(importlib.import_module(item.name))
    return found


def public(module: ModuleType):
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing) or inspect.isclass(thing):
            yield f"{module.__name__}.{name}", thing


def faults(name: str, thing: object) -> list[str]:
    from numpydoc.validate import validate

    if not inspect.getdoc(thing):
        return ["GL08 has no docstring"]
    if "Parameters\n" not in inspect.getdoc(thing):
        return []  # one line says it all; numpydoc's sections begin where they are needed
    return [f"{code} {text}" for code, text in validate(name)["errors"] if code in CODES]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDIO_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.embedded")
        import django

        django.setup()
        found = [
            f"{name}: {fault}"
            for module in modules()
            for name, thing in public(module)
            for fault in faults(name, thing)
        ]
    print("\n".join(found) or "Docstrings are whole.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
