"""Test kits: the boxes of all points within reach; received, used up, discarded."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select, today
from traceability.models import TestKit, TestPoint
from traceability.refusals import KitExpired
from traceability.selectors import test_points as selectors
from traceability.services import kits
from traceability.web.forms_points import KitForm
from traceability.web.point_words import KIT_STATES

keeping = desk("record_test", "manage_test_points")


@require_safe
@desk("view_tests")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "state", _("All kits"), KIT_STATES),
            select(request, "due", _("In date or not"), {"1": _("Expired or nearly")}),
        ],
        "export_url": export_url(request, "kits_export"),
        "searched": any(request.GET.get(name) for name in ("q", "state", "due")),
    }
    return render(request, "traceability/points/kits.html", context)


def asked_for(request: HttpRequest):
    return selectors.kits_narrowed(
        selectors.kits_seen(request.actor),
        today=today(),
        q=asked(request, "q"),
        state=asked(request, "state", KIT_STATES),
        due=bool(asked(request, "due")),
    )


@require_safe
@desk("view_tests")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Test point"), _("Item"), _("Maker"), _("Batch number on the box"), pgettext("kit", "Good until"),
              _("Received on"), _("Tests in the box"), _("Method number"), _("State")]  # fmt: skip
    return export.csv_response("test-kits.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    for kit in asked_for(request).iterator(chunk_size=500):
        yield [
            kit.point.name, kit.item.name, kit.brand, kit.batch_no, kit.expires_on, kit.received_on, kit.tests_total,
            kit.method_no, KIT_STATES[kit.state],
        ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@keeping
def receive(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    point = selectors.point_called(request.actor, point_id)
    kits.require_keeper(request.actor, point)
    form = KitForm(request.POST or None)
    made = carried_out(form, lambda data: received(request, point, form))
    if made:
        messages.success(
            request, _("%(brand)s %(batch)s is on the shelf.") % {"brand": made.brand, "batch": made.batch_no}
        )
        return see_other("point", point.id)
    up = reverse("point", args=[point.id])
    return form_page(request, "registry/form.html", form, title=_("A kit comes in"), kicker=point.name, up=up)


def received(request: HttpRequest, point: TestPoint, form: KitForm) -> TestKit | None:
    """An expired box comes back on the form, with what was typed."""
    details = kits.Details(**form.details())
    try:
        return kits.receive(request.actor, point=point, details=details, client_key=form.cleaned_data["client_key"])
    except KitExpired as refusal:
        form.add_error("expires_on", str(refusal.message))
        return None


@require_POST
@keeping
def use_up(request: HttpRequest, kit_id: uuid.UUID) -> HttpResponse:
    kit = kept(request, kit_id)
    if kit.state == TestKit.State.IN_USE:
        kits.use_up(request.actor, kit=kit)
    return see_other("point", kit.point_id)


@require_http_methods(["GET", "HEAD", "POST"])
@keeping
def discard(request: HttpRequest, kit_id: uuid.UUID) -> HttpResponse:
    kit = kept(request, kit_id)
    if request.method == "POST":
        if kit.state == TestKit.State.IN_USE:
            kits.discard(request.actor, kit=kit)
        return see_other("point", kit.point_id)
    context = {
        "title": _("Discard %(brand)s %(batch)s?") % {"brand": kit.brand, "batch": kit.batch_no},
        "text": _("No test is made with it any more; those that were stay."),
        "submit": _("Discard it"),
        "up": reverse("point", args=[kit.point_id]),
    }
    return render(request, "registry/confirm.html", context)


def kept(request: HttpRequest, kit_id: uuid.UUID) -> TestKit:
    kit = selectors.kit_called(request.actor, kit_id)
    kits.require_keeper(request.actor, kit.point)
    return kit
