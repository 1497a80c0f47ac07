"""Figures of a recall as the page takes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kit import problems
from kit.refusals import Conflict
from kit.templatetags.show import amount
from traceability.models import Recall
from traceability.refusals import NoticesOpen
from traceability.selectors.recalls import Effect


def effect_stats(recall: Recall, effect: Effect) -> list[dict[str, Any]]:
    found = effect.found_percent
    waiting = effect.open if recall.state == Recall.State.OPEN and not recall.drill else 0
    stats = [
        {"label": _("Holders"), "figure": effect.holders},
        {"label": _("Should have"), "figure": amount(effect.expected_kg), "unit": "kg"},
    ]
    if recall.drill:
        return [*stats, {"label": _("Reckoned in"), "figure": amount(Decimal(recall.scope_ms) / 1000), "unit": "s"}]
    return [
        *stats,
        {"label": pgettext("recall", "Found"), "figure": amount(effect.found_kg), "unit": "kg",
         "note": "" if found is None else _("%(n)d %% of what those who answered should have") % {"n": found}},
        {"label": _("Not answered"), "figure": effect.open, "tone": "due" if waiting else ""},
        {"label": _("Hours so far"), "figure": amount(effect.hours)},
    ]  # fmt: skip


def kilo_bars(kilos: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Where the kilograms were when the recall was opened; only what is not zero."""
    rows = [
        (_("On hand"), kilos["on_hand_kg"]),
        (_("Sold, not taken in yet"), kilos["waiting_kg"]),
        (_("Sold to walk-in customers"), kilos["walk_in_kg"]),
        (_("Presumed sold"), kilos["presumed_sold_kg"]),
        (_("Returned, destroyed, lost"), kilos["gone_kg"]),
        (_("Unaccounted for"), kilos["unaccounted_kg"]),
    ]
    return [(label, kg) for label, kg in rows if kg]


def silent_names(refusal: Conflict) -> str:
    if not isinstance(refusal, NoticesOpen):
        return str(problems.words(refusal))
    named, count = refusal.data["holders"], refusal.data["count"]
    said = ngettext("%(n)d holder has not answered: %(names)s", "%(n)d holders have not answered: %(names)s", count)
    return said % {"n": count, "names": ", ".join(named) + ("…" if count > len(named) else "")}
