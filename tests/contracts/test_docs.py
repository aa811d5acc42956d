"""Documentation that cannot lie: every printed command runs, every setting and link exists."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def fences(*languages: str) -> list[tuple[str, str, str]]:
    return [
        (str(page.relative_to(ROOT)), options.strip(), body)
        for page in PAGES
        for language, options, body in FENCE.findall(page.read_text())
        if language in languages
    ]


def test_a_command_that_is_not_run_says_why():
    for page, options, _ in fences("sh", "bash"):
        assert not options or re.fullmatch(r"no-run: \S.{5,}", options), f"{page}: {options!r}"


@pytest.mark.stack
@pytest.mark.xdist_group("stack")
@pytest.mark.parametrize(
    ("page", "body"),
    [(page, body) for page, options, body in fences("sh", "bash") if not options],
    ids=lambda value: str(value)[:30],
)
def test_printed_commands_run(stack, tmp_path, page, body):
    environment = {**stack.environment(), "STUDIO_URL": stack.url}
    # Pages are read from the project's folder; what they write goes elsewhere.
    for item in (".venv", "manage.py", "Makefile", "requirements.txt"):
        (tmp_path / item).symlink_to(ROOT / item)
    text = body.replace("make help", f"make -C {ROOT} help")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{page}\n{body}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []


def test_every_dependency_has_its_reason():
    text = (ROOT / "docs/dependencies.md").read_text().lower()
    missing = []
    for file in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / file).read_text().splitlines():
            name = re.split(r"[\[=<>]", line.strip())[0].lower()
            if name and not name.startswith(("#", "-")) and name not in text and not name.startswith("pytest-"):
                missing.append(name)
    assert missing == []


def test_the_repository_speaks_of_the_product_only():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".png", ".woff2") or not path.exists() or path.name == "test_docs.py":
            continue
        text = path.read_text(errors="replace")
        for word in (str(Path.home()) + os.sep, str(ROOT) + os.sep):
            assert word not in text, f"{name} has a path of one machine: {word}"
