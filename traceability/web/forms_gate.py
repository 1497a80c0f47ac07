"""Forms of the gate's clerk."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OTHER = "其他"
REASONS = {
    "照片看不清,请重拍": gettext_lazy("the photo cannot be read"),
    "凭证与货物不符": gettext_lazy("the paper is not for these goods"),
    "数量与到货不符": gettext_lazy("the quantity is not what came"),
    "产地要写到区县": gettext_lazy("the origin has to name the county"),
    "凭证已过期": gettext_lazy("the paper is out of date"),
    OTHER: gettext_lazy("something else"),
}
"""Why a declaration is returned, as the trader reads it, and its words on the clerk's page."""


class ReturnForm(forms.Form):
    """`missing`: what the gate found lacking; it is offered first."""

    choice = forms.ChoiceField(label=gettext_lazy("What has to be mended?"))
    words = forms.CharField(
        label=gettext_lazy("In words"), max_length=200, required=False,
        help_text=gettext_lazy("The trader reads this on the phone."),
    )  # fmt: skip

    def __init__(self, *args, missing: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        lacking = {_("Missing: %(what)s") % {"what": ", ".join(missing)}: ", ".join(missing)} if missing else {}
        self.offered = lacking | REASONS
        self.fields["choice"].choices = [(value, label) for value, label in self.offered.items()]

    def tiles(self) -> list[dict[str, object]]:
        return [{"value": value, "label": label} for value, label in self.offered.items()]

    def clean(self):
        data = self.cleaned_data
        words = data.get("words", "").strip()
        if data.get("choice") == OTHER and not words:
            self.add_error("words", _("Say what has to be mended."))
        chosen = "" if data.get("choice") == OTHER else data.get("choice", "")
        data["reason"] = ":".join(filter(None, (chosen, words)))[:200]
        return data


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("The trader reads it; it stays on file.")
    )
