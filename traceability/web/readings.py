"""仪器读数: what instruments sent, what waits for its sample, and the tie."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import clock, export
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, page_of, select
from traceability.models import InstrumentReading, Sample, TestItem
from traceability.selectors.instrument_readings import narrowed, point_of, reading_for, readings_for, waiting
from traceability.selectors.samples import sample_called, samples_for
from traceability.services.instrument_readings import read_again, reading_of, set_reading_aside, tie_reading
from traceability.web.periods import asked_period, days_select
from traceability.web.recording import Subject, say
from traceability.web.what_stops import Intended, confirmation
from traceability.web.words_tests import PROBLEMS

FILTERS = ("q", "show", "problem", "days", "since", "until")
SHOWN = {"all": gettext_lazy("Everything received")}
NEAR = 40


class TieForm(forms.Form):
    """Which sample, and of which item; `confirmed` is set by the page that says what a positive does."""

    sample = forms.CharField(
        label=gettext_lazy("Label of the sample"), max_length=200, help_text=gettext_lazy("Scanned or typed.")
    )
    item = forms.ChoiceField(label=gettext_lazy("Item"))
    confirmed = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, actor, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.items = {item.code: item for item in TestItem.objects.filter(active=True)}
        self.fields["item"].choices = [(item.code, item.name) for item in self.items.values()]

    def clean_sample(self) -> Sample:
        text = self.cleaned_data["sample"].strip().rstrip("/").rsplit("/", 1)[-1]
        try:
            return sample_called(self.actor, text)
        except NotFound as error:
            raise forms.ValidationError(_("No sample within your reach has this label.")) from error

    def clean_item(self) -> TestItem:
        return self.items[self.cleaned_data["item"]]


class AsideForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("Why it counts for nothing"), max_length=200)


@require_safe
@desk("record_test", "oversee")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for somebody; with `?show=all` everything instruments sent."""
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "show", _("To be tied"), SHOWN),
            select(request, "problem", _("For any reason"), PROBLEMS),
            days_select(request, _("All days")),
        ],
        "export_url": export_url(request, "readings_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "traceability/readings/index.html", context)


def asked_for(request: HttpRequest):
    period = asked_period(request, clock.now().date())
    found = readings_for(request.actor)
    found = found if asked(request, "show", SHOWN) else waiting(found)
    return narrowed(
        found, q=asked(request, "q"), problem=asked(request, "problem", PROBLEMS), since=period.since,
        until=period.until,
    )  # fmt: skip


@require_safe
@desk("record_test", "oversee")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Received at"), _("Instrument"), _("System code"), _("Sample as sent"), _("Item as sent"), _("Reading"),
              _("Unit"), _("Words"), _("Why it waits"), _("Dealt with")]  # fmt: skip
    return export.csv_response("instrument-readings.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    for reading in asked_for(request).iterator(chunk_size=500):
        sent = reading.content
        yield [
            reading.received_at, reading.device.name, reading.system_code, sent["sample"], sent["item"],
            sent["value"] or "", sent["unit"], sent["text"], PROBLEMS.get(reading.problem, ""),
            _("yes") if reading.tied or not reading.problem else "",
        ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """One reading, and the sample it is said to be of."""
    found = reading_for(request.actor, reading_id)
    sent = read_again(found)
    form = TieForm(request.actor, request.POST or None, initial=first_guess(request, found))
    if request.method == "POST" and form.is_valid() and (asking := question(request, form, found)):
        return asking
    test = carried_out(form, lambda data: tie_reading(
        request.actor, reading=found, sample=data["sample"], item=data["item"]
    ))  # fmt: skip
    if test:
        say(request, test)
        return see_other("readings")
    context = {"reading": found, "sent": sent, "form": form, "near": near(request, found), "aside": AsideForm()}
    return render(request, "traceability/readings/reading.html", context, status=422 if form.errors else 200)


def first_guess(request: HttpRequest, found: InstrumentReading) -> dict[str, str]:
    item = found.content["item"]
    known = TestItem.objects.filter(pk=item, active=True).exists()
    return {"item": item if known else "", "sample": asked(request, "sample")}


def near(request: HttpRequest, found: InstrumentReading):
    """The samples of the instrument's point of that day: one of them it is, most likely."""
    point, day = point_of(found.device), read_again(found).tested_at.date()
    if point is None or found.tied or not found.problem:
        return []
    return samples_for(request.actor).filter(point=point, sampled_at__date=day)[:NEAR]


def question(request: HttpRequest, form: TieForm, found: InstrumentReading) -> HttpResponse | None:
    """Before a positive: what it stops."""
    sample, item = form.cleaned_data["sample"], form.cleaned_data["item"]
    sent, subject = read_again(found), Subject.of(sample)
    intended = Intended(
        point=subject.point, purpose=subject.purpose, batch=subject.batch, product=subject.product, item=item,
        reading=reading_of(sent), method_no="", confirms=False, at=sent.tested_at,
    )  # fmt: skip
    if form.cleaned_data["confirmed"] or not intended.positive:
        return None
    hidden = [("sample", sample.label), ("item", item.code), ("confirmed", "1")]
    context = confirmation(intended) | {"hidden": hidden, "up": reverse("reading", args=[found.pk])}
    return render(request, "traceability/tests/confirm.html", context)


@require_POST
@desk("record_test")
def aside(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    found = reading_for(request.actor, reading_id)
    form = AsideForm(request.POST)
    if carried_out(form, lambda data: set_reading_aside(request.actor, reading=found, note=data["note"])):
        messages.success(request, _("Set aside. It stays in the list of everything received."))
        return see_other("readings")
    tie = TieForm(request.actor, initial=first_guess(request, found))
    context = {"reading": found, "sent": read_again(found), "form": tie, "near": near(request, found), "aside": form}
    return render(request, "traceability/readings/reading.html", context, status=422)
