"""Forms of suppliers and bases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import images
from kit.refusals import Invalid
from registry.models import Place, Product, Region
from registry.selectors.regions import find_origins
from registry.selectors.sources import suppliers_at
from registry.web.forms_people import PhoneField
from registry.web.forms_places import DayField, Named, SeveralNamed


class SupplierForm(forms.Form):
    name = forms.CharField(label=_("Supplier"), max_length=120, help_text=_("A company, a cooperative or a grower."))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=40,
        required=False,
        help_text=_("Only of a grower who sells the own produce. Kept encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CountyField(forms.CharField):
    """A county as typed: its full name, its code, or words that fit one county only."""

    def clean(self, value: str) -> Region | None:
        text = super().clean(value)
        if not text:
            return None
        named = Region.objects.filter(level=Region.Level.COUNTY)
        exact = named.filter(full_name=text).first() or named.filter(code=text).first()
        if exact:
            return exact
        found = [region for region in find_origins(text) if region.level == Region.Level.COUNTY]
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No county like this. Try its name, or its letters in pinyin."))
        some = "、".join(region.full_name for region in found[:6])
        raise forms.ValidationError(_("Several counties fit: %(some)s. Write one of them.") % {"some": some})


class BaseForm(forms.Form):
    name = forms.CharField(label=_("Name of the base"), max_length=120)
    region = CountyField(label=_("County"), max_length=160, help_text=_("Such as 云南省楚雄彝族自治州元谋县, or 元谋."))
    detail = forms.CharField(label=_("Town, village, field"), max_length=120, required=False)
    supplier = Named(None, label=_("Supplier"), required=False, empty_label=_("None"))
    products = SeveralNamed(Product.objects.none(), label=_("What grows there"), required=False)
    contract_no = forms.CharField(label=_("Number of the contract"), max_length=60, required=False)
    contract_starts_on = DayField(label=_("Contract from"), required=False)
    contract_ends_on = DayField(label=_("Contract until"), required=False)
    contract = forms.FileField(
        label=_("Photo of the contract"), required=False, help_text=_("The page with names, place and seal.")
    )

    def __init__(self, place: Place, products, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = suppliers_at(place)
        self.fields["products"].queryset = products

    def clean_contract(self):
        file = self.cleaned_data["contract"]
        if not file:
            return None
        try:
            return images.reencode(file)
        except Invalid as refusal:
            raise forms.ValidationError(refusal.words()) from refusal
