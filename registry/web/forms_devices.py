"""Forms of devices."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Product
from registry.templatetags.people import place_words
from registry.templatetags.places import named
from registry.web import words
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField

MARKET = "market"


class DeviceForm(KeyedForm):
    """`stands` is a place's id, or `market:<id>` for a device not yet at a stall."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as scale 2, by the door."))
    stands = forms.ChoiceField(label=_("Where it stands"))
    serial_no = forms.CharField(label=_("Maker's number"), max_length=60, required=False)
    calibrated_on = DayField(label=_("Calibrated on"), required=False)
    calibration_ends_on = DayField(label=_("Calibration good until"), required=False)
    field_order = ["client_key", "kind", "name", "stands", "serial_no"]

    def __init__(self, markets, places, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.stands = {f"{MARKET}:{market.id}": {MARKET: market} for market in markets}
        self.stands |= {str(place.id): {"place": place} for place in places}
        at_market = [
            (f"{MARKET}:{market.id}", _("%(market)s, at no stall yet") % {"market": market}) for market in markets
        ]
        self.fields["stands"].choices = [*((str(place.id), place_words(place)) for place in places), *at_market]

    def clean_stands(self) -> Mapping:
        return self.stands[self.cleaned_data["stands"]]


class NewDeviceForm(DeviceForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=words.DEVICE_KINDS.items(), widget=forms.RadioSelect, initial="scale"
    )


class ButtonsForm(forms.Form):
    """The product keys of a scale, a line each: `number`, product."""

    def __init__(self, products, numbers, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", pgettext_lazy("product key", "free")),
            *((product.code, named(product)) for product in products),
        ]
        self.numbers = list(numbers)
        for number in self.numbers:
            label = _("Key %(number)s") % {"number": number}
            self.fields[f"key_{number}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict:
        codes = {number: self.cleaned_data.get(f"key_{number}") for number in self.numbers}
        products = Product.objects.in_bulk([code for code in codes.values() if code])
        return {"products": {number: products[code] for number, code in codes.items() if code}}
