"""检测倒查评价月报 on A4: figures of the towns, bars, points and listed suppliers. No data is said, never 0 %."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kit import typeset
from traceability.evaluation_rules import Rate

from . import words

_TEMPLATE = Path(__file__).parent / "typst" / "evaluation.typ"
_NONE = "无数据"


@dataclass(frozen=True, kw_only=True)
class Figures:
    name: str
    tests: int
    positives: int
    missed: Rate
    untested: Rate
    broken: Rate
    located_s: Decimal | None


@dataclass(frozen=True)
class PaperPoint:
    name: str
    score: Decimal | None
    tests: int
    missed: Rate
    blind: Rate


@dataclass(frozen=True)
class PaperSupplier:
    name: str
    score: Decimal | None
    colour: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    period: str
    reach: str
    printed_at: dt.datetime
    whole: Figures
    towns: tuple[Figures, ...]
    months: tuple[tuple[str, int], ...]
    points: tuple[PaperPoint, ...]
    suppliers: tuple[PaperSupplier, ...]


def report_pdf(report: Report) -> bytes:
    most = max((count for _, count in report.months), default=0) or 1
    broken = [town for town in report.towns if town.broken.whole]
    worst = max((_share(town.broken) for town in broken), default=0.0) or 1.0
    return typeset.pdf(
        _TEMPLATE,
        {
            "period": report.period,
            "reach": words.plain(report.reach),
            "printed": words.moment(report.printed_at),
            "towns": [_figures(town) for town in (*report.towns, report.whole)],
            "months": [{"name": name[2:], "count": count, "share": count / most} for name, count in report.months],
            "bars": [
                {"name": words.plain(town.name), "said": _rate(town.broken), "share": _share(town.broken) / worst}
                for town in broken
            ],
            "points": [
                [words.plain(each.name), str(each.score), str(each.tests), _rate(each.missed), _rate(each.blind)]
                for each in report.points
            ],
            "suppliers": [
                {
                    "name": words.plain(each.name),
                    "score": str(each.score),
                    "colour": each.colour,
                    "reasons": [words.plain(reason) for reason in each.reasons],
                }
                for each in report.suppliers
            ],
        },
    )  # fmt: skip


def _figures(each: Figures) -> list[Any]:
    located = _NONE if each.located_s is None else f"{each.located_s} 秒"
    return [words.plain(each.name), str(each.tests), str(each.positives), _rate(each.missed), _rate(each.untested),
            _rate(each.broken), located]  # fmt: skip


def _share(found: Rate) -> float:
    return float(found.share or 0)


def _rate(found: Rate) -> str:
    return _NONE if found.percent is None else f"{found.percent}%({found.part}/{found.whole})"
