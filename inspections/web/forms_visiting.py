"""Forms of a visit: arriving, one item, a promotion, a place not seen, the end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.models import ChecklistItem
from inspections.visit_content import LONGEST_LINE, LONGEST_TEXT, MOST_DAYS
from inspections.visit_rules import Position
from registry.web.doors import KeyedForm

RESULTS = [
    ("pass", pgettext_lazy("item of a visit", "In order")),
    ("fail", pgettext_lazy("item of a visit", "Not in order")),
    ("na", pgettext_lazy("item of a visit", "Does not apply")),
    ("unseen", pgettext_lazy("item of a visit", "Not looked at")),
]
MEASURES = [
    ("", _("Choose")),
    ("on_spot", _("Put right on the spot")),
    ("deadline", _("Put right within days")),
    ("report", _("Tell the officers")),
]
UNSEEN_OUTCOMES = [
    ("closed", pgettext_lazy("place", "Closed")),
    ("moved", pgettext_lazy("place", "Moved away")),
    ("not_found", pgettext_lazy("place", "Not found")),
]


class PositionForm(forms.Form):
    """Filled by js/visit.js from the phone, where the person allows it."""

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    accuracy_m = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def position(self) -> Position | None:
        said = self.cleaned_data
        if None in (said["latitude"], said["longitude"], said["accuracy_m"]):
            return None
        return Position(said["latitude"], said["longitude"], round(said["accuracy_m"]))


class ArriveForm(PositionForm, KeyedForm):
    scanned = forms.CharField(
        label=_("Code of the place"), max_length=200, required=False,
        help_text=_("Scan the plate at the door, or type the code under it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class AnswerForm(PositionForm):
    """One item of the checklist."""

    result = forms.ChoiceField(label=_("What you saw"), choices=RESULTS, widget=forms.RadioSelect, required=False)
    value = forms.DecimalField(label=_("Reading"), required=False, max_digits=9, decimal_places=3)
    text = forms.CharField(
        label=_("In words"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    measure = forms.ChoiceField(label=_("What should be done"), choices=MEASURES, required=False)
    days = forms.IntegerField(label=_("Within days"), min_value=1, max_value=MOST_DAYS, required=False)
    photo = forms.FileField(label=_("Photo"), required=False)

    def __init__(self, item: ChecklistItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=item.code, **kwargs)
        self.item = item
        if item.evidence != ChecklistItem.Evidence.NUMBER:
            del self.fields["value"]

    def answer(self) -> dict[str, Any] | None:
        """What was said, as a record keeps it; None when nothing was chosen."""
        said = self.cleaned_data
        if not said["result"]:
            return None
        failing = said["result"] == "fail"
        value = said.get("value")
        return {
            "code": self.item.code,
            "result": said["result"],
            "text": said["text"],
            "value": "" if value is None else format(value, "f"),
            "measure": said["measure"] if failing else "",
            "days": said["days"] if failing and said["measure"] == "deadline" else None,
        }


class PromotionForm(PositionForm):
    place = forms.CharField(label=_("Where"), max_length=LONGEST_LINE)
    audience = forms.IntegerField(label=_("How many people"), min_value=1, max_value=100_000)
    topic = forms.CharField(label=_("About what"), max_length=LONGEST_LINE, required=False)
    material = forms.CharField(
        label=_("Material"), max_length=LONGEST_LINE, help_text=_("Such as 40 leaflets, one board, a talk.")
    )
    photo = forms.FileField(label=_("Photo"), required=False)


class UnseenForm(PositionForm, KeyedForm):
    outcome = forms.ChoiceField(label=_("How it was"), choices=UNSEEN_OUTCOMES, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In words"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the door says, what the neighbours say, where it has gone."),
    )  # fmt: skip
    photo = forms.FileField(label=_("Photo of the door"), required=False)


class FinishForm(PositionForm, KeyedForm):
    """The operator signs, on the screen or on paper, or does not."""

    signed_by = forms.CharField(label=_("Name of who signs"), max_length=40, required=False)
    signature = forms.FileField(label=_("Signature"), required=False)
    sign_refusal = forms.CharField(
        label=_("Not signed, because"), max_length=LONGEST_LINE, required=False,
        help_text=_("Such as: refuses, nobody there who may sign."),
    )  # fmt: skip


class PhotoForm(PositionForm):
    photo = forms.FileField(label=_("Photo of the whole"))
