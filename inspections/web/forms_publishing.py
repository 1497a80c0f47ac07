"""Forms of one task, of a campaign or plan, of taking back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.models import Budget, Grid, TaskKind
from inspections.selectors.campaigns import Terms
from inspections.selectors.places_to_visit import Scope
from inspections.web import work_words
from kit.templatetags.show import fen
from kit.tradeday import CHINA
from registry.models import Market, Region
from registry.web import words
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField, Named

LAST_MINUTE = dt.time(23, 59)
TERMS = ("grade", "night", "urgent", "brief")


class KindField(forms.ModelChoiceField):
    def label_from_instance(self, row: TaskKind) -> str:
        return f"{row.name} · {fen(row.base_fen)}"


class BudgetField(forms.ModelChoiceField):
    def label_from_instance(self, row: Budget) -> str:
        left = fen(row.cap_fen - row.reserved_fen)
        return _("%(name)s, %(left)s left") % {"name": row.name, "left": left}


class TermsForm(KeyedForm):
    kind = KindField(TaskKind.objects.none(), label=_("Kind"), empty_label=_("Choose"))
    grade = forms.ChoiceField(label=_("Risk grade"), choices=work_words.GRADES.items(), initial="a")
    night = forms.BooleanField(label=_("At night or on a holiday"), required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False, help_text=_("It stands first in everybody's list."))
    budget = BudgetField(
        Budget.objects.none(), label=_("Budget line"), required=False, empty_label=_("none: nothing caps the cost")
    )
    brief = forms.CharField(
        label=_("What to look at"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, kinds, budgets, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds
        self.fields["budget"].queryset = budgets

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TERMS}


class TaskForm(TermsForm):
    due_on = DayField(
        label=_("To be handed in by"), required=False, help_text=_("Leave it empty: as long as the kind gives.")
    )
    field_order = ["kind", "brief", "grade", "night", "urgent", "due_on", "budget"]

    def due_at(self) -> dt.datetime | None:
        day = self.cleaned_data["due_on"]
        return dt.datetime.combine(day, LAST_MINUTE, CHINA) if day else None


class CampaignForm(TermsForm):
    title = forms.CharField(label=_("Title"), max_length=80)
    town = Named(Region.objects.none(), label=_("Town"), required=False, empty_label=_("All towns"))
    market = Named(Market.objects.none(), label=_("Market"), required=False, empty_label=_("All places"))
    place_kind = forms.ChoiceField(
        label=_("Stalls or stores"), required=False, choices=[("", _("Both")), *words.PLACE_KINDS.items()]
    )
    business_type = forms.ChoiceField(
        label=_("Kind of business"), required=False, choices=[("", _("All kinds")), *words.BUSINESS_TYPES.items()]
    )
    grid = Named(Grid.objects.none(), label=_("Grid"), required=False, empty_label=_("All grids"))
    unvisited_days = forms.IntegerField(
        label=_("Not visited for how many days"), required=False, min_value=1, max_value=3660
    )
    every_days = forms.IntegerField(
        label=_("Again every how many days"), required=False, min_value=1, max_value=366,
        help_text=_("Empty: once, a campaign. With a number: a plan that goes on until it is ended."),
    )  # fmt: skip
    first_on = DayField(label=_("First round on"), required=False, help_text=_("Of a plan. Empty: at once."))
    due_on = DayField(
        label=_("Last day to hand in"), required=False, help_text=_("Of a campaign. Empty: as the kind gives.")
    )
    field_order = ["title", "kind", "town", "market", "place_kind", "business_type", "grid", "unvisited_days",
                   "every_days", "first_on", "due_on", "brief", "grade", "night", "urgent", "budget"]  # fmt: skip

    def __init__(self, *args, towns, markets, grids, whole_district: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset, self.fields["market"].queryset = towns, markets
        self.fields["grid"].queryset = grids
        if not whole_district:
            self.fields["town"].required, self.fields["town"].empty_label = True, _("Choose")

    def scope(self) -> Scope:
        data = self.cleaned_data
        return Scope(
            town=data["town"].pk if data["town"] else "",
            market=str(data["market"].pk) if data["market"] else "",
            kind=data["place_kind"],
            business_type=data["business_type"],
            grid=str(data["grid"].pk) if data["grid"] else "",
            unvisited_days=data["unvisited_days"] or 0,
        )

    def priced_by(self) -> Terms:
        return Terms(**self.terms())

    def timing(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("every_days", "first_on", "due_on")}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("Whoever holds it is told."))
