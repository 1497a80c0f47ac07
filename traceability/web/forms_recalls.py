"""Forms of recalls: starting, asking, refusing, answering, ending."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.web.doors import KeyedForm
from traceability.models import RecallNotice
from traceability.web import recall_words as words


class RecallForm(KeyedForm):
    """`drill` is the button that only practises."""

    reason = forms.CharField(
        label=_("Why the goods are recalled"), max_length=400,
        help_text=_("Every holder reads this. Name the finding, not a person."),
    )  # fmt: skip
    drill = forms.BooleanField(required=False, widget=forms.HiddenInput)


class AskForm(KeyedForm):
    reason = forms.CharField(
        label=_("Why the goods have to be recalled"), max_length=400,
        help_text=_("The operator reads this, and answers by a recall or by a refusal with its reason."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you do not recall them"), max_length=400,
        help_text=_("The officer who asked reads this, and may then order the recall."),
    )  # fmt: skip


class OrderForm(KeyedForm):
    """Nothing to fill in: the reason and the refusal are known."""


class AnswerForm(forms.Form):
    found_kg = forms.DecimalField(
        label=_("How much did you find"), max_digits=12, decimal_places=3, min_value=Decimal(0), required=False,
        help_text=_("Weigh it. Leave it empty when nothing is left."),
    )  # fmt: skip
    done = forms.ChoiceField(label=_("What did you do with it"), choices=words.DONE.items())
    answer = forms.CharField(label=_("Anything else"), max_length=400, required=False)

    def __init__(self, *args, on_behalf: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if on_behalf:
            self.fields["answer"].label = _("Who told you, and how")
            self.fields["answer"].required = True

    def clean(self) -> dict[str, object]:
        data = self.cleaned_data
        if data.get("found_kg") is None and "found_kg" in data:
            if data.get("done") == RecallNotice.Done.NOTHING_LEFT:
                data["found_kg"] = Decimal(0)
            else:
                self.add_error("found_kg", _("Write how many kilograms were found, or choose that nothing is left."))
        return data


class EndForm(forms.Form):
    conclusion = forms.CharField(
        label=_("How it ended"), max_length=400, help_text=_("For the file and for the regulator's report.")
    )
