"""Find a Chromium for browser tests, or install one: Debian's package, else npm's unpacked build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".make" / "sparticuz"


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    unpacked = CACHE / "chromium"
    return str(unpacked) if unpacked.exists() else None


def _from_debian() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )


def _from_npm() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true, "type": "module"}')
    subprocess.run(["npm", "install", "--silent", "@sparticuz/chromium@153.0.0"], cwd=CACHE, check=False)
    script = (
        "import chromium from '@sparticuz/chromium'; import fs from 'fs';"
        "const path = await chromium.executablePath(); fs.copyFileSync(path, 'chromium');"
        "fs.chmodSync('chromium', 0o755);"
    )
    subprocess.run(["node", "--input-type=module", "-e", script], cwd=CACHE, check=False)


def main() -> int:
    for install in (lambda: None, _from_debian, _from_npm):
        install()
        if path := find():
            print(f"Chromium: {path}")
            return 0
    print("No Chromium for the browser tests. Install it (Debian: apt-get install chromium) and try again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
