"""The schema: the one problem shape at every operation."""

from typing import Any


def add_problems(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """Describe the failure of every operation with the one problem shape."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    if "Problem" not in schemas:
        schemas.update(_problem_schemas())
    answer = {
        "description": "A problem document (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result


def _problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    part = {
        "type": "object",
        "required": ["code", "detail"],
        "properties": dict.fromkeys(("code", "detail", "pointer", "node", "port", "parameter", "fix"), text),
    }
    problem = {
        "type": "object",
        "description": "RFC 9457 problem document.",
        "required": ["type", "title", "status", "detail", "code", "fault", "errors"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "code": text,
            "fault": {"type": "string", "enum": ["user", "platform"]},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemPart"}},
            "fix": text,
            "traceback": text,
            "current_revision": {"type": "integer"},
            "current_offset": {"type": "integer"},
            "instance": text,
            "trace_id": text,
        },
    }
    return {"ProblemPart": part, "Problem": problem}
