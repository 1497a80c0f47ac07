"""Forms of test points, their testers, instruments and kits."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit import clock
from registry.models import Account, Device, Organisation
from registry.web.doors import KeyedForm
from registry.web.forms_places import DayField, Named
from traceability.models import TestItem, TestPoint
from traceability.web.point_words import POINT_KINDS


class OperatorField(forms.CharField):
    """A registered organisation by its credit code; empty for the market's or store's own."""

    def clean(self, value) -> Organisation | None:
        text = super().clean(value).strip().upper()
        if not text:
            return None
        found = Organisation.objects.filter(uscc=text).first()
        if found is None:
            raise forms.ValidationError(_("No organisation with this code is in the register."))
        return found


class PointForm(KeyedForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    daily_target = forms.IntegerField(
        label=gettext_lazy("Tests a day"), min_value=0, max_value=5000, initial=0,
        help_text=gettext_lazy("How many this point is to make; 0 when nothing is agreed."),
    )  # fmt: skip
    operator = OperatorField(
        label=gettext_lazy("Run by"), max_length=18, required=False,
        help_text=gettext_lazy("The credit code of a third party that tests here. Empty: the market or store itself."),
    )  # fmt: skip

    def details(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("name", "daily_target", "operator")}


class NewPointForm(PointForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    field_order = ["client_key", "kind", "name"]

    def __init__(self, kinds: Iterable[str], *args, needs_operator: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, POINT_KINDS[kind]) for kind in kinds]
        if needs_operator:
            self.fields["operator"].required = True
            self.fields["operator"].help_text = gettext_lazy("The credit code of whoever runs it.")


class TrainingForm(KeyedForm):
    trained_on = DayField(label=gettext_lazy("Trained on"))
    trained_until = DayField(label=gettext_lazy("Training good until"))

    def training(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("trained_on", "trained_until")}


class StaffForm(TrainingForm):
    account = forms.ModelChoiceField(
        Account.objects.none(), label=gettext_lazy("Who"), empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy("People with a role that tests here. Others are first given one under People."),
    )  # fmt: skip
    field_order = ["client_key", "account"]

    def __init__(self, accounts, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts


class InstrumentForm(KeyedForm):
    device = forms.ModelChoiceField(
        Device.objects.none(), label=gettext_lazy("Instrument"), empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy("If it stands at another point, it moves here."),
    )  # fmt: skip

    def __init__(self, devices, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].queryset = devices


class KitForm(KeyedForm):
    item = Named(
        TestItem.objects.filter(active=True), label=pgettext_lazy("kit", "For"), empty_label=gettext_lazy("Choose")
    )
    brand = forms.CharField(label=gettext_lazy("Maker"), max_length=60)
    batch_no = forms.CharField(label=gettext_lazy("Batch number on the box"), max_length=40)
    expires_on = DayField(label=pgettext_lazy("kit", "Good until"))
    tests_total = forms.IntegerField(
        label=gettext_lazy("Tests in the box"), min_value=1, max_value=100000, required=False
    )
    method_no = forms.CharField(
        label=gettext_lazy("Method number"), max_length=40, required=False,
        help_text=gettext_lazy("As in the box's instructions, such as KJ 201905."),
    )  # fmt: skip
    received_on = DayField(label=gettext_lazy("Received on"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.now().date()

    def details(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name != "client_key"}


def kinds_of(point_at: str, market_kind: str = "") -> list[str]:
    """Which kinds of point may stand at a `market` of a kind, at a `place`, in a `town`."""
    kind = TestPoint.Kind
    if point_at == "market":
        return {"wholesale": [kind.WHOLESALE], "retail": [kind.RETAIL]}.get(market_kind, [kind.WHOLESALE, kind.RETAIL])
    if point_at == "place":
        return [kind.SCHOOL_CANTEEN, kind.STAFF_CANTEEN, kind.RESTAURANT, kind.SUPERMARKET]
    return [kind.STATION, kind.VEHICLE]
