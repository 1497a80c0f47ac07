"""Goods that came without a voucher of ours, entered by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.templatetags.show import moment
from registry.web.doors import KeyedForm
from traceability.models import Intake
from traceability.services.again import Again
from traceability.services.enter import OLDEST
from traceability.web.forms_declaring import DeclareForm
from traceability.web.forms_taking_in import plain


class EntryForm(DeclareForm):
    """As little as possible is asked: origin, supplier and unit come from the last entry of the product."""

    vehicle_plate = note = upstream_code = supplier_id_number = None
    self_grown = forms.BooleanField(label=gettext_lazy("I grew it myself"), required=False)
    external_code = forms.CharField(
        label=gettext_lazy("Trace code on the paper or the package"), max_length=200, required=False,
        help_text=gettext_lazy("Of another platform, scanned or typed. A voucher of this platform is opened instead."),
    )  # fmt: skip
    day = forms.TypedChoiceField(
        label=gettext_lazy("Bought on"), coerce=dt.date.fromisoformat, required=False, empty_value=None
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        days = [today - dt.timedelta(days=n) for n in range(OLDEST.days + 1)]
        self.fields["day"].choices = [(day.isoformat(), moment(day)) for day in days]
        self.fields["supplier"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("self_grown"):
            return data
        if data.get("supplier_name"):
            for field in ("phone", "address"):
                if not data.get(f"supplier_{field}") and f"supplier_{field}" not in self.errors:
                    self.add_error(f"supplier_{field}", _("The purchase record must show it (食品安全法 第65条)."))
        elif not data.get("supplier"):
            self.add_error("supplier", _("Say whom the goods came from."))
        return data

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        copied = ("origin_region", "origin_detail", "quantity", "unit", "external_code")
        return {**{name: data[name] for name in copied}, "source": self.source, "trade_day": data["day"]}

    @property
    def source(self) -> str:
        if self.cleaned_data["self_grown"]:
            return Intake.Source.SELF_GROWN
        return Intake.Source.EXTERNAL_CODE if self.cleaned_data["external_code"] else Intake.Source.MANUAL

    def new_supplier(self) -> dict[str, str] | None:
        if not self.cleaned_data["supplier_name"]:
            return None
        return {field: self.cleaned_data[f"supplier_{field}"] for field in ("name", "phone", "address")}


class AgainForm(KeyedForm):
    """A quantity for each earlier entry, filled in; an empty or zero one is left out."""

    def __init__(self, earlier: Sequence[Intake], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        for intake in earlier:
            self.fields[str(intake.pk)] = forms.DecimalField(
                label=intake.product.name, max_digits=12, decimal_places=3, min_value=Decimal(0), required=False,
                initial=plain(intake.quantity),
            )  # fmt: skip

    def rows(self) -> list[tuple[Intake, forms.BoundField]]:
        return [(intake, self[str(intake.pk)]) for intake in self.earlier]

    def entries(self) -> list[Again]:
        asked = [(intake, self.cleaned_data[str(intake.pk)]) for intake in self.earlier]
        return [Again(intake, quantity) for intake, quantity in asked if quantity]
