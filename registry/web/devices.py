"""Scales and instruments: registered, moved, keyed anew, switched off; what their keys sell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export, qr
from registry.models import Device, Market, Place, Product
from registry.permissions import VERBS, may
from registry.roles import BUSINESS_ROLES
from registry.selectors import devices as selectors
from registry.services import devices
from registry.templatetags.people import place_words
from registry.web import words
from registry.web.doors import desk, see_other
from registry.web.forms_devices import ButtonsForm, DeviceForm, NewDeviceForm
from registry.web.lists import asked, carried_out, export_url, form_page, key, page_of, select, today

SPARE_KEYS = 4
SHOWN = ("name", "serial_no", "calibrated_on", "calibration_ends_on")
reading = desk("manage_devices", "oversee", "keep_platform")
managing = desk("manage_devices")


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "selects": [
            select(request, "kind", _("All kinds"), words.DEVICE_KINDS),
            select(request, "state", _("In use and switched off"), words.DEVICE_STATES),
            select(request, "due", _("Calibrated or not"), {"1": _("Calibration due")}),
        ],
        "export_url": export_url(request, "devices_export"),
        "searched": any(request.GET.get(name) for name in ("q", "kind", "state", "due")),
        "may_add": request.actor.has_role(*VERBS["manage_devices"]),
    }
    return render(request, "registry/devices.html", context)


def asked_for(request: HttpRequest):
    return selectors.narrowed(
        selectors.devices_for(request.actor),
        today=today(),
        q=asked(request, "q"),
        kind=asked(request, "kind", words.DEVICE_KINDS),
        state=asked(request, "state", words.DEVICE_STATES),
        due=bool(asked(request, "due")),
    )


@require_safe
@reading
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Name"), _("Kind"), _("Maker's number"), _("Where it stands"), _("State"), _("Calibrated on"),
              _("Calibration good until"), _("Seen last")]  # fmt: skip
    rows = (
        [d.name, words.DEVICE_KINDS[d.kind], d.serial_no, place_words(d.place) if d.place else d.market.name,
         words.DEVICE_STATES[d.state], d.calibrated_on, d.calibration_ends_on, d.last_seen_at]
        for d in asked_for(request)
    )  # fmt: skip
    return export.csv_response("devices.csv", header, rows)


@require_safe
@reading
def device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    return render(request, "registry/device.html", context_of(request, selectors.device_for(request.actor, device_id)))


def context_of(request: HttpRequest, found: Device) -> dict[str, Any]:
    where = {"place": found.place} if found.place else {"market": found.market}
    return {
        "device": found,
        "kind": words.DEVICE_KINDS[found.kind],
        "state": words.DEVICE_STATES[found.state],
        "buttons": found.buttons.select_related("product"),
        "may_manage": may(request.actor, "manage_devices", **where),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    """The answer to a registration shows the key, this once."""
    wanted = key(request.GET.get("place"))
    form = NewDeviceForm(*standing_places(request), request.POST or None, initial={"stands": str(wanted or "")})
    made = carried_out(form, lambda data: devices.register(
        request.actor, kind=data["kind"], details=details_of(data), client_key=data["client_key"], **data["stands"]
    ))  # fmt: skip
    if made:
        messages.success(request, _("%(name)s is registered.") % {"name": made.name}, extra_tags="draft:device")
        return show_key(request, made)
    return form_page(
        request, "registry/form.html", form, title=_("Add a device"), up=reverse("devices"), draft="device",
        submit=_("Register it"),
    )  # fmt: skip


def show_key(request: HttpRequest, found: Device) -> HttpResponse:
    """A key is on the screen only in answer to the step that made it; no address leads to it again."""
    if found.last_seen_at and not found.previous_key_until:
        return see_other("device", found.id)
    told = f"sfdevice:{found.id}:{found.key}"
    context = context_of(request, found) | {"qr": mark_safe(qr.svg(told))}  # noqa: S308
    return render(request, "registry/device_key.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    found = selectors.device_for(request.actor, device_id)
    stands = str(found.place_id) if found.place_id else f"market:{found.market_id}"
    initial = {name: getattr(found, name) for name in SHOWN} | {"stands": stands}
    form = DeviceForm(*standing_places(request), request.POST or None, initial=initial)
    changed = carried_out(form, lambda data: devices.change(
        request.actor, device=found, details=details_of(data), **data["stands"]
    ))  # fmt: skip
    if changed:
        messages.success(request, _("Kept."))
        return see_other("device", found.id)
    up = reverse("device", args=[found.id])
    return form_page(request, "registry/form.html", form, title=_("Correct or move"), kicker=found.name, up=up)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def rotate(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    found = selectors.device_for(request.actor, device_id)
    if request.method == "POST":
        return show_key(request, devices.rotate_key(request.actor, device=found))
    return ask(
        request,
        found,
        title=_("A new key for %(name)s?"),
        text=_("The new key is shown once. The old one is good for another 24 hours."),
        submit=_("Make a new key"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def disable(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    found = selectors.device_for(request.actor, device_id)
    if request.method == "POST":
        devices.disable(request.actor, device=found)
        return see_other("device", found.id)
    text = _("Nothing it sends counts from now on. Do this when it is lost, sold or broken.")
    return ask(request, found, title=_("Switch %(name)s off?"), text=text, submit=_("Switch it off"), tone="bad")


@require_POST
@managing
def enable(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    found = selectors.device_for(request.actor, device_id)
    devices.enable(request.actor, device=found)
    messages.success(request, _("The device is in use again, with the key it had."))
    return see_other("device", found.id)


def ask(request: HttpRequest, found: Device, *, title: str, **context: str) -> HttpResponse:
    up = reverse("device", args=[found.id])
    return render(request, "registry/confirm.html", {"title": title % {"name": found.name}, "up": up, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def buttons(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    found = selectors.device_for(request.actor, device_id)
    present = {button.number: button.product_id for button in found.buttons.all()}
    numbers = range(1, min(max(present, default=0) + SPARE_KEYS, devices.MOST_BUTTONS) + 1)
    products = Product.objects.filter(active=True).select_related("category")
    initial = {f"key_{number}": code for number, code in present.items()}
    form = ButtonsForm(products, numbers, request.POST or None, initial=initial)
    done = carried_out(form, lambda data: (devices.set_buttons(request.actor, device=found, **data), True))
    if done:
        messages.success(request, _("Kept. The scale has its new keys after its next contact."))
        return see_other("device", found.id)
    up = reverse("device", args=[found.id])
    lede = _("A few free keys follow the last one; keep the page to get more.")
    return form_page(request, "registry/form.html", form, title=_("Product keys"), kicker=found.name, lede=lede, up=up)


def standing_places(request: HttpRequest) -> tuple[list[Market], list[Place]]:
    """Where the person may put a device: the markets and the places in use within the verb's reach."""
    places = (
        Place.objects.visible_to(request.actor)
        .in_use()
        .select_related("market")
        .order_by("market__name", "stall_no", "name")
    )
    scopes = request.actor.with_role(*VERBS["manage_devices"])
    if all(scope.role in BUSINESS_ROLES for scope in scopes):
        return [], [place for place in places if may(request.actor, "manage_devices", place=place)]
    markets = Market.objects.visible_to(request.actor).filter(active=True).order_by("name")
    reached = [market for market in markets if may(request.actor, "manage_devices", market=market)]
    return reached, [place for place in places if may(request.actor, "manage_devices", place=place)]


def details_of(data: Mapping[str, Any]) -> devices.Details:
    return devices.Details(**{name: data[name] for name in SHOWN})
