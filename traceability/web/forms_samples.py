"""Forms of samples: what is taken, and how many labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.actors import Actor
from registry.models import Place, Product
from registry.permissions import VERBS
from registry.web.doors import KeyedForm
from traceability.models import Sample, TestPoint
from traceability.selectors.sampled_goods import Offered
from traceability.services.samples import Goods
from traceability.web.words_tests import PURPOSES

P = Sample.Purpose
OWN = (P.ROUTINE, P.FOLLOW_UP, P.CITIZEN)
PURPOSES_AT = {
    TestPoint.Kind.WHOLESALE: (P.ENTRY, *OWN),
    TestPoint.Kind.RETAIL: OWN,
    TestPoint.Kind.SUPERMARKET: (P.ACCEPTANCE, *OWN),
    TestPoint.Kind.SCHOOL_CANTEEN: (P.ACCEPTANCE, *OWN),
    TestPoint.Kind.STAFF_CANTEEN: (P.ACCEPTANCE, *OWN),
    TestPoint.Kind.RESTAURANT: (P.ACCEPTANCE, *OWN),
    TestPoint.Kind.STATION: (P.REGULATOR, P.CITIZEN, P.FOLLOW_UP),
    TestPoint.Kind.VEHICLE: (P.REGULATOR, P.CITIZEN, P.FOLLOW_UP),
}
PRODUCT = "product"


def purposes_at(actor: Actor, point: TestPoint) -> list[str]:
    """What a sample may be taken for at a point, the usual one first; for the regulator only by whoever tests for the
    whole district or a town."""
    usual = list(PURPOSES_AT[point.kind])
    for_regulator = any(not (scope.market_id or scope.place_id) for scope in actor.with_role(*VERBS["record_test"]))
    return usual if P.REGULATOR in usual or not for_regulator else [*usual, P.REGULATOR]


class SampleForm(KeyedForm):
    """Lots that were offered, or products of which no lot is known; each ticked one becomes a sample."""

    goods = forms.MultipleChoiceField(label=_("What the samples are of"))
    purpose = forms.ChoiceField(label=_("What for"))
    amount = forms.CharField(label=_("How much"), max_length=20, required=False, help_text=_("Such as 500 g."))
    sampled_at = forms.DateTimeField(
        label=_("Taken at"), required=False, help_text=_("Leave empty for now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, place: Place, offered: Sequence[Offered], products: Sequence[Product],
        purposes: Sequence[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.place = place
        self.offered = {each.value: each for each in offered}
        self.products = {f"{PRODUCT}:{product.code}": product for product in products}
        self.fields["goods"].choices = [(value, value) for value in (*self.offered, *self.products)]
        self.fields["purpose"].choices = [(purpose, PURPOSES[purpose]) for purpose in purposes]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        copied = ("purpose", "amount", "sampled_at", "note", "client_key")
        return {"goods": [self._goods(value) for value in data["goods"]], **{name: data[name] for name in copied}}

    def _goods(self, value: str) -> Goods:
        if value in self.products:
            return Goods(place=self.place, product=self.products[value])
        chosen = self.offered[value]
        return Goods(
            place=self.place, product=chosen.batch.product, batch=chosen.batch, link=chosen.link,
            voucher_line_id=chosen.voucher_line_id, intake_id=chosen.intake_id,
        )  # fmt: skip
