"""Forms of coordinators, teams, grids, conflicts and consents."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.models import Coordinator, Team
from inspections.services.coordinators import Post
from inspections.web import work_words
from registry.models import Organisation, Region
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField, Named

WHOLE_DISTRICT = _("the whole district")


class PostForm(KeyedForm):
    """What somebody does, where; `towns` and `teams` are those within the officer's reach."""

    kind = forms.ChoiceField(label=_("Kind"), choices=work_words.PEOPLE_KINDS.items(), widget=forms.RadioSelect)
    town = Named(Region.objects.none(), label=_("Town"), required=False, empty_label=WHOLE_DISTRICT,
                 help_text=_("Only inspectors work in the whole district."))  # fmt: skip
    level = forms.TypedChoiceField(label=_("Level"), choices=work_words.LEVELS.items(), coerce=int,
                                   help_text=_("1 for a beginner; some tasks ask for more."))  # fmt: skip
    team = Named(Team.objects.none(), label=_("Team"), required=False, empty_label=_("none"))
    pay_eligible = forms.BooleanField(
        label=_("Is paid by the task"), required=False, initial=True,
        help_text=_("Not for people on the public payroll."),
    )  # fmt: skip

    def __init__(self, *args, towns, teams, whole_district: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = towns
        self.fields["town"].required = not whole_district
        if not whole_district:
            self.fields["town"].empty_label = _("Choose")
        self.fields["team"].queryset = teams

    def post(self) -> Post:
        names = ("kind", "level", "town", "team", "pay_eligible")
        return Post(**{name: self.cleaned_data[name] for name in names})


class PauseForm(forms.Form):
    until = DayField(
        label=_("Until which day, that day included"), required=False,
        help_text=_("Leave it empty: until somebody ends the pause."),
    )  # fmt: skip


class TeamForm(KeyedForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    organisation = Named(Organisation.objects.none(), label=_("Contractor or office"), empty_label=_("Choose"))
    town = Named(Region.objects.none(), label=_("Town"), required=False, empty_label=WHOLE_DISTRICT)

    def __init__(self, *args, organisations, towns, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["town"].queryset = towns


class TeamChangeForm(TeamForm):
    active = forms.BooleanField(label=_("In use"), required=False)


class GridForm(KeyedForm):
    town = Named(Region.objects.none(), label=_("Town"), empty_label=_("Choose"))
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as the streets it covers."))

    def __init__(self, *args, towns, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = towns


class GridNameForm(KeyedForm):
    name = forms.CharField(label=_("Name"), max_length=60)


class Person(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row: Coordinator) -> str:
        return f"{row.account.name} · {work_words.PEOPLE_KINDS[row.kind]}"


class GridPeopleForm(KeyedForm):
    people = Person(Coordinator.objects.none(), label=_("Who walks it"), required=False)

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class GridPlacesForm(KeyedForm):
    """Places are ticked on the page; the street is written once for all of them."""

    street = forms.CharField(
        label=_("Street or village"), max_length=60, required=False,
        help_text=_("Tasks on one street can be taken together."),
    )  # fmt: skip


class ConflictForm(KeyedForm):
    reason = forms.CharField(
        label=_("Whose is it?"), max_length=120,
        help_text=_("My own, a relative's, my employer's. Tasks there are no longer offered to you."),
    )  # fmt: skip


class BankForm(forms.Form):
    bank_name = forms.CharField(label=_("Bank and branch"), max_length=60)
    bank_account = forms.CharField(
        label=_("Bank account"), max_length=40, help_text=_("8 to 30 digits. Kept encrypted."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    id_number = forms.CharField(
        label=_("Identity number"), max_length=24, required=False,
        help_text=_("For the tax declaration. Leave it empty to keep the present one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("I agree that this is kept to pay me, and for nothing else. I can take it back at any time."),
    )
