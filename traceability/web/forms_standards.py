"""Forms of test items, methods and limits, and of a reading to try."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit import clock
from registry.models import Product, ProductCategory
from registry.selectors.products import find_products
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField, SeveralNamed
from traceability.judging import UNITS, Reading
from traceability.models import TestItem, TestMethod
from traceability.web import standard_words as words

UNIT_CHOICES = [("", gettext_lazy("none")), *((unit, unit.replace("ug", "µg")) for unit in UNITS)]
NUMBER = {"max_digits": 12, "decimal_places": 4, "required": False}


class ItemForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=80, required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), choices=words.GROUPS.items())
    banned = forms.BooleanField(
        label=gettext_lazy("May not be used at all"), required=False,
        help_text=gettext_lazy("A positive then pauses the whole batch and everything that came of it."),
    )  # fmt: skip
    categories = SeveralNamed(
        ProductCategory.objects.all(), label=gettext_lazy("Meant for"), required=False,
        help_text=gettext_lazy("The item is offered for goods of these kinds."),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("Offered to testers"), required=False, initial=True)

    def facts(self) -> dict[str, object]:
        data = dict(self.cleaned_data)
        data.pop("code", None)
        return data | {"categories": [category.code for category in data["categories"]]}


class NewItemForm(ItemForm):
    code = forms.CharField(
        label=pgettext_lazy("test item", "Code"), max_length=16,
        help_text=gettext_lazy("Letters and digits, such as CARBO. Instruments and files use it; it never changes."),
    )  # fmt: skip
    field_order = ["code"]


class VersionForm(KeyedForm):
    """The first day of a version and what it rests on."""

    effective_from = DayField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Today or later. Tests of the days before keep the rule they were judged by."),
    )
    source = forms.CharField(
        label=gettext_lazy("Rests on"), max_length=200,
        help_text=gettext_lazy("The standard or announcement with its number, such as GB 2763-2021."),
    )  # fmt: skip
    verified = forms.BooleanField(
        label=gettext_lazy("I have compared it with the text of that document"), required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = clock.now().date()
        self.order_fields([name for name in self.fields if name not in VersionForm.base_fields])

    def version(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("effective_from", "source", "verified")}


class MethodForm(VersionForm):
    method_no = forms.CharField(label=gettext_lazy("Method number"), max_length=40)
    title = forms.CharField(label=gettext_lazy("Title of the method"), max_length=120)
    principle = forms.ChoiceField(label=gettext_lazy("How it works"), choices=words.PRINCIPLES.items())
    lod = forms.DecimalField(
        label=gettext_lazy("Limit of detection"), **NUMBER,
        help_text=gettext_lazy("The least that is seen. For what must not be detected it is the cut-off of a number."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNIT_CHOICES, required=False)

    def details(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("method_no", "title", "principle", "lod", "unit")}


class ProductField(forms.CharField):
    """A product by its name as typed; what is near it is offered when it is none."""

    def clean(self, value) -> Product | None:
        text = super().clean(value)
        if not text:
            return None
        product = Product.objects.filter(name=text, active=True).first()
        if product is None:
            near = ", ".join(each.name for each in find_products(text, limit=3))
            said = (
                _("No product of this name. Do you mean %(near)s?") % {"near": near} if near else _("No such product.")
            )
            raise forms.ValidationError(said)
        return product


class LimitForm(VersionForm):
    category = forms.ModelChoiceField(
        ProductCategory.objects.all(), label=gettext_lazy("Kind of goods"), required=False,
        empty_label=gettext_lazy("All goods"),
    )  # fmt: skip
    product = ProductField(
        label=gettext_lazy("Or one product"), max_length=64, required=False,
        help_text=gettext_lazy("Its own limit goes before that of its kind."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Limit"), choices=words.LIMIT_KINDS.items(), widget=forms.RadioSelect)
    value = forms.DecimalField(label=pgettext_lazy("limit", "Number"), **NUMBER)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNIT_CHOICES, required=False)

    def details(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("category", "product", "kind", "value", "unit")}


class TryForm(forms.Form):
    """A reading to judge: nothing is recorded."""

    item = forms.ModelChoiceField(
        TestItem.objects.filter(active=True), label=gettext_lazy("Item"), empty_label=gettext_lazy("Choose")
    )
    product = ProductField(label=gettext_lazy("Product"), max_length=64)
    method_no = forms.ChoiceField(label=gettext_lazy("Method"), required=False)
    value = forms.DecimalField(label=gettext_lazy("Number read"), **NUMBER)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNIT_CHOICES, required=False)
    control_line = forms.ChoiceField(
        label=gettext_lazy("Control line"), required=False,
        choices=[
            ("", gettext_lazy("no strip")),
            ("yes", pgettext_lazy("control line", "there")),
            ("no", pgettext_lazy("control line", "missing")),
        ],
    )  # fmt: skip
    test_line = forms.ChoiceField(
        label=gettext_lazy("Test line"), required=False, choices=[("", gettext_lazy("no strip")), *words.LINES.items()]
    )
    day = DayField(label=gettext_lazy("On the day"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        numbers = TestMethod.objects.filter(item=self.data.get("item")) if self.is_bound else TestMethod.objects.none()
        found = numbers.order_by("method_no").values_list("method_no", flat=True).distinct()
        self.fields["method_no"].choices = [("", gettext_lazy("the first in force")), *((no, no) for no in found)]

    def reading(self) -> Reading:
        data = self.cleaned_data
        return Reading(
            control_line={"yes": True, "no": False}.get(data["control_line"]),
            test_line=data["test_line"],
            value=data["value"],
            unit=data["unit"],
        )
