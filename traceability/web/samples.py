"""样品: the list, one sample with what was read on it, a result for it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, codes, export, images
from kit.refusals import NotFound
from registry.permissions import VERBS
from registry.templatetags.people import place_words
from registry.web.doors import desk, see_other
from registry.web.lists import asked, export_url, key, page_of, select
from traceability.models import Batch, RapidTest, Sample
from traceability.selectors.rapid_tests import tests_for
from traceability.selectors.samples import narrowed, sample_called, samples_for
from traceability.selectors.test_levels import levels
from traceability.services.record_test import record
from traceability.services.samples import may_test
from traceability.web.paper_photos import private
from traceability.web.periods import asked_period, days_select
from traceability.web.recording import Subject, answered, result_form, say
from traceability.web.words_tests import LINKS, PURPOSES

FILTERS = ("q", "purpose", "link", "days", "since", "until")
reading = desk("record_test", "oversee")


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            days_select(request, _("All days")),
            select(request, "purpose", _("For anything"), PURPOSES),
            select(request, "link", _("Tied or not"), LINKS),
        ],
        "export_url": export_url(request, "samples_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "may_take": request.actor.has_role(*VERBS["record_test"]),
    }
    return render(request, "traceability/samples/index.html", context)


def asked_for(request: HttpRequest):
    period = asked_period(request, clock.now().date())
    return narrowed(
        samples_for(request.actor),
        q=asked(request, "q"),
        purpose=asked(request, "purpose", PURPOSES),
        link=asked(request, "link", LINKS),
        since=period.since,
        until=period.until,
    )


@require_safe
@reading
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Label"), _("Taken at"), _("Product"), _("Origin"), _("Place"), _("Test point"), _("What for"),
              _("Tied"), _("Batch"), _("How much"), _("Taken by"), _("Items read"), _("Note")]  # fmt: skip
    return export.csv_response("samples.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    for sample in asked_for(request).iterator(chunk_size=500):
        yield [
            codes.grouped(sample.label), sample.sampled_at, sample.product.name, sample.origin_text,
            place_words(sample.place) if sample.place else "", sample.point.name, purpose_words(sample),
            LINKS[sample.link], codes.grouped(sample.batch.typed_code) if sample.batch else "", sample.amount,
            sample.sampled_by.name if sample.sampled_by else "", sample.tested, sample.note,
        ]  # fmt: skip


def purpose_words(sample: Sample):
    """A blind sample looks like any other to whoever tests it."""
    return PURPOSES.get(sample.purpose, PURPOSES[Sample.Purpose.ROUTINE])


@require_safe
@reading
def sample(request: HttpRequest, label: str) -> HttpResponse:
    found = sample_called(request.actor, label)
    tests = tests_of(request, found)
    context = {
        "sample": found,
        "purpose": purpose_words(found),
        "link": LINKS[found.link],
        "level": levels([found.batch])[found.batch_id] if found.batch else None,
        "tests": tests,
        "may_test": found.point.state == "active" and may_test(request.actor, found.point),
        "may_open_batch": found.batch and Batch.objects.visible_to(request.actor).filter(pk=found.batch_id).exists(),
    }
    return render(request, "traceability/samples/sample.html", context)


def tests_of(request: HttpRequest, found: Sample):
    """What was read on a sample, in the order of the clock, for those who see the sample."""
    tests = RapidTest.objects.filter(district_id=found.district_id, sample=found)
    return tests.select_related("item", "method", "kit", "device", "tested_by").order_by("tested_at", "id")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def test(request: HttpRequest, label: str) -> HttpResponse:
    """A result for a sample; with `?repeats=`, the second strip of an item."""
    found = sample_called(request.actor, label)
    if not may_test(request.actor, found.point):
        raise NotFound
    repeats = tests_of(request, found).filter(pk=key(request.GET.get("repeats")), repeats=None).first()
    subject = Subject.of(found, repeats)
    form = result_form(request, subject)
    up = reverse("sample", args=[found.label])
    if request.method == "POST":
        made = answered(request, form, subject, lambda: record(
            request.actor, sample=found, entry=form.entry(repeats), client_key=form.cleaned_data["client_key"]
        ), up=up)  # fmt: skip
        if isinstance(made, RapidTest):
            say(request, made, draft=f"sample-test-{found.pk}")
            return see_other(up)
        if made is not None:
            return made
    context = {"sample": found, "form": form, "repeats": repeats, "up": up, "draft": f"sample-test-{found.pk}"}
    return render(request, "traceability/samples/test.html", context, status=422 if form.errors else 200)


@require_safe
@reading
def strip(request: HttpRequest, test_id: UUID) -> HttpResponse:
    """The photo of a strip, for those who may see its test; `?small` for a list."""
    found = tests_for(request.actor).filter(pk=test_id).exclude(strip_image="").first()
    if found is None or not default_storage.exists(found.strip_image):
        raise NotFound
    if "small" in request.GET:
        with default_storage.open(found.strip_image) as file:
            return private(HttpResponse(images.thumbnail(file.read()), content_type=images.CONTENT_TYPE))
    return private(FileResponse(default_storage.open(found.strip_image), content_type=images.CONTENT_TYPE))
