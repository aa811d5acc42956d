"""All checks in one go: what fails is shown, what passes is one line."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent

CHECKS: dict[str, list[str]] = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy", "designer", "studio"],
    "imports": [str(BIN / "lint-imports")],
    "docstrings": [PYTHON, "tools/docstrings.py"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "1"],
    "schema": [PYTHON, "tools/schema.py", "--check"],
    "docs": [PYTHON, "tools/docs.py", "--check"],
    "django": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "front end": ["npm", "run", "--silent", "check", "--prefix", "frontend"],
    "bytes": ["npm", "run", "--silent", "budgets", "--prefix", "frontend"],
}


def run(item: tuple[str, list[str]]) -> tuple[str, int, str, float]:
    """Run one check on a data folder of its own."""
    name, argv = item
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "STUDIO_DATA": folder}
        done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True)
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - started


def main() -> int:
    wanted = {name: argv for name, argv in CHECKS.items() if not sys.argv[1:] or name in sys.argv[1:]}
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, code, output, seconds in pool.map(run, wanted.items()):
            print(f"{'ok    ' if code == 0 else 'FAILED'} {name:<12} {seconds:5.1f} s", flush=True)
            if code:
                failed += 1
                print(output[-6000:])
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
