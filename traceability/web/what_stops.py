"""What a positive would stop, said in numbers to whoever is about to record it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kit.templatetags.show import kg
from traceability import judging
from traceability.models import Batch, RapidTest, Sample, TestItem, TestPoint
from traceability.policies import EVERYTHING, HoldReach
from traceability.selectors.holds import Reach, reach_of
from traceability.selectors.policies import policy
from traceability.selectors.standards import standard_for
from traceability.services.cases import branch_of

NOTHING = Reach(0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Intended:
    """A result as it stands in a form, before it is recorded."""

    point: TestPoint
    purpose: str
    batch: Batch | None
    product: Any
    item: TestItem
    reading: judging.Reading
    method_no: str
    confirms: bool
    at: dt.datetime

    @property
    def positive(self) -> bool:
        """Whether it will be judged so: said by the tester, or by the rule of the item."""
        rule = standard_for(self.item, self.product, self.at.date(), self.method_no).rule
        return judging.judge(self.reading, rule).result == judging.Result.POSITIVE

    @property
    def stops(self) -> Reach:
        """The goods it pauses by the policy in force: the batch and all that came from it, or it alone."""
        if self.batch is None or self.purpose == Sample.Purpose.BLIND:
            return NOTHING
        branch = branch_of(RapidTest(point=self.point, sample=Sample(purpose=self.purpose)))
        rule: HoldReach = policy(self.point.district_id, "hold_reach", self.at)
        reach = rule.of(branch=branch, banned=self.item.banned, confirmed=self.confirms)
        return reach_of([self.batch]) if reach == EVERYTHING else Reach(1, 1, self.batch.kg_on_hand)


def confirmation(intended: Intended) -> dict[str, Any]:
    """The words of the page that asks, for components/confirm.html."""
    stops = intended.stops
    names = {"product": intended.product.name, "item": intended.item.name}
    if not stops.batches:
        text = _("%(item)s. No batch is known for this sample: nothing is paused, a case is opened.") % names
        return {"title": _("Record a positive for %(product)s?") % names, "text": text, "tone": "bad",
                "submit": _("Positive: open a case")}  # fmt: skip
    return {
        "title": _("Record a positive for %(product)s?") % names,
        "text": _("%(item)s. Sale stops at once. A rapid test screens: a laboratory confirms it or clears it.") % names,
        "tone": "bad",
        "consequences": [
            (_("Sale is paused of"), kg(stops.on_hand_kg)),
            (_("Batches"), stops.batches),
            (_("Stalls and stores that are told"), stops.places),
        ],
        "submit": _("Positive: pause %(kg)s, tell %(n)s") % {"kg": kg(stops.on_hand_kg), "n": stops.places},
    }
