"""What a measurement is, and how a table of them is shown and kept."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LATEST = Path(__file__).with_name("latest.json")


@dataclass(frozen=True)
class Measurement:
    """One number, and what it is held against.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        In ``unit``.
    unit : str
        Such as ``"ms"``.
    against : str or None
        Peer measured in the same run, or None.
    ratio : float or None
        Value divided by the peer's.
    aim : str
        What would be good enough.
    met : bool
        Whether it is.
    """

    name: str
    value: float
    unit: str
    against: str | None
    ratio: float | None
    aim: str
    met: bool


def show(found: list[Measurement], *, keep: bool = True) -> None:
    """Print a table and, if it is to be kept, write ``benchmarks/latest.json``."""
    print(f"{'':<46}{'value':>12}  {'ratio':>6}  aim")
    for item in found:
        ratio = f"{item.ratio:.2f}" if item.ratio is not None else ""
        against = f"  (against {item.against})" if item.against else ""
        mark = "ok " if item.met else "NOT"
        print(f"{item.name:<46}{item.value:>9.1f} {item.unit:<3} {ratio:>6}  {mark} {item.aim}{against}")
    if keep:
        LATEST.write_text(json.dumps([asdict(item) for item in found], indent=1) + "\n")
