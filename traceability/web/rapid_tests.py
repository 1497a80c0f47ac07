"""快检: what waits for a test, a result recorded, the list of tests."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, codes, export
from registry.permissions import may
from registry.selectors.places import markets_for
from registry.web.doors import desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Batch, RapidTest, TestItem
from traceability.selectors import instrument_readings as readings
from traceability.selectors import rapid_tests as selectors
from traceability.selectors.points import point_for
from traceability.selectors.samples import samples_for
from traceability.services.record_test import test_goods
from traceability.services.samples import Goods
from traceability.web.cases import due_note
from traceability.web.forms_samples import purposes_at
from traceability.web.forms_tests import RESULTS
from traceability.web.periods import asked_period, days_select
from traceability.web.recording import Subject, answered, result_form, say
from traceability.web.sampling import done_today

A_FEW = 20
FILTERS = ("q", "result", "item", "days", "since", "until")


@require_safe
@desk("record_test")
def tester_home(request: HttpRequest) -> HttpResponse:
    """What waits for a test here, and what one tested today."""
    today = clock.now().date()
    waiting = selectors.batches_called(selectors.waiting_for_test(request.actor), asked(request, "q"))
    mine = selectors.tested_by(request.actor, today)
    page = page_of(request, waiting)
    context = {
        **due_note(request),
        "page": page,
        "count": page.paginator.count,
        "searched": bool(asked(request, "q")),
        "mine": mine[:A_FEW],
        "mine_count": mine.count(),
        "many_places": many_places(request),
        **done_today(request),
        "unread_samples": samples_for(request.actor).filter(sampled_at__date=today, tested=0).count(),
        "untied_readings": readings.waiting(readings.readings_for(request.actor)).count(),
    }
    return render(request, "traceability/tests/home.html", context)


def many_places(request: HttpRequest) -> bool:
    """Whether goods of several markets are seen, so that each has to say where it lies."""
    return markets_for(request.actor).count() != 1


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def new(request: HttpRequest) -> HttpResponse:
    """A batch by its code or from the list, and one result of it: the sample is taken with the same press."""
    text = asked(request, "batch")
    batch = selectors.batch_called(request.actor, text) if text else None
    if batch is None or not may(request.actor, "record_test", place=batch.place):
        return choose(request, text)
    point = point_for(request.actor, batch.place)
    if point is None:
        return choose(request, text)
    purpose = purposes_at(request.actor, point)[0]
    subject = Subject(point=point, purpose=purpose, product=batch.product, batch=batch)
    form, waited = result_form(request, subject), batch.state == Batch.State.PENDING_TEST
    goods = Goods(place=batch.place, product=batch.product, batch=batch)
    if request.method == "POST":
        made = answered(request, form, subject, lambda: test_goods(
            request.actor, point=point, goods=goods, purpose=purpose, entry=form.entry(),
            client_key=form.cleaned_data["client_key"],
        ), up=f"{reverse('test_new')}?batch={batch.token}")  # fmt: skip
        if isinstance(made, RapidTest):
            say(request, made, waited=waited, draft=f"test-{batch.pk}")
            return see_other("tester_home")
        if made is not None:
            return made
    before = selectors.tests_for(request.actor).filter(batch=batch).select_related("sample")
    context = {"batch": batch, "form": form, "point": point, "before": before}
    return render(request, "traceability/tests/new.html", context, status=422 if form.errors else 200)


def choose(request: HttpRequest, text: str) -> HttpResponse:
    """The batch: scanned, typed, or one that waits for a test."""
    found = selectors.batches_called(selectors.recently_held(request.actor), text) if text else None
    shown = list((found if text else selectors.waiting_for_test(request.actor))[:A_FEW])
    if any(not may(request.actor, "record_test", place=batch.place) for batch in shown):
        shown = [batch for batch in shown if may(request.actor, "record_test", place=batch.place)]
    context = {"sought": text, "batches": shown, "wrong": bool(text) and not shown}
    return render(request, "traceability/tests/choose.html", context)


@require_safe
@desk("record_test", "oversee")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    items = dict(TestItem.objects.values_list("code", "name"))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            days_select(request, _("All days")),
            select(request, "result", _("All results"), RESULTS),
            select(request, "item", _("All items"), items),
        ],
        "export_url": export_url(request, "rapid_tests_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "traceability/tests/index.html", context)


def asked_for(request: HttpRequest):
    period = asked_period(request, clock.now().date())
    return selectors.narrowed(
        selectors.tests_for(request.actor),
        q=asked(request, "q"),
        result=asked(request, "result", RESULTS),
        item=asked(request, "item"),
        since=period.since,
        until=period.until,
    )


@require_safe
@desk("record_test", "oversee")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Tested at"), _("Product"), _("Item"), _("Result"), _("Market"), _("Place"), _("Test point"),
              _("Method"), _("Tested by"), _("Batch"), _("Note")]  # fmt: skip
    return export.csv_response("rapid-tests.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    for test in asked_for(request).iterator(chunk_size=500):
        place = test.place
        yield [
            test.tested_at, test.product.name, test.item.name, RESULTS[test.result],
            place.market.name if place and place.market_id else "", str(place or ""), test.point.name,
            str(test.method or ""), test.tested_by.name if test.tested_by else "",
            codes.grouped(test.batch.typed_code) if test.batch else "", test.note,
        ]  # fmt: skip
