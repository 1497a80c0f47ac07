"""Taking a voucher's goods in: every line whole unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kit.templatetags.show import kg
from registry.web.doors import KeyedForm
from traceability.models import VoucherLine
from traceability.services.take_in import Answer

OTHER, ELSEWHERE = "其他", "elsewhere"
REASONS = {
    "变质": gettext_lazy("spoiled"),
    "短斤少两": gettext_lazy("short weight"),
    "与凭证不符": gettext_lazy("not what the voucher says"),
    "无合格证明": gettext_lazy("no quality proof"),
    OTHER: gettext_lazy("something else"),
}
"""What a refusal says, as it is kept, and its words on the page."""


class TakeInForm(KeyedForm):
    """`accept_<n>` kilos of line n, and why the rest is refused: `reason_<n>`, `words_<n>` for another reason.

    `lines`: open lines, each with `open_kg` and `taken_here`. With `elsewhere` the rest may be left for
    another place of the same trader.
    """

    def __init__(self, lines: Sequence[VoucherLine], *args, elsewhere: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.reasons = [*REASONS.items(), *([(ELSEWHERE, _("left for another place of ours"))] if elsewhere else [])]
        for line in lines:
            n = line.position
            self.fields[f"accept_{n}"] = forms.DecimalField(
                label=pgettext("kilograms", "Taken in"), min_value=0, max_value=line.open_kg, max_digits=12,
                decimal_places=3, initial=Decimal(0) if line.taken_here else plain(line.open_kg), required=False,
                error_messages={"max_value": _("Only %(kg)s are left on this line.") % {"kg": kg(line.open_kg)}},
            )  # fmt: skip
            self.fields[f"reason_{n}"] = forms.ChoiceField(
                label=_("Why the rest is refused"), choices=self.reasons, required=False
            )
            self.fields[f"words_{n}"] = forms.CharField(label=_("In words"), max_length=100, required=False)

    def rows(self) -> list[dict[str, object]]:
        """Each line with its fields, for the page."""
        return [
            {
                "line": line,
                "accept": self[f"accept_{line.position}"],
                "words": self[f"words_{line.position}"],
                "reason": self[f"reason_{line.position}"],
                "tiles": [{"value": value, "label": label} for value, label in self.reasons],
            }
            for line in self.lines
        ]

    def clean(self):
        self.answers = [answer for line in self.lines if (answer := self._answer(line))]
        if not self.errors and not any(answer.accept_kg or answer.refuse_kg for answer in self.answers):
            raise forms.ValidationError(_("Choose what you take in or refuse."))
        return self.cleaned_data

    def _answer(self, line: VoucherLine) -> Answer | None:
        n = line.position
        if f"accept_{n}" in self.errors:
            return None
        accept_kg = self.cleaned_data.get(f"accept_{n}") or Decimal(0)
        rest_kg = line.open_kg - accept_kg
        reason, words = self.cleaned_data.get(f"reason_{n}", ""), self.cleaned_data.get(f"words_{n}", "").strip()
        if not rest_kg or reason == ELSEWHERE:
            return Answer(line.pk, accept_kg=accept_kg)
        if not reason:
            self.add_error(f"reason_{n}", _("Say why %(kg)s are not taken in.") % {"kg": kg(rest_kg)})
        if reason == OTHER and not words:
            self.add_error(f"words_{n}", _("Say in a few words what is wrong."))
        return Answer(line.pk, accept_kg=accept_kg, refuse_kg=rest_kg, reason=words if reason == OTHER else reason)


def everything(lines: Sequence[VoucherLine]) -> list[Answer]:
    """All that is open, taken in."""
    return [Answer(line.pk, accept_kg=line.open_kg) for line in lines if not line.taken_here]


def plain(weight_kg: Decimal) -> Decimal:
    """480, not 480.000: what a person would type."""
    return weight_kg.quantize(Decimal(1)) if weight_kg == weight_kg.to_integral() else weight_kg.normalize()
