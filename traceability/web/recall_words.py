"""What is said of lineages and recalls on a page."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.templatetags.show import amount
from traceability.lineage import Node
from traceability.models import Recall, RecallNotice, RecallRequest
from traceability.recall_scope import Totals
from traceability.web.words import TEST_RESULTS, Words

STEPS: Words = {
    "origin": gettext_lazy("Origin"),
    "wholesale": gettext_lazy("Wholesale"),
    "second_tier": gettext_lazy("Second-tier wholesale"),
    "retail": gettext_lazy("Stalls, canteens, shops"),
    "walk_in": gettext_lazy("Walk-in customer"),
    "waiting": gettext_lazy("Sold, not taken in yet"),
}
KINDS: Words = {
    Recall.Kind.VOLUNTARY: gettext_lazy("the operator's own recall"),
    Recall.Kind.ORDERED: gettext_lazy("ordered by an officer"),
}
STATES: Words = {
    Recall.State.OPEN: pgettext_lazy("recall", "under way"),
    Recall.State.CLOSED: pgettext_lazy("recall", "closed"),
    Recall.State.CANCELLED: pgettext_lazy("recall", "called off"),
}
STATE_TONES = {Recall.State.OPEN: "bad", Recall.State.CLOSED: "none", Recall.State.CANCELLED: "none"}
NOTICE_STATES: Words = {
    RecallNotice.State.SENT: gettext_lazy("not answered"),
    RecallNotice.State.ACKNOWLEDGED: gettext_lazy("answered"),
}
DONE: Words = {
    RecallNotice.Done.SET_ASIDE: gettext_lazy("Taken off sale and kept apart"),
    RecallNotice.Done.RETURNED: gettext_lazy("Returned to the supplier"),
    RecallNotice.Done.DISPOSED: gettext_lazy("Destroyed"),
    RecallNotice.Done.NOTHING_LEFT: gettext_lazy("Nothing is left"),
}
REQUEST_STATES: Words = {
    RecallRequest.State.ASKED: gettext_lazy("waits for the operator"),
    RecallRequest.State.REFUSED: gettext_lazy("refused by the operator"),
    RecallRequest.State.FOLLOWED: gettext_lazy("recall started"),
}
REQUEST_TONES = {
    RecallRequest.State.ASKED: "due", RecallRequest.State.REFUSED: "bad", RecallRequest.State.FOLLOWED: "none",
}  # fmt: skip
RECALL_STEPS: Words = {
    "opened": gettext_lazy("Recall started, holders told"),
    "reminded": gettext_lazy("Holders without an answer reminded"),
    "closed": gettext_lazy("Recall closed"),
    "cancelled": gettext_lazy("Recall called off"),
}


def held_word(node: Node) -> str | Promise:
    return _("sale paused") if node.held_since else ""


def results(node: Node) -> list[str]:
    return [str(TEST_RESULTS[result]) for result in node.results or []]


def kilo_stats(totals: Totals, *, holders: int) -> list[dict[str, Any]]:
    """Where the kilograms are: the first four always, the others when there are any."""
    rows = [
        (_("Came in"), totals.received_kg, True),
        (_("On hand"), totals.on_hand_kg, True),
        (_("Sold, not taken in yet"), totals.waiting_kg, False),
        (_("Sold to walk-in customers"), totals.walk_in_kg, False),
        (_("Returned, destroyed, lost"), totals.gone_kg, False),
        (_("Presumed sold"), totals.presumed_sold_kg, True),
        (_("Unaccounted for"), totals.unaccounted_kg, False),
    ]
    stats = [{"label": label, "figure": amount(kg), "unit": "kg"} for label, kg, always in rows if always or kg]
    return [*stats, {"label": _("Holders"), "figure": holders}]
