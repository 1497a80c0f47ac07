"""快检: what waits for a test, a result recorded, the list of tests."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, codes, export
from kit.refusals import Invalid
from kit.templatetags.show import kg
from registry.permissions import may
from registry.selectors.places import markets_for
from registry.web.doors import add_refusal, desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Batch, RapidTest, TestItem, TestPoint
from traceability.selectors import rapid_tests as selectors
from traceability.selectors.holds import reach_of
from traceability.selectors.points import point_for
from traceability.selectors.standards import items_for
from traceability.services.record_test import record_test
from traceability.web.cases import due_note
from traceability.web.forms_tests import RESULT_NOTES, RESULTS, TestForm
from traceability.web.periods import asked_period, days_select

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
    }
    return render(request, "traceability/tests/home.html", context)


def many_places(request: HttpRequest) -> bool:
    """Whether goods of several markets are seen, so that each has to say where it lies."""
    return markets_for(request.actor).count() != 1


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def new(request: HttpRequest) -> HttpResponse:
    """A batch by its code or from the list, an item, a result; a positive says first what it does."""
    text = asked(request, "batch")
    batch = selectors.batch_called(request.actor, text) if text else None
    if batch is None or not may(request.actor, "record_test", place=batch.place):
        return choose(request, text)
    point = point_for(request.actor, batch.place)
    if point is None:
        return choose(request, text)
    items = items_for(batch.product)
    form = TestForm(items, request.POST or None, initial={"item": items[0].code})
    if request.method == "POST" and form.is_valid():
        if form.needs_confirmation:
            return confirm(request, form, batch)
        if recorded(request, form, batch, point):
            return see_other("tester_home")
    context = {
        "batch": batch,
        "form": form,
        "items": [{"value": item.code, "label": item.name, "note": item.get_group_display()} for item in items],
        "results": [{"value": value, "label": word, "note": RESULT_NOTES[value]} for value, word in RESULTS.items()],
        "before": selectors.tests_for(request.actor).filter(batch=batch),
    }
    return render(request, "traceability/tests/new.html", context, status=422 if form.errors else 200)


def choose(request: HttpRequest, text: str) -> HttpResponse:
    """The batch: scanned, typed, or one that waits for a test."""
    found = selectors.batches_called(selectors.recently_held(request.actor), text) if text else None
    shown = list((found if text else selectors.waiting_for_test(request.actor))[:A_FEW])
    if any(not may(request.actor, "record_test", place=batch.place) for batch in shown):
        shown = [batch for batch in shown if may(request.actor, "record_test", place=batch.place)]
    context = {"sought": text, "batches": shown, "wrong": bool(text) and not shown}
    return render(request, "traceability/tests/choose.html", context)


def confirm(request: HttpRequest, form: TestForm, batch: Batch) -> HttpResponse:
    """What recording a positive stops, in numbers."""
    reach = reach_of([batch])
    consequences = [
        (_("Sale is paused of"), kg(reach.on_hand_kg)),
        (_("Batches"), reach.batches),
        (_("Stalls and stores that are told"), reach.places),
    ]
    kept = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "confirmed")]
    item = form.chosen
    context = {
        "title": _("Record a positive for %(product)s?") % {"product": batch.product.name},
        "text": _("%(item)s. The batch and everything that came from it stop being sold at once. A rapid test "
                  "screens: a laboratory confirms it or clears it.") % {"item": item.name},
        "tone": "bad",
        "consequences": consequences,
        "hidden": [*kept, ("confirmed", "1")],
        "submit": _("Positive: pause %(kg)s, tell %(n)s") % {"kg": kg(reach.on_hand_kg), "n": reach.places},
        "up": f"{reverse('test_new')}?batch={batch.token}",
    }  # fmt: skip
    return render(request, "traceability/tests/confirm.html", context)


def recorded(request: HttpRequest, form: TestForm, batch: Batch, point: TestPoint) -> RapidTest | None:
    waited = batch.state == Batch.State.PENDING_TEST
    try:
        test = record_test(request.actor, batch=batch, point=point, **form.facts())
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    if test.result == RapidTest.Result.POSITIVE:
        n = reach_of([batch]).places
        said = ngettext(
            "Positive recorded. Sale is paused, %(n)d place is told.",
            "Positive recorded. Sale is paused, %(n)d places are told.", n,
        ) % {"n": n}  # fmt: skip
        messages.warning(request, said, extra_tags=f"draft:test-{batch.pk}")
    else:
        batch.refresh_from_db(fields=["state"])
        admitted = waited and batch.state == Batch.State.ADMITTED
        said = _("Recorded. The goods may be sold now.") if admitted else _("Recorded.")
        messages.success(request, said, extra_tags=f"draft:test-{batch.pk}")
    return test


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
