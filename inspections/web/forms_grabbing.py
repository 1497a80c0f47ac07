"""What the pages of taking tasks send."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.selectors.pool import Wanted
from inspections.services.release import REASON_LENGTH
from kit.geo import Position
from registry.web.doors import KeyedForm

KM = 1000
NEAR = {"1": 1 * KM, "3": 3 * KM, "10": 10 * KM}
PAY = {"20": 2000, "30": 3000, "50": 5000}


class GrabForm(forms.Form):
    """One task, or the tasks of one street."""

    district = forms.RegexField(r"^[0-9]{6}$")
    task = forms.UUIDField(required=False)
    bundle = forms.UUIDField(required=False)
    client_key = forms.UUIDField()

    def clean(self):
        if bool(self.cleaned_data.get("task")) == bool(self.cleaned_data.get("bundle")):
            raise forms.ValidationError(_("Say which task."))
        return self.cleaned_data


class PoolForm(forms.Form):
    """What the list is narrowed to; whatever is none of the choices is left out."""

    kind = forms.CharField(required=False, max_length=10)
    town = forms.CharField(required=False, max_length=12)
    near = forms.ChoiceField(required=False, choices=[("", ""), *((each, each) for each in NEAR)])
    pay = forms.ChoiceField(required=False, choices=[("", ""), *((each, each) for each in PAY)])
    q = forms.CharField(required=False, max_length=60)

    def wanted(self) -> Wanted:
        self.is_valid()
        told = self.cleaned_data
        return Wanted(
            kind=told.get("kind", ""),
            town=told.get("town", ""),
            within_m=NEAR.get(told.get("near", "")),
            pay_fen=PAY.get(told.get("pay", ""), 0),
            text=told.get("q", ""),
        )


class PositionForm(forms.Form):
    """Where somebody stands, this once."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)

    def position(self) -> Position | None:
        if not self.is_valid():
            return None
        return self.cleaned_data["latitude"], self.cleaned_data["longitude"]


REASONS = {
    "time": _("I cannot make it in time"),
    "far": _("It is too far"),
    "ill": _("I am ill"),
    "conflict": _("I know the people there"),
    "mistake": _("I took it by mistake"),
    "other": pgettext_lazy("reason", "Something else"),
}


class WhyForm(KeyedForm):
    """A reason by one tap, or in one's own words."""

    why = forms.ChoiceField(label=_("Why"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    words = forms.CharField(label=_("In your own words"), max_length=REASON_LENGTH, required=False)

    def clean(self):
        told = self.cleaned_data
        if told.get("why") == "other" and not told.get("words"):
            self.add_error("words", _("Say why, in a few words."))
        return told

    @property
    def reason(self) -> str:
        told = self.cleaned_data
        said = "" if told["why"] == "other" else str(REASONS[told["why"]])
        return ": ".join(filter(None, (said, told["words"])))[:REASON_LENGTH]
