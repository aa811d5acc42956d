"""Write the pages below docs/ that are made from code; with --check, compare only."""

import ast
import json
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs`; edit the code it comes from. -->\n\n"


def _cell(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|").strip()


def _shown(parameter: dict) -> dict:
    """Add what the table of parameters shows."""
    default = parameter["default"]
    text = "" if default in (None, "") else json.dumps(default, ensure_ascii=False)
    parts = []
    if parameter["choices"]:
        parts.append(", ".join(choice["title"] for choice in parameter["choices"]))
    low, high = parameter["minimum"], parameter["maximum"]
    if low is not None or high is not None:
        left = "(" if parameter["exclusive_minimum"] or low is None else "["
        right = ")" if parameter["exclusive_maximum"] or high is None else "]"
        parts.append(f"{left}{'-∞' if low is None else low}, {'∞' if high is None else high}{right}")
    condition = ""
    if parameter["shown_when"]:
        rules = [f"{name} is {' or '.join(map(str, values))}" for name, values in parameter["shown_when"].items()]
        condition = f"Shown when {' and '.join(rules)}."
    return {
        **parameter,
        "help": _cell(parameter["help"]),
        "shown_default": f"`{_cell(text)[:60]}`" if text and len(text) <= 60 else ("see the form" if text else ""),
        "shown_range": _cell("; ".join(parts)),
        "shown_condition": condition,
    }


def component_pages() -> dict[Path, str]:
    """Return one page per component, and their index."""
    from django.template.loader import render_to_string

    from designer.catalog import default_catalog

    pages, index = {}, ["# Components\n"]
    families: dict[str, list[dict]] = {}
    for found in default_catalog().components():
        spec = found.to_json()
        families.setdefault(spec["family"], []).append(spec)
        for ports in ("inputs", "outputs"):
            spec[ports] = [{**port, "help": _cell(port["help"])} for port in spec[ports]]
        spec["parameters"] = [_shown(parameter) for parameter in spec["parameters"]]
        text = render_to_string("docs/component.md", {"spec": spec})
        pages[DOCS / "components" / f"{spec['name']}.md"] = MADE + re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    for family, specs in families.items():
        index.append(f"\n## {family}\n")
        index += [f"- [{spec['title']}]({spec['name']}.md): {_cell(spec['summary'])}" for spec in specs]
    pages[DOCS / "components" / "README.md"] = MADE + "\n".join(index) + "\n"
    return pages


def settings_page() -> str:
    """Return the table of settings, both profiles."""
    os.environ.setdefault("STUDIO_SECRET_KEY", "documentation")
    os.environ.setdefault("STUDIO_DATABASE_URL", "postgresql://studio@localhost/studio")
    os.environ.setdefault("STUDIO_VALKEY_URL", "redis://localhost:6379/0")
    os.environ.setdefault("STUDIO_STORAGE", "s3")
    import studio.settings.production  # noqa: F401  declares what only production reads
    from studio.settings.env import DECLARED

    rows = ["# Settings\n", "Each is an environment variable.\n", "| Name | Default | |", "|---|---|---|"]
    for name, found in sorted(DECLARED.items()):
        default = f"`{found.default}`" if found.default != "" else ""
        if name == "STUDIO_DATA":
            default = "`var/` in the project"
        rows.append(f"| `{name}` | {_cell(default)} | {_cell(found.help)} |")
    return MADE + "\n".join(rows) + "\n"


def problems_page() -> str:
    """Return every problem code with when it is answered."""
    from designer import errors as kernel
    from studio.core import errors

    rows = [
        "# Problems\n",
        "Every failure, over HTTP, in an activity and on the screen, is one JSON document (RFC 9457): `type`, "
        "`title`, `status`, `detail`, `code`, `fault` (`user` or `platform`), `errors` with the places, and often a "
        "`fix`. An answer carries `trace_id`, under which the log has the rest.\n",
        "| Code | Status | Title | When |",
        "|---|---|---|---|",
    ]
    found: dict[str, type] = {}
    for module, base in ((kernel, kernel.DesignerError), (errors, errors.StudioError)):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, base) and not kind.__name__.startswith("_"):
                found[kind.code] = kind
    for code, kind in sorted(found.items()):
        when = _cell((kind.__doc__ or "").strip().split("\n\n")[0])
        rows.append(f'| <a id="{code}"></a>`{code}` | {kind.status} | {_cell(kind.title)} | {when} |')
    return MADE + "\n".join(rows) + "\n"


_ID = re.compile(r"\b(WS|AC|CT|DS|DA|EN|RU|PL|MO|EP|DR|TO|MM)[-_](\d+)\b", re.IGNORECASE)


def acceptance_page() -> str:
    """Return which test proves which acceptance case."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            text = node.name.replace("_", "-") + " " + (ast.get_docstring(node) or "")
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("test"):
                continue
            for kind, number in _ID.findall(text):
                where = f"{path.relative_to(ROOT)}::{node.name}"
                cases = found.setdefault(f"{kind.upper()}-{number}", [])
                if where not in cases:
                    cases.append(where)
    rows = ["# Acceptance cases\n", "Which test proves which case, by the id it names.\n"]
    rows += ["| Case | Tests |", "|---|---|"]
    for case in sorted(found, key=lambda name: (name.split("-")[0], int(name.split("-")[1]))):
        rows.append(f"| {case} | {'<br>'.join(f'`{where}`' for where in found[case])} |")
    return MADE + "\n".join(rows) + "\n"


def pages() -> dict[Path, str]:
    """Return every page that is made, by path."""
    return {
        **component_pages(),
        DOCS / "settings.md": settings_page(),
        DOCS / "problems.md": problems_page(),
        DOCS / "acceptance.md": acceptance_page(),
    }


def main() -> int:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDIO_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.embedded")
        import django

        django.setup()
        made = pages()
    old = [path for path in (DOCS / "components").glob("*.md") if path not in made]
    if "--check" not in sys.argv:
        for path in old:
            path.unlink()
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return 0
    stale = old + [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is old: run `make docs`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
