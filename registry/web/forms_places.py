"""Forms of markets, stalls, stores and who keeps them."""

from __future__ import annotations

import datetime as dt
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import clock
from registry.models import Market, Organisation, Place, ProductCategory, Region
from registry.roles import Role
from registry.templatetags.people import ROLES
from registry.templatetags.places import named
from registry.web import words
from registry.web.doors import KeyedForm
from registry.web.forms_people import PhoneField

SEPARATORS = re.compile(r"[,;\s\u3001\uff0c\uff1b]+")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput


class Named(forms.ModelChoiceField):
    def label_from_instance(self, row) -> str:
        return named(row)


class SeveralNamed(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row) -> str:
        return named(row)


def categories_field(label: str = "") -> SeveralNamed:
    return SeveralNamed(ProductCategory.objects.all(), label=label or _("What is sold"), required=False)


def town_field(districts) -> Named:
    """The towns of these districts."""
    towns = Region.objects.filter(level=Region.Level.TOWN, parent_id__in=districts)
    return Named(towns, label=_("Town"), empty_label=_("Choose"))


class OrganisationForm(forms.Form):
    """A new subject. Which number is asked for follows from its kind, and the service checks it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=words.SUBJECT_KINDS.items(), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As on the licence or the identity card."))
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=_("18 characters, as on the licence. Not for a grower."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=40,
        required=False,
        help_text=_("Only of a grower. It is kept encrypted and shown to nobody without a record of it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    legal_person = forms.CharField(label=_("Person in charge"), max_length=64, required=False)
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)


class CorrectionForm(forms.Form):
    """What may change of a subject; its code does not."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = PhoneField(label=_("Telephone"), required=False)
    legal_person = forms.CharField(label=_("Person in charge"), max_length=64, required=False)
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)


class MarketProfileForm(forms.Form):
    address = forms.CharField(label=_("Address"), max_length=200)
    complaint_phone = forms.CharField(
        label=_("Phone for complaints"), max_length=20, help_text=_("Shown to the public.")
    )
    area_m2 = forms.IntegerField(label=_("Area in square metres"), min_value=1, required=False)
    safety_officer = forms.CharField(label=_("Food safety officer"), max_length=32, required=False)
    safety_director = forms.CharField(label=_("Food safety director"), max_length=32, required=False)
    has_lab = forms.BooleanField(label=_("Has a rapid-test room"), required=False)
    trade_day_starts_at = forms.TimeField(
        label=_("The trade day begins at"),
        initial=dt.time(0, 0),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_(
            "00:00 for a day market. A night market's day begins in the evening before, or in the small hours."
        ),
    )
    zones = forms.CharField(
        label=_("Zones"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Vegetables, meat, fish …: one a line, or with commas between."),
    )

    def clean_zones(self) -> list[str]:
        zones = [zone for zone in SEPARATORS.split(self.cleaned_data["zones"]) if zone]
        if any(len(zone) > 20 for zone in zones):
            raise forms.ValidationError(_("The name of a zone has at most 20 characters."))
        return zones


class MarketStandingForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=words.MARKET_KINDS.items(), widget=forms.RadioSelect)
    star_level = forms.IntegerField(label=_("Stars"), min_value=0, max_value=5, initial=0)
    active = forms.BooleanField(label=_("Open for business"), required=False, initial=True)

    def __init__(self, districts, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"] = town_field(districts)
        self.order_fields(["name", "kind", "town", "star_level", "active"])


class MarketForm(MarketStandingForm, MarketProfileForm):
    """A new market, whole."""


class StallsForm(forms.Form):
    """One stall or many, in one line."""

    numbers = forms.CharField(
        label=_("Stall numbers"),
        max_length=400,
        help_text=_("One, several, or a whole row: A01-A20, B03"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, market: Market, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        add_zone_and_categories(self, market)


class StallForm(forms.Form):
    stall_no = forms.CharField(label=_("Stall number"), max_length=20)

    def __init__(self, market: Market, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        add_zone_and_categories(self, market)


def add_zone_and_categories(form: forms.Form, market: Market) -> None:
    if market.zones:
        zones = [("", _("None")), *((zone, zone) for zone in market.zones)]
        form.fields["zone"] = forms.ChoiceField(label=_("Zone"), choices=zones, required=False)
    form.fields["categories"] = categories_field()


class AgreementForm(forms.Form):
    signed_on = DayField(label=_("Agreement signed on"), required=False)
    ends_on = DayField(label=_("Agreement ends on"), required=False, help_text=_("Leave it empty when it has no end."))


class MoveInForm(AgreementForm):
    trade_name = forms.CharField(label=_("Name on the sign"), max_length=80)
    started_on = DayField(label=_("Moves in on"))
    keeper_name = forms.CharField(
        label=_("Who will sign in"),
        max_length=40,
        required=False,
        help_text=_("As on the identity card. Leave both empty to enrol somebody later."),
    )
    phone = PhoneField(required=False, help_text=_("The person signs in with it."))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    field_order = ["trade_name", "started_on", "signed_on", "ends_on", "keeper_name", "phone", "role"]

    def __init__(self, place: Place, organisation: Organisation, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        fitting = [Role.VENDOR] if place.market.kind == Market.Kind.RETAIL else [Role.WHOLESALER, Role.VENDOR]
        self.fields["role"].choices = [(role.value, ROLES[role]) for role in fitting]
        self.fields["role"].initial = fitting[0].value
        self.fields["trade_name"].initial = organisation.name
        self.fields["started_on"].initial = clock.now().date()
        if len(fitting) == 1:
            self.fields["role"].widget = forms.HiddenInput()

    def clean(self) -> dict:
        if bool(self.cleaned_data.get("keeper_name")) != bool(self.cleaned_data.get("phone")):
            missing = "phone" if self.cleaned_data.get("keeper_name") else "keeper_name"
            self.add_error(missing, _("Name and phone belong together."))
        return self.cleaned_data


class LastDayForm(forms.Form):
    ended_on = DayField(label=_("Last day"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = clock.now().date()


class DescriptionForm(forms.Form):
    """What a keeper says of the own place."""

    words = forms.CharField(label=_("Name on the sign"), max_length=80)
    public_phone = forms.CharField(
        label=_("Phone for customers"), max_length=20, required=False, help_text=_("Shown to the public on your page.")
    )
    safety_officer = forms.CharField(label=_("Food safety officer"), max_length=32, required=False)


class StoreForm(KeyedForm):
    name = forms.CharField(label=_("Name on the sign"), max_length=80)
    business_type = forms.ChoiceField(
        label=_("Kind of business"), choices=[("", _("Choose")), *words.BUSINESS_TYPES.items()]
    )
    address = forms.CharField(label=_("Address"), max_length=200)
    permit_no = forms.CharField(
        label=_("Permit, filing or registration number"),
        max_length=40,
        required=False,
        help_text=_("JY, YB or SC and 14 digits; small workshops and vendors write the number on their card."),
    )
    permit_expires_on = DayField(label=_("Permit valid until"), required=False)
    public_phone = forms.CharField(
        label=_("Phone for customers"), max_length=20, required=False, help_text=_("Shown to the public on your page.")
    )
    safety_officer = forms.CharField(label=_("Food safety officer"), max_length=32, required=False)
    latitude = forms.DecimalField(
        label=_("Latitude"), max_digits=9, decimal_places=6, required=False, min_value=-90, max_value=90
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), max_digits=9, decimal_places=6, required=False, min_value=-180, max_value=180
    )
    field_order = ["client_key", "name", "business_type", "town", "address"]

    def __init__(self, districts, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"] = town_field(districts)
        self.order_fields(self.field_order)


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=100, help_text=_("Kept with the place."))
