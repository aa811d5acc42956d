"""What validation finds: one code list for browser, server and scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CODES = (
    "graph_invalid", "cycle", "duplicate_edge", "unknown_node", "unknown_port", "type_mismatch",
    "too_many_connections", "missing_input", "unknown_component", "unknown_parameter", "missing_parameter",
    "invalid_parameter", "unknown_column", "upgrade_available", "empty_graph",
)  # fmt: skip


@dataclass(frozen=True)
class Issue:
    """One finding: what, where and how to put it right."""

    code: str
    message: str
    node: str | None = None
    port: str | None = None
    parameter: str | None = None
    fix: str = ""
    severity: str = "error"

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {
            "code": self.code,
            "severity": self.severity,
            "node": self.node,
            "port": self.port,
            "parameter": self.parameter,
            "message": self.message,
            "fix": self.fix,
        }

    def to_error(self) -> dict[str, Any]:
        """Return an entry of a problem's ``errors``."""
        where = {"node": self.node, "port": self.port, "parameter": self.parameter}
        return {
            **{name: value for name, value in where.items() if value is not None},
            "code": self.code,
            "detail": self.message,
            "fix": self.fix,
        }
