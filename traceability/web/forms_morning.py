"""What a morning's grid carries down: said once, good for every row until it is said anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kit import clock
from traceability.models import TestItem, TestKit, TestMethod, TestPoint
from traceability.web.forms_results import ANY_METHOD, NO_KIT, UNITS, kit_words

KEY = "morning"
CARRIED = ("point", "item", "method_no", "kit", "unit", "tested_at")


class CarriedForm(forms.Form):
    """Point, item, method, kit, unit and time of the rows below."""

    point = forms.ChoiceField(label=_("Test point"))
    item = forms.ChoiceField(label=_("Item"))
    kit = forms.ChoiceField(label=_("Test kit"), required=False)
    method_no = forms.ChoiceField(label=_("Method"), required=False)
    unit = forms.ChoiceField(
        label=_("Rows are"), required=False, choices=[("", _("strips, read by eye")), *((unit, unit) for unit in UNITS)]
    )
    tested_at = forms.DateTimeField(
        label=_("Tested at"), required=False, help_text=_("Leave empty for the moment each row is entered."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, points: Sequence[TestPoint], items: Sequence[TestItem], kits: Sequence[TestKit],
        methods: Sequence[TestMethod], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        today = clock.glance().date()
        self.fields["point"].choices = [(str(point.pk), point.name) for point in points]
        self.fields["item"].choices = [(item.code, item.name) for item in items]
        self.fields["kit"].choices = [NO_KIT, *((str(kit.pk), kit_words(kit, today)) for kit in kits)]
        self.fields["method_no"].choices = [ANY_METHOD, *((each.method_no, str(each)) for each in methods)]


def carried(request: HttpRequest) -> Mapping[str, str]:
    """What was said last in this session."""
    kept = request.session.get(KEY)
    return kept if isinstance(kept, dict) else {}


def carry(request: HttpRequest, form: CarriedForm) -> None:
    request.session[KEY] = {name: form.data.get(name, "") for name in CARRIED}
