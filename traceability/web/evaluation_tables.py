"""The tables of an evaluation: points, markets, suppliers and bases, as rows for a page and for a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from kit import clock
from traceability.evaluation_rules import Rate, middle
from traceability.policies import SupplierScore
from traceability.selectors import scores
from traceability.selectors.evaluation import Tally, downstream
from traceability.selectors.policies import policy
from traceability.web import evaluation_words as words
from traceability.web.evaluation_periods import Asked

Cell = int | str | Rate | Decimal | None


@dataclass(frozen=True)
class Reason:
    """One deduction: how many points, why, and where its way back is shown."""

    points: Decimal
    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    note: str
    cells: list[Cell]
    url: str = ""
    tone: str = ""
    word: str | Promise = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        return [words.rate(cell) if isinstance(cell, Rate) else shown(cell) for cell in self.cells]

    @property
    def filed(self) -> list[object]:
        """As in a file: a rate is percent, part and whole in three cells."""
        plain: list[object] = [self.name, self.note]
        for cell in self.cells:
            plain += [cell.percent, cell.part, cell.whole] if isinstance(cell, Rate) else [cell]
        if self.word or self.reasons:
            plain += [str(self.word), "; ".join(f"-{each.points} {each.text}" for each in self.reasons)]
        return plain


def shown(cell: Cell) -> str:
    return words.score(cell) if cell is None or isinstance(cell, Decimal) else str(cell)


@dataclass(frozen=True)
class Table:
    """`columns`: (label, whether it is a rate). `rows` gives the rows of what is asked for."""

    title: str | Promise
    lede: str | Promise
    named: str | Promise
    noted: str | Promise
    columns: list[tuple[str | Promise, bool]]
    rows: Callable[[HttpRequest, Asked], list[Row]]

    def header(self, *, with_reasons: bool) -> list[str]:
        head = [str(self.named), str(self.noted)]
        for label, is_rate in self.columns:
            head += [f"{label} %", f"{label} n", f"{label} N"] if is_rate else [str(label)]
        return head + ([pgettext("suppliers", "List"), _("Reasons")] if with_reasons else [])


def found_of(asked: Asked):
    return downstream(asked.reach, asked.since, asked.until)


def points(request: HttpRequest, asked: Asked) -> list[Row]:
    found = scores.scored_points(
        request.actor, asked.reach, found_of(asked), since=asked.since, until=asked.until
    )  # fmt: skip
    return [
        Row(
            name=each.point.name,
            note=f"{each.point.code} {words.POINT_KINDS[each.point.kind]}",
            url=f"{reverse('evaluation_point', args=[each.point.pk])}?{request.GET.urlencode()}",
            cells=[each.score.total, each.own.tests, each.tally.miss_rate, each.blind.rate, each.duplicates.rate,
                   each.own.timely, each.own.linked],
        )
        for each in found
    ]  # fmt: skip


def markets(request: HttpRequest, asked: Asked) -> list[Row]:
    return [
        Row(name=market.name, note=market.town.name, cells=_sums(tally), url=reverse("market", args=[market.pk]))
        for market, tally in scores.marked_markets(asked.reach, found_of(asked))
    ]


def bases(request: HttpRequest, asked: Asked) -> list[Row]:
    return [
        Row(
            name=base.name,
            note=f"{base.region.full_name} · {base.organisation.name}",
            cells=[tally.tests, tally.positives, tally.positive_rate],
        )
        for base, tally in scores.marked_bases(asked.reach, found_of(asked))
    ]


def suppliers(request: HttpRequest, asked: Asked) -> list[Row]:
    """Of the last 365 days whatever month is asked for: marks fade within a year."""
    rules: SupplierScore = policy(asked.reach.district_id, "supplier_score", clock.now())
    return [
        Row(
            name=each.name,
            note="、".join(each.markets),
            cells=[each.verdict.score, each.tally.tests, each.tally.positives, each.tally.broken_rate],
            tone=words.TONES.get(each.verdict.colour, ""),
            word=words.COLOURS.get(each.verdict.colour, ""),
            reasons=[
                Reason(
                    mark.points, words.mark(mark, rules),
                    reverse("evaluation_trace", args=[mark.trace_id]) if mark.trace_id else "",
                )
                for mark in each.verdict.marks
            ],
        )
        for each in scores.scored_suppliers(asked.reach, asked.today)
    ]  # fmt: skip


def _sums(tally: Tally) -> list[Cell]:
    return [tally.tests, tally.positives, tally.miss_rate, tally.untested_rate, tally.broken_rate,
            middle(tally.locate_ms)]  # fmt: skip


SUMS: list[tuple[str | Promise, bool]] = [
    (gettext_lazy("Downstream results"), False),
    (gettext_lazy("Positives"), False),
    (gettext_lazy("Missed"), True),
    (gettext_lazy("Untested upstream"), True),
    (gettext_lazy("Broken way back"), True),
    (gettext_lazy("Located in, s (median)"), False),
]
TABLES: dict[str, Table] = {
    "points": Table(
        gettext_lazy("Test points"),
        gettext_lazy("Missed: the point found nothing, a canteen then found the same item in the same goods within "
                     "their shelf life; of all results at canteens and restaurants of goods that came by the point."),
        gettext_lazy("Test point"), gettext_lazy("Kind"),
        [(pgettext_lazy("score", "Score"), False), (gettext_lazy("Own tests"), False), (gettext_lazy("Missed"), True),
         (gettext_lazy("Blind samples right, 12 months"), True),
         (gettext_lazy("Second readings agree, 12 months"), True),
         (gettext_lazy("Recorded in time"), True), (gettext_lazy("Tied to goods"), True)],
        points,
    ),
    "markets": Table(
        gettext_lazy("Markets"),
        gettext_lazy("By the markets the goods came through. Untested: positives of which nothing upstream was tested "
                     "for that group of items."),
        gettext_lazy("Market"), gettext_lazy("Town"), SUMS, markets,
    ),
    "suppliers": Table(
        gettext_lazy("Suppliers"),
        gettext_lazy("Last 12 months. Who brought the goods that canteens and restaurants tested, and every point "
                     "taken with its reason."),
        gettext_lazy("Supplier"), gettext_lazy("Markets"),
        [(pgettext_lazy("score", "Score"), False), (gettext_lazy("Downstream results"), False),
         (gettext_lazy("Positives"), False), (gettext_lazy("Broken way back"), True)],
        suppliers,
    ),
    "bases": Table(
        gettext_lazy("Production bases"),
        gettext_lazy("Where goods grew that canteens and restaurants tested."),
        gettext_lazy("Base"), gettext_lazy("Place and trader"),
        [(gettext_lazy("Downstream results"), False), (gettext_lazy("Positives"), False),
         (gettext_lazy("Positive rate"), True)],
        bases,
    ),
}  # fmt: skip


def town_rows(names: dict[str, str], tallies: dict[str, Tally]) -> list[Row]:
    """One row a town of the reach, with or without results."""
    return [Row(name=name, note=code, cells=_sums(tallies.get(code, Tally()))) for code, name in names.items()]


TOWNS = Table(gettext_lazy("Towns"), "", gettext_lazy("Town"), gettext_lazy("Code"), SUMS, lambda request, asked: [])
