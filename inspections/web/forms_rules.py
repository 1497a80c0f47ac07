"""Forms of checklists, kinds of task, budget lines and the district's rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections import work_policies
from inspections.models import ChecklistItem, TaskKind
from inspections.services.checklists import Item
from inspections.services.task_kinds import Terms
from inspections.web import rule_words, work_words
from kit import money
from kit.tradeday import CHINA
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField


class YuanField(forms.CharField):
    """Yuan as typed; the value is fen."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("max_length", 14)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.fen(text)
        except money.BadAmount as refusal:
            raise forms.ValidationError(refusal.words()) from refusal


class ChecklistForm(KeyedForm):
    title = forms.CharField(label=_("Title"), max_length=80)
    code = forms.CharField(
        label=pgettext_lazy("of a list", "Code"), max_length=20, help_text=_("Letters, digits and _; it stays.")
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=work_words.AUDIENCES.items(), widget=forms.RadioSelect)


class HeadForm(KeyedForm):
    title = forms.CharField(label=_("Title"), max_length=80)
    min_photos = forms.IntegerField(label=_("At least how many photos"), min_value=0, max_value=9)


class ItemForm(KeyedForm):
    code = forms.CharField(
        label=pgettext_lazy("of a list", "Code"), max_length=8, help_text=_("Such as S01. Each once in a checklist.")
    )
    text = forms.CharField(label=_("What is looked at"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    key = forms.BooleanField(label=_("Key item"), required=False, help_text=_("A failure goes to an officer at once."))
    evidence = forms.ChoiceField(
        label=_("What is asked for even when it is in order"), choices=work_words.EVIDENCE.items(),
        initial=ChecklistItem.Evidence.NONE, widget=forms.RadioSelect,
    )  # fmt: skip
    unit = forms.CharField(label=_("Unit of the reading"), max_length=12, required=False, help_text=_("Such as ℃."))
    measures = forms.CharField(
        label=_("Usual measures"), required=False, help_text=_("One on each line; they are offered as one tap."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def item(self) -> Item:
        names = ("code", "text", "key", "evidence", "unit")
        measures = tuple(line.strip() for line in self.cleaned_data["measures"].splitlines() if line.strip())
        return Item(**{name: self.cleaned_data[name] for name in names}, measures=measures)


class KindForm(KeyedForm):
    code = forms.CharField(
        label=pgettext_lazy("of a list", "Code"), max_length=10, help_text=_("Capital letters; it stays.")
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    group = forms.ChoiceField(label=_("Group"), choices=work_words.GROUPS.items(), widget=forms.RadioSelect)
    base_fen = YuanField(label=_("Price in yuan"))
    unseen_fen = YuanField(label=_("Pay in yuan when the place is closed, moved or not found"))
    hours = forms.IntegerField(label=_("Hours until it must be handed in"), min_value=1, max_value=2160)
    minutes = forms.IntegerField(label=_("Minutes it takes"), min_value=1, max_value=600)
    min_stay_minutes = forms.IntegerField(label=_("Minutes one stays at least"), min_value=0, max_value=600)
    min_level = forms.TypedChoiceField(label=_("From level"), choices=work_words.LEVELS.items(), coerce=int)
    kinds = forms.MultipleChoiceField(
        label=_("Who may take it"), choices=work_words.PEOPLE_KINDS.items(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: everybody."),
    )  # fmt: skip
    course_code = forms.ChoiceField(label=_("Course to have passed"), required=False)
    checklist_codes = forms.MultipleChoiceField(
        label=_("Checklists"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The one that fits the place is used."),
    )  # fmt: skip
    retired = forms.BooleanField(label=_("No longer published"), required=False)
    effective_from = DayField(
        label=_("In force from"),
        required=False,
        help_text=_("Leave it empty: from now. Tasks already open keep theirs."),
    )

    def __init__(self, *args, known: bool, courses, checklists, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["code"]
        else:
            del self.fields["retired"]
        self.fields["course_code"].choices = [("", _("none")), *((each.code, each.title) for each in courses)]
        self.fields["checklist_codes"].choices = [(each.code, each.title) for each in checklists]

    def terms(self, present: TaskKind | None = None) -> Terms:
        names = set(self.fields) & {field.name for field in fields(Terms)}
        values = {name: self.cleaned_data[name] for name in names}
        return Terms(**values, hidden=present.hidden if present else False)

    def begins(self) -> dt.datetime | None:
        return start_of(self.cleaned_data["effective_from"])


def start_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), CHINA) if day else None


class BudgetForm(KeyedForm):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Plans look for the same name each month."))
    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$", label=_("Month"), widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": _("Write the month as 2026-11.")},
    )  # fmt: skip
    cap_fen = YuanField(label=_("At most, in yuan"))

    def clean_month(self) -> dt.date:
        return dt.date.fromisoformat(f"{self.cleaned_data['month']}-01")


class CapForm(KeyedForm):
    cap_fen = YuanField(label=_("At most, in yuan"))


class RuleForm(KeyedForm):
    """A whole number for each key of the policy, between its bounds; why; from when."""

    note = forms.CharField(label=_("Why the rule changes"), max_length=200)
    effective_from = DayField(label=_("In force from"), required=False, help_text=_("Leave it empty: from now."))

    def __init__(self, *args, name: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.policy = work_policies.POLICIES[name]
        for each in fields(self.policy):
            low, high = work_policies.bounds(each.name)
            words, unit = rule_words.FIELDS[each.name]
            help_text = _("%(unit)s, %(low)s to %(high)s; shipped: %(default)s") % {
                "unit": unit, "low": low, "high": high, "default": each.default,
            }  # fmt: skip
            self.fields[each.name] = forms.IntegerField(label=words, min_value=low, max_value=high, help_text=help_text)
        self.order_fields([*(each.name for each in fields(self.policy)), "note", "effective_from"])

    def value(self) -> dict[str, int]:
        return {each.name: self.cleaned_data[each.name] for each in fields(self.policy)}

    def begins(self) -> dt.datetime | None:
        return start_of(self.cleaned_data["effective_from"])


def item_initial(item: ChecklistItem) -> dict[str, object]:
    names = ("code", "text", "key", "evidence", "unit")
    return {name: getattr(item, name) for name in names} | {"measures": "\n".join(item.measures)}


def kind_initial(kind: TaskKind) -> dict[str, object]:
    names = ("name", "group", "hours", "minutes", "min_stay_minutes", "min_level", "kinds", "course_code",
             "checklist_codes", "retired")  # fmt: skip
    found = {name: getattr(kind, name) for name in names}
    return found | {"base_fen": money.yuan(kind.base_fen), "unseen_fen": money.yuan(kind.unseen_fen)}
