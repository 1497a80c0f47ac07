"""A form made of a rule's own fields, with what holds now filled in."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry.web.doors import KeyedForm
from traceability import policies
from traceability.web import policy_words


class PolicyForm(KeyedForm):
    note = forms.CharField(
        label=gettext_lazy("Why the rule changes"), max_length=200,
        help_text=gettext_lazy("Kept with your name and shown beside this version."),
    )  # fmt: skip
    effective_from = forms.DateTimeField(
        label=gettext_lazy("Holds from"), required=False, help_text=gettext_lazy("Leave empty for now."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, name: str, present: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [each.name for each in fields(policies.POLICIES[name])]
        last = {key: self.fields.pop(key) for key in ("note", "effective_from")}
        for each in fields(policies.POLICIES[name]):
            self.fields[each.name] = _field(name, each, present[each.name])
        self.fields |= last

    def value(self) -> dict[str, Any]:
        return {part: self.cleaned_data[part] for part in self.parts}


def _field(name: str, part: Field, present: Any) -> forms.Field:
    label = policy_words.part(name, part.name)
    if isinstance(part.default, str):
        return forms.ChoiceField(label=label, choices=policy_words.REACHES.items(), initial=present)
    if isinstance(part.default, float):
        return forms.FloatField(label=label, initial=present, min_value=0)
    return forms.IntegerField(label=label, initial=present, min_value=0)
