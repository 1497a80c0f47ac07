"""An instrument to try in the demo: choose a sample, give it a number, and see the message and its answer."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kit import clock
from kit.ids import uuid7
from registry.models import Device
from registry.web.doors import desk
from traceability.instrument.lines import dy_message
from traceability.instrument_message import read_dy
from traceability.models import Sample, TestItem, TestPoint
from traceability.selectors.instrument_readings import point_of
from traceability.selectors.samples import taken_at
from traceability.services.instrument_readings import receive_readings
from traceability.services.samples import may_test

UNKNOWN = "unknown"


class ReadForm(forms.Form):
    """One sample read; `again` sends the same message a second time."""

    sample = forms.ChoiceField(label=_("Sample on the instrument"))
    item = forms.ChoiceField(label=_("Item"))
    value = forms.DecimalField(label=_("Number on the screen"), max_digits=9, decimal_places=2, initial="12.5")
    unit = forms.CharField(label=_("Unit"), max_length=16, initial="%")
    system_code = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, samples: list[Sample], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stray = (UNKNOWN, _("a label nobody knows"))
        self.fields["sample"].choices = [*((each.label, f"{each.product} · {each.label}") for each in samples), stray]
        items = TestItem.objects.filter(active=True)
        self.fields["item"].choices = [(item.code, item.name) for item in items]

    def reading(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "system_code": data["system_code"][:64], "item": data["item"], "sample": data["sample"],
            "value": format(data["value"], "f"), "unit": data["unit"], "text": "",
            "tested_at": clock.now().replace(microsecond=0).isoformat(),
        }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def page(request: HttpRequest) -> HttpResponse:
    device, point = near(request)
    samples = list(taken_at(point, clock.now().date())) if point else []
    sent = request.POST if request.method == "POST" else None
    form = ReadForm(samples, sent, initial={"system_code": f"DEMO-{uuid7().hex[-12:]}"})
    context: dict[str, Any] = {"form": form, "device": device, "point": point, "samples": samples}
    if device and form.is_bound and form.is_valid():
        message = dy_message([form.reading()], username=request.user.username, device=device.serial_no)
        _named, readings = read_dy(message)
        context |= {
            "message": json.dumps(message, ensure_ascii=False, indent=2),
            "answer": receive_readings(device, readings=readings)[0],
            "form": ReadForm(samples, initial={"system_code": f"DEMO-{uuid7().hex[-12:]}", **form.cleaned_data}),
        }
    return render(request, "demo/instrument.html", context, status=422 if form.errors else 200)


def near(request: HttpRequest) -> tuple[Device | None, TestPoint | None]:
    """The first instrument at a point where the person may test."""
    for device in Device.objects.filter(kind=Device.Kind.INSTRUMENT, state=Device.State.ACTIVE).order_by("id"):
        point = point_of(device)
        if point is not None and may_test(request.actor, point):
            return device, point
    return None, None
