"""The form of one result: what was read on a strip or a screen, with what, and its picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit import clock, images
from kit.images import StoredImage
from kit.refusals import Invalid
from registry.actors import Actor
from registry.web.doors import KeyedForm
from traceability.judging import Reading
from traceability.models import RapidTest, TestItem, TestKit, TestMethod
from traceability.services import photo_drafts
from traceability.services.record_test import Entry
from traceability.web.forms_tests import RESULTS

ANY_METHOD: tuple[str, str | Promise] = ("", gettext_lazy("The one in force"))
NO_KIT: tuple[str, str | Promise] = ("", gettext_lazy("Not recorded"))
UNITS = ("%", "mg/kg", "ug/kg", "mg/g", "g/100g", "RLU")


class ResultForm(KeyedForm):
    """One item of one sample: a word read by eye, or a number with its unit. `confirmed` is set by the page that says
    what a positive does; `kept` is a photo that waits with the form."""

    item = forms.ChoiceField(label=gettext_lazy("Item"))
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=RESULTS.items(), required=False)
    value = forms.DecimalField(
        label=gettext_lazy("Number on the screen"), max_digits=13, decimal_places=4, required=False, localize=False
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=[(unit, unit) for unit in UNITS], required=False)
    photo = forms.FileField(label=gettext_lazy("Photo of the strip"), required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    kit = forms.ChoiceField(label=gettext_lazy("Test kit"), required=False)
    method_no = forms.ChoiceField(label=gettext_lazy("Method"), required=False)
    tested_at = forms.DateTimeField(
        label=gettext_lazy("Tested at"), required=False, help_text=gettext_lazy("Leave empty for now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    confirmed = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, actor: Actor, items: Sequence[TestItem], kits: Sequence[TestKit] = (),
        methods: Sequence[TestMethod] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.items = {item.code: item for item in items}
        self.kits = {str(kit.pk): kit for kit in kits}
        self.methods = list(methods)
        self.image: StoredImage | None = None
        self.fields["item"].choices = [(item.code, item.name) for item in items]
        today = clock.glance().date()
        self.fields["kit"].choices = [NO_KIT, *((pk, kit_words(kit, today)) for pk, kit in self.kits.items())]
        self.fields["method_no"].choices = [
            ANY_METHOD, *((method.method_no, f"{method.method_no} {method.title}") for method in self.methods)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        said, value = data.get("result"), data.get("value")
        if not self.errors:
            if bool(said) == (value is not None):
                self.add_error("result", _("Press what the strip shows, or write the number: one of the two."))
            if value is not None and not data.get("unit"):
                self.add_error("unit", _("Say which unit the number is in."))
        self._check_kit(data)
        self._read_photo(data)
        return data

    def _check_kit(self, data):
        kit, item = self.kits.get(data.get("kit", "")), data.get("item")
        if kit is not None and item and kit.item_id != item:
            self.add_error("kit", _("This kit is for another item."))
        wanted = data.get("method_no")
        if wanted and item and not any(each.method_no == wanted and each.item_id == item for each in self.methods):
            self.add_error("method_no", _("This method is for another item."))

    def _read_photo(self, data):
        try:
            if data.get("photo"):
                self.image = images.reencode(data["photo"])
            elif data.get("kept"):
                self.image = photo_drafts.redeem(self.actor, data["kept"])
        except Invalid as refusal:
            self._set("kept", "")
            self.add_error("photo", str(refusal.message))

    def keep_photo(self) -> str:
        """The form comes back: its accepted photo stays here, so that nobody takes it again."""
        if self.image:
            self._set("kept", photo_drafts.hold(self.actor, self.image))
        return self.data.get(self.add_prefix("kept"), "")

    def _set(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value

    @property
    def chosen(self) -> TestItem:
        return self.items[self.cleaned_data["item"]]

    @property
    def reading(self) -> Reading:
        value: Decimal | None = self.cleaned_data["value"]
        if value is None:
            return Reading(said=self.cleaned_data["result"])
        return Reading(value=value, unit=self.cleaned_data["unit"])

    def entry(self, repeats: RapidTest | None = None) -> Entry:
        data = self.cleaned_data
        tested_at: dt.datetime | None = data["tested_at"]
        return Entry(
            item=self.chosen, reading=self.reading, method_no=data["method_no"], kit=self.kits.get(data["kit"]),
            photo=self.image, repeats=repeats, tested_at=tested_at, note=data["note"],
        )  # fmt: skip


def kit_words(kit: TestKit, today: dt.date) -> str:
    """`绿洲 LZ00012 · 有机磷…`, and that it has expired."""
    named = f"{kit.brand} {kit.batch_no} · {kit.item.name}"
    over = _("expired %(day)s") % {"day": kit.expires_on.isoformat()} if kit.expires_on < today else ""
    return f"{named} · {over}" if over else named
