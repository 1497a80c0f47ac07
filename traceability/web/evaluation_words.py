"""How rates, scores and their reasons are said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.templatetags.show import amount
from traceability.blind_rules import Agreement
from traceability.evaluation_rules import Finding, Mark, Rate
from traceability.models import BackTraceNode, BlindSample, PlanLine, TestPoint
from traceability.policies import SupplierScore
from traceability.web.words import Words

COLOURS: Words = {"red": gettext_lazy("red list"), "yellow": gettext_lazy("yellow list")}
TONES = {"red": "bad", "yellow": "due"}
FINDINGS: Words = {
    Finding.OPEN: pgettext_lazy("positive", "open"),
    Finding.CONFIRMED: pgettext_lazy("positive", "confirmed"),
    Finding.LAB_FAIL: gettext_lazy("failed at the laboratory"),
    Finding.CLEARED: pgettext_lazy("positive", "cleared"),
}
FINDING_TONES = {Finding.OPEN: "due", Finding.CONFIRMED: "bad", Finding.LAB_FAIL: "bad", Finding.CLEARED: "none"}
PARTS: Words = {
    "blind": gettext_lazy("Blind samples answered rightly, 12 months"),
    "timely": gettext_lazy("Tests recorded within 24 hours"),
    "linked": gettext_lazy("Samples tied to goods"),
    "false_results": gettext_lazy("Results not contradicted later"),
}
LEVELS: Words = {
    BackTraceNode.Level.BATCH: gettext_lazy("this batch tested"),
    BackTraceNode.Level.SOURCE: gettext_lazy("same source tested"),
    "": gettext_lazy("not tested"),
}
POINT_KINDS: Words = {
    TestPoint.Kind.WHOLESALE: gettext_lazy("Wholesale market"),
    TestPoint.Kind.RETAIL: gettext_lazy("Retail market"),
    TestPoint.Kind.SCHOOL_CANTEEN: gettext_lazy("School canteen"),
    TestPoint.Kind.STAFF_CANTEEN: gettext_lazy("Staff canteen"),
    TestPoint.Kind.RESTAURANT: gettext_lazy("Large restaurant"),
    TestPoint.Kind.SUPERMARKET: gettext_lazy("Supermarket"),
    TestPoint.Kind.STATION: gettext_lazy("Regulator's station"),
    TestPoint.Kind.VEHICLE: gettext_lazy("Test vehicle"),
}
BLIND_STATES: Words = {
    BlindSample.State.PLANNED: pgettext_lazy("blind sample", "planned"),
    BlindSample.State.SENT: pgettext_lazy("blind sample", "sent, not answered"),
    BlindSample.State.ANSWERED: pgettext_lazy("blind sample", "answered"),
    BlindSample.State.VOID: pgettext_lazy("blind sample", "called off"),
}
AGREED = gettext_lazy("answered rightly")
DISAGREED = gettext_lazy("answered wrongly")
CONTENTS: Words = {"negative": gettext_lazy("nothing in it"), "positive": gettext_lazy("substance added")}
PLAN_REASONS: Words = {
    PlanLine.Reason.FOLLOW_UP: gettext_lazy("follow-up of a positive"),
    PlanLine.Reason.RANDOM: gettext_lazy("drawn by chance"),
    PlanLine.Reason.RISK: gettext_lazy("by risk"),
}
ABOUT: Words = {
    "product": gettext_lazy("product in this season"),
    "origin": pgettext_lazy("sampling", "origin"),
    "vendor": pgettext_lazy("sampling", "seller"),
}


def no_data() -> str:
    return _("no data")


def rate(found: Rate) -> str:
    """`2.08% (1/48)`, or that there is no data."""
    return no_data() if found.percent is None else f"{amount(found.percent)}% ({found.part}/{found.whole})"


def percent(found: Rate) -> str:
    return no_data() if found.percent is None else f"{amount(found.percent)}%"


def score(value: Decimal | None) -> str:
    return no_data() if value is None else amount(value)


def seconds(value: Decimal | None) -> str:
    return no_data() if value is None else _("%(n)s s") % {"n": amount(value)}


def agreement(found: Agreement) -> str:
    """The share with its n, and Cohen's kappa where it says something."""
    if not found.rate.whole or found.kappa is None:
        return rate(found.rate)
    return f"{rate(found.rate)}, κ {found.kappa}"


def mark(found: Mark, policy: SupplierScore) -> str:
    """One deduction in words, with its arithmetic."""
    if found.broken is not None:
        said = _("Way back broken: %(rate)s, %(each)s points for each percent")
        return said % {"rate": rate(found.broken), "each": found.full}
    said = {
        "lab_fail": _("Failed at the laboratory, found %(day)s"),
        "confirmed_positive": _("Positive confirmed, found %(day)s"),
    }[found.kind] % {"day": found.on}
    if not found.months_ago:
        return said
    left = policy.months - found.months_ago
    return said + ": " + f"{found.full} × {left}/{policy.months}"


def blind_reason(kept: str) -> str:
    """Why a blind sample was planned: the rule and the rate it was measured by; nothing for one planned by hand."""
    try:
        why, measured, wanted = kept.split(" ")
        part, whole = (int(each) for each in measured.split("/"))
        count, months = wanted.split("/")
    except ValueError:
        return kept
    said = {
        "too_few": _("fewer than 30 downstream results in 12 months (%(whole)s)"),
        "none_missed": _("nothing missed in 12 months (0 of %(whole)s)"),
        "missed": _("miss rate of 12 months %(rate)s"),
    }.get(why, why) % {"whole": whole, "rate": rate(Rate(part, whole))}
    if months == "1":
        return said + " → " + _("%(n)s a month") % {"n": count}
    return said + " → " + _("%(n)s in %(m)s months") % {"n": count, "m": months}


def month(day: dt.date) -> str:
    return f"{day:%Y-%m}"
