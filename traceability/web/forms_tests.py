"""Forms of rapid tests and of pauses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.web.doors import KeyedForm
from traceability.models import Hold, RapidTest

RESULTS = {
    RapidTest.Result.NEGATIVE: pgettext_lazy("test button", "Not detected"),
    RapidTest.Result.POSITIVE: pgettext_lazy("test button", "Positive"),
    RapidTest.Result.SUSPECT: pgettext_lazy("test button", "In doubt"),
    RapidTest.Result.INVALID: pgettext_lazy("test button", "Invalid"),
}
RESULT_NOTES = {
    RapidTest.Result.NEGATIVE: gettext_lazy("waiting goods may be sold"),
    RapidTest.Result.POSITIVE: gettext_lazy("the batch is paused at once"),
    RapidTest.Result.SUSPECT: gettext_lazy("test again with a second strip"),
    RapidTest.Result.INVALID: gettext_lazy("no control line, or the kit failed"),
}
HOLD_CHOICES = {
    Hold.Reason.PAPERS: gettext_lazy("Papers in doubt"),
    Hold.Reason.MARKET: gettext_lazy("Decided by the market"),
    Hold.Reason.OFFICER: gettext_lazy("Asked by the regulator"),
}


class HoldForm(KeyedForm):
    reason = forms.ChoiceField(label=gettext_lazy("Why"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=200, required=False,
        help_text=gettext_lazy("For the file and whoever holds the goods. The public sees only that sale is paused."),
    )  # fmt: skip

    def __init__(self, reasons, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason, HOLD_CHOICES[reason]) for reason in reasons]


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why the goods may be sold again"), max_length=200,
        help_text=gettext_lazy("Such as the number of the laboratory's report. Kept with your name."),
    )  # fmt: skip

    def clean_note(self) -> str:
        note = self.cleaned_data["note"].strip()
        if len(note) < 2:
            raise forms.ValidationError(_("Say why the goods may be sold again."))
        return note
