"""Sample pipelines that ship with the kernel."""

import json
from pathlib import Path


def list_samples():
    return [json.loads(path.read_text()) for path in sorted(Path(__file__).parent.glob("*.json"))]
