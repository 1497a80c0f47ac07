"""The rules of a district in words: what each is for, its formula, its parts."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.policies import EVERYTHING, HOLDER

Words = str | Promise

REACHES: dict[str, Words] = {
    EVERYTHING: _("the batch and everything that came from it"),
    HOLDER: _("the goods of this holder alone"),
}
POLICIES: dict[str, dict[str, Words]] = {
    "hold_reach": {
        "title": _("How far a positive stops goods"),
        "formula": _(
            "Several rows may apply; the widest counts. Goods of others stop with a second test at the latest."
        ),
    },
    "case_clocks": {
        "title": _("Deadlines of a positive"),
        "formula": _("The time to object to a regulator's test is four hours by law and can only be longer."),
    },
    "supplier_score": {
        "title": _("Score of a supplier"),
        "formula": _("100 minus these points for each finding of the last months; below the marks: yellow, red."),
    },
    "point_score": {
        "title": _("Score of a test point"),
        "formula": _("Each part counts so many of 100 points; together they make 100."),
    },
    "sampling": {
        "title": _("Targeted sampling"),
        "formula": _("Risk decides, but for a share that is drawn at random whatever the risk."),
    },
}
PARTS: dict[str, dict[str, Words]] = {
    "hold_reach": {
        "banned": _("A banned substance"),
        "confirmed": _("A second test that agrees"),
        "regulator": _("A regulator's test"),
        "market": _("A market's own test"),
        "canteen": _("A canteen's own test"),
    },
    "case_clocks": {
        "repeat_minutes": _("Second strip, minutes"),
        "notify_minutes": _("Tell the holder, minutes"),
        "objection_hours": _("Objection to a regulator's test, hours"),
        "market_objection_hours": _("Objection to a market's or canteen's own test, hours"),
        "seal_hours": _("Seal and send the sample, hours"),
        "lab_working_days": _("Laboratory, working days"),
        "disposal_hours": _("Dispose of the goods, hours"),
        "report_hours": _("Report to the regulator, hours"),
        "resample_days": _("Sample the place again, days"),
        "close_days": _("Close the case, days"),
    },
    "supplier_score": {
        "lab_fail": _("A failed inspection, points"),
        "confirmed_positive": _("A confirmed positive, points"),
        "broken_percent": _("Each percent of broken links, points"),
        "months": _("Months looked back"),
        "red_below": _("Red below"),
        "yellow_below": _("Yellow below"),
    },
    "point_score": {
        "blind": _("Blind samples that agree"),
        "timely": _("Recorded in time"),
        "linked": _("Linked to goods"),
        "false_results": _("Neither missed nor falsely positive"),
    },
    "sampling": {
        "random_share": _("Share drawn at random, 0.05 to 1"),
        "days_looked_back": _("Days looked back"),
        "vendor_factor": _("How much a seller's own history weighs"),
        "prior_tests": _("Tests after which a product's own rate counts"),
    },
}


def part(policy: str, name: str) -> Words:
    """A part's name; of one that has no words yet, its own with spaces."""
    return PARTS.get(policy, {}).get(name, name.replace("_", " "))


def said(policy: str, value: dict[str, Any]) -> list[tuple[Words, Any]]:
    """Each part and its value, as a page shows them."""
    return [
        (part(policy, name), REACHES.get(each, each) if isinstance(each, str) else each) for name, each in value.items()
    ]
