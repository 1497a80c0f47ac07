"""One measured figure a line: a JSON object that people and scripts read alike."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


@dataclass(frozen=True, kw_only=True)
class Line:
    """`limit` is what the figure may be at most, in the same `unit`, or None; `n` how many were measured."""

    bench: str
    figure: str
    value: float
    unit: str
    n: int
    limit: float | None = None
    machine: str = field(default_factory=_machine)

    @property
    def ratio(self) -> float | None:
        """The value against its limit: at most 1 is good."""
        return round(self.value / self.limit, 4) if self.limit else None

    def __str__(self) -> str:
        keys = ("bench", "figure", "value", "unit", "limit", "ratio", "n", "machine")
        facts = asdict(self) | {"ratio": self.ratio, "value": round(self.value, 4)}
        return json.dumps({key: facts[key] for key in keys}, ensure_ascii=False)


def report(bench: str, figure: str, value: float, unit: str, *, n: int, limit: float | None = None) -> None:
    print(Line(bench=bench, figure=figure, value=value, unit=unit, n=n, limit=limit), flush=True)


def sure(holds: bool, otherwise: str) -> None:
    """What must be so for a figure to mean anything; the measurement ends where it is not."""
    if not holds:
        raise SystemExit(otherwise)
