"""Forms of blind samples."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Product
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField, Named
from traceability.models import TestItem
from traceability.web.evaluation_words import CONTENTS


class ChosenPoint(forms.ModelChoiceField):
    def label_from_instance(self, point) -> str:
        return f"{point.code} {point.name}"


class BlindForm(KeyedForm):
    """One blind sample: for whom, of what, and what is in it."""

    point = ChosenPoint(None, label=_("Test point"), empty_label=_("Choose"))
    product = Named(Product.objects.filter(active=True), label=_("Product"), empty_label=_("Choose"))
    item = Named(TestItem.objects.filter(active=True), label=_("Item"), empty_label=_("Choose"))
    expected = forms.ChoiceField(label=_("What is in it"), choices=CONTENTS.items(), widget=forms.RadioSelect)
    planned_for = DayField(label=_("Day to send it"))

    def __init__(self, points, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].queryset = points


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Why it is called off"), max_length=200)
