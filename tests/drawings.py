"""Graphs in a few words, for tests and benchmarks; needs no Django."""


def graph(*nodes: tuple, edges: tuple = ()) -> dict:
    """A graph from ``(id, component, parameters)`` and ``("a.port", "b.port")``."""
    return {
        "schema_version": 1,
        "nodes": [
            {"id": id, "component": component, "title": None, "comment": "", "parameters": parameters}
            for id, component, parameters in nodes
        ],
        "edges": [
            {
                "source": source.split(".")[0],
                "source_port": source.split(".")[1],
                "target": target.split(".")[0],
                "target_port": target.split(".")[1],
            }
            for source, target in edges
        ],
        "parameters": [],
        "settings": {"continue_on_step_failure": False},
    }
