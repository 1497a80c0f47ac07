"""Forms of a sale: a weight and a price; the walk-in's name; the reason of a void."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import money
from kit.refusals import Invalid
from registry.web.doors import KeyedForm

HIGHEST_FEN = 100_000_00


class WeightForm(forms.Form):
    weight = forms.DecimalField(
        label=_("Weight"), max_digits=9, decimal_places=3, min_value=Decimal("0.001"), widget=forms.TextInput
    )
    price = forms.CharField(label=_("Price, yuan a kilogram"), max_length=12, required=False)

    def clean_price(self) -> int | None:
        text = self.cleaned_data["price"].strip()
        if not text:
            return None
        try:
            fen = money.fen(text)
        except Invalid as refusal:
            raise forms.ValidationError(refusal.words()) from refusal
        if not 0 < fen <= HIGHEST_FEN:
            raise forms.ValidationError(_("Write a price above zero, or leave it empty."))
        return fen


class IssueForm(KeyedForm):
    """The last step of a sale; only a walk-in is asked for name and phone."""


class WalkInForm(IssueForm):
    name = forms.CharField(label=_("Customer's name"), max_length=40)
    phone = forms.CharField(
        label=_("Customer's telephone"),
        max_length=20,
        help_text=_("If these goods must come back, this is how the customer is reached."),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The buyer and the market read it."), widget=forms.TextInput
    )
