"""What a test point has: its testers and their training, its instruments."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.web.doors import see_other
from registry.web.lists import carried_out, form_page
from traceability.selectors import test_points as selectors
from traceability.services import points
from traceability.web.forms_points import InstrumentForm, StaffForm, TrainingForm
from traceability.web.points import managed, managing


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def add_staff(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    point = managed(request, point_id)
    form = StaffForm(selectors.testers_for(point), request.POST or None)
    made = carried_out(form, lambda data: points.add_staff(
        request.actor, point=point, account=data["account"], training=points.Training(**form.training()),
        client_key=data["client_key"],
    ))  # fmt: skip
    if made:
        messages.success(request, _("%(name)s is on the list.") % {"name": made.account.name})
        return see_other("point", point.id)
    lede = "" if point.staff.exists() else _("From the first name on, only those on the list record tests here.")
    up = reverse("point", args=[point.id])
    return form_page(
        request, "registry/form.html", form, title=_("A trained tester"), kicker=point.name, lede=lede, up=up,
        submit=_("Add to the list"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def renew_staff(request: HttpRequest, point_id: uuid.UUID, staff_id: uuid.UUID) -> HttpResponse:
    point = managed(request, point_id)
    staff = selectors.staff_called(point, staff_id)
    form = TrainingForm(request.POST or None)
    made = carried_out(form, lambda data: points.renew(
        request.actor, staff=staff, training=points.Training(**form.training()), client_key=data["client_key"]
    ))  # fmt: skip
    if made:
        messages.success(request, _("The new training is recorded."))
        return see_other("point", point.id)
    up = reverse("point", args=[point.id])
    title = _("A further training of %(name)s") % {"name": staff.account.name}
    return form_page(request, "registry/form.html", form, title=title, kicker=point.name, up=up)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def end_staff(request: HttpRequest, point_id: uuid.UUID, staff_id: uuid.UUID) -> HttpResponse:
    point = managed(request, point_id)
    staff = selectors.staff_called(point, staff_id)
    if request.method == "POST":
        points.end_staff(request.actor, staff=staff)
        return see_other("point", point.id)
    context = {
        "title": _("%(name)s no longer tests here?") % {"name": staff.account.name},
        "text": _("The role stays; it is taken back under People."),
        "submit": _("Take off the list"),
        "up": reverse("point", args=[point.id]),
    }
    return render(request, "registry/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def place_instrument(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    point = managed(request, point_id)
    form = InstrumentForm(selectors.instruments_to_place(point), request.POST or None)
    made = carried_out(form, lambda data: points.place_instrument(
        request.actor, point=point, device=data["device"], client_key=data["client_key"]
    ))  # fmt: skip
    if made:
        messages.success(request, _("%(name)s stands here now.") % {"name": made.device.name})
        return see_other("point", point.id)
    up = reverse("point", args=[point.id])
    lede = _("An instrument is registered first under Devices, with its calibration.")
    return form_page(
        request, "registry/form.html", form, title=_("An instrument for this point"), kicker=point.name, lede=lede,
        up=up,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def remove_instrument(request: HttpRequest, point_id: uuid.UUID, placed_id: uuid.UUID) -> HttpResponse:
    point = managed(request, point_id)
    placed = selectors.instrument_called(point, placed_id)
    if request.method == "POST":
        points.remove_instrument(request.actor, placed=placed)
        return see_other("point", point.id)
    context = {
        "title": _("Take %(name)s away from here?") % {"name": placed.device.name},
        "text": _("It stays registered and can be placed at another point."),
        "submit": _("Take it away"),
        "up": reverse("point", args=[point.id]),
    }
    return render(request, "registry/confirm.html", context)
