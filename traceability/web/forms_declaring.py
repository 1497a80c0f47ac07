"""The form of an entry declaration: what, from where, from whom, with which papers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kit.refusals import Invalid
from registry import identifiers
from registry.models import Base, Place, Product, Region
from registry.selectors.regions import find_origins
from registry.selectors.sources import suppliers_at
from registry.web.doors import KeyedForm
from traceability.services.declare import ORIGIN_LEVELS
from traceability.web import words
from traceability.web.declaring_start import Start

WEIGHED = ("kg", "jin", "t")
PLACES_OFFERED = 8


class DeclareForm(KeyedForm):
    origin = forms.CharField(label=_("Origin"), required=False)
    origin_text = forms.CharField(label=_("Another county"), max_length=40, required=False)
    origin_detail = forms.CharField(
        label=_("Village, farm or plot"), max_length=120, required=False
    )  # fmt: skip
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    unit = forms.ChoiceField(label=_("Unit"))
    self_grown = forms.BooleanField(label=_("I grew it myself, or sell it for the grower"), required=False)
    supplier = forms.ModelChoiceField(queryset=None, label=_("From whom"), required=False)
    supplier_name = forms.CharField(label=_("Name"), max_length=120, required=False)
    supplier_phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    supplier_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    supplier_id_number = forms.CharField(
        label=_("Grower's identity number"),
        max_length=20,
        required=False,
        help_text=_("Only for goods grown by the seller. Kept encrypted; nobody sees it without a record."),
    )
    vehicle_plate = forms.CharField(label=_("Number plate"), max_length=16, required=False)
    upstream_code = forms.CharField(
        label=_("Code on the supplier's slip"),
        max_length=200,
        required=False,
        help_text=_("Scan it or type it. A code of this platform proves the origin by itself."),
    )
    note = forms.CharField(label=_("Note to the market"), max_length=200, required=False)
    day = forms.TypedChoiceField(
        label=_("Enters"), coerce=dt.date.fromisoformat, widget=forms.RadioSelect, required=False, empty_value=None
    )

    def __init__(self, *args: Any, place: Place, start: Start, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place, self.start = place, start
        self.origins_found: list[Region] = []
        self.fields["supplier"].queryset = suppliers_at(place)
        self.fields["unit"].choices = units_of(start.product)
        if start.amends:
            del self.fields["day"]
        else:
            tomorrow = today + dt.timedelta(days=1)
            days = ((today, pgettext_lazy("day", "Today")), (tomorrow, pgettext_lazy("day", "Tomorrow")))
            self.fields["day"].choices = [(day.isoformat(), word) for day, word in days]
            self.fields["day"].initial = today.isoformat()

    def clean_vehicle_plate(self) -> str:
        return read(identifiers.plate, self.cleaned_data["vehicle_plate"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["origin_region"] = self._origin(data.get("origin", ""), data.get("origin_text", ""))
        if data.get("supplier_name"):
            data["supplier"] = None
        elif any(data.get(f"supplier_{field}") for field in ("phone", "address", "id_number")) and not data["supplier"]:
            self.add_error("supplier_name", _("Write the name."))
        return data

    def _origin(self, chosen: str, text: str) -> Region | None:
        """What was typed counts before what was chosen, unless it was chosen among what the typing found."""
        if text:
            self.origins_found = find_origins(text, PLACES_OFFERED, near=self.place.district_id)
            codes = {region.code: region for region in self.origins_found}
            exact = [region for region in self.origins_found if text.strip() in (region.name, region.full_name)]
            if chosen in codes:
                return codes[chosen]
            if len(self.origins_found) == 1 or len(exact) == 1:
                return (exact or self.origins_found)[0]
            many = _("Several places are called like this. Choose the one.")
            self.add_error("origin", many if codes else _("No county is called like this. Try fewer characters."))
            return None
        found = Region.objects.filter(pk=chosen, level__in=ORIGIN_LEVELS).first() if chosen else None
        if found is None:
            self.add_error("origin", _("Say where the goods come from: the county at least."))
        return found

    def facts(self) -> dict[str, Any]:
        """What the services take, without the supplier and the papers."""
        data = self.cleaned_data
        copied = ("origin_region", "origin_detail", "quantity", "unit", "self_grown", "vehicle_plate")
        return {
            **{name: data[name] for name in copied},
            "imported": data["origin_region"].level == Region.Level.COUNTRY,
            "base": self.base,
            "upstream_code": data["upstream_code"],
            "note": data["note"],
        }

    @property
    def base(self) -> Base | None:
        kept = self.start.amends or self.start.again
        return self.start.base or (kept.base if kept else None)

    def new_supplier(self) -> dict[str, str] | None:
        """The supplier to remember, when a name was written."""
        if not self.cleaned_data["supplier_name"]:
            return None
        return {field: self.cleaned_data[f"supplier_{field}"] for field in ("name", "phone", "address", "id_number")}


# Fields of the services, by the field of the form they come from.
SERVICE_FIELDS = {
    "origin_region": "origin",
    "trade_day": "day",
    "name": "supplier_name",
    "phone": "supplier_phone",
    "address": "supplier_address",
    "id_number": "supplier_id_number",
}


def translated(refusal: Invalid) -> Invalid:
    """A service's refusal with the field names of this form."""
    refusal.fields = {SERVICE_FIELDS.get(name, name): messages for name, messages in refusal.fields.items()}
    return refusal


def units_of(product: Product) -> list[tuple[str, Any]]:
    """The units a product is traded in, its own first."""
    own = () if product.unit in WEIGHED else (product.unit,)
    return [(unit, _unit(unit, product)) for unit in (*own, *WEIGHED)]


def _unit(unit, product):
    if unit == product.unit and product.kg_per_unit:
        each = f"{product.kg_per_unit.normalize():f}"
        return gettext("%(unit)s (%(kg)s kg each)") % {"unit": words.UNITS[unit], "kg": each}
    return words.UNITS[unit]


def read(reader, text: str) -> str:
    """What a reader of identifiers makes of a text, its objection as the field's."""
    if not text.strip():
        return ""
    try:
        return reader(text)
    except identifiers.Unclear as error:
        raise forms.ValidationError(gettext(error.words)) from error
