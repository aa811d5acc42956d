"""Write frontend/openapi.json and frontend/src/api/schema.d.ts; with --check, compare only."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
OPENAPI, TYPES = FRONTEND / "openapi.json", FRONTEND / "src" / "api" / "schema.d.ts"


def openapi() -> str:
    """Return the OpenAPI document as it is now; its warnings are errors."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDIO_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings.embedded")
        import django

        django.setup()
        from drf_spectacular.drainage import GENERATOR_STATS
        from drf_spectacular.generators import SchemaGenerator

        document = SchemaGenerator().get_schema(request=None, public=True)
        GENERATOR_STATS.emit_summary()
        if GENERATOR_STATS:
            raise SystemExit("The OpenAPI document has warnings.")
    return json.dumps(document, indent=1, sort_keys=True, default=str) + "\n"


def types(source: Path) -> str:
    """Return the TypeScript made from an OpenAPI file."""
    tool = FRONTEND / "tools" / "openapi"
    done = subprocess.run(
        ["node", "node_modules/openapi-typescript/bin/cli.js", str(source)],
        cwd=tool,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def main() -> int:
    document = openapi()
    if "--check" not in sys.argv:
        OPENAPI.write_text(document)
        TYPES.write_text(types(OPENAPI))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.json"
        fresh.write_text(document)
        same = OPENAPI.exists() and OPENAPI.read_text() == document
        same = same and TYPES.exists() and TYPES.read_text() == types(fresh)
    if not same:
        print("frontend/openapi.json or schema.d.ts is old: run `make schema`.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
