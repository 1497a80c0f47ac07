"""采样: where one stands, what lies there, one tick a sample."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kit import clock
from registry.models import Place, Product
from registry.selectors.places import called, places_for
from registry.selectors.products import find_products
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, key
from traceability.models import Sample, TestPoint
from traceability.selectors.points import point_for, points_for
from traceability.selectors.sampled_goods import Offered, chosen, offered_at, scanned
from traceability.selectors.samples import held_today, taken_at
from traceability.services.samples import may_test, take_samples
from traceability.web.forms_samples import PRODUCT, SampleForm, purposes_at

A_FEW = 30
A_FEW_LATEST = 8


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def new(request: HttpRequest) -> HttpResponse:
    """First the place, by search or by a code; then what it holds today."""
    place = asked_place(request)
    point = asked_point(request, place) if place else None
    if place is None or point is None:
        return choose_place(request)
    form = sample_form(request, place, point)
    if "look" in request.POST:
        return form_page(request, form, place, point)
    made = carried_out(form, lambda _data: take_samples(request.actor, point=point, **form.facts()))
    if made:
        say(request, made)
        return see_other(after(request, point))
    return form_page(request, form, place, point)


def asked_place(request: HttpRequest) -> Place | None:
    found = key(request.GET.get("place"))
    places = places_for(request.actor).filter(organisation__isnull=False)
    if found:
        return places.filter(pk=found).first()
    own = list(places[:2])
    return own[0] if len(own) == 1 and "q" not in request.GET else None


def asked_point(request: HttpRequest, place: Place) -> TestPoint | None:
    """The point asked for, else the one that serves the place."""
    wanted = key(request.GET.get("point"))
    found = points_for(request.actor).filter(pk=wanted).first() if wanted else None
    point = found or point_for(request.actor, place)
    return point if point is not None and may_test(request.actor, point) else None


def choose_place(request: HttpRequest) -> HttpResponse:
    """The stall or store: typed, or scanned, as its own code, a batch's or a slip's."""
    text = request.GET.get("q", "").strip()[:200]
    if text:
        place, lots = scanned(request.actor, text)
        if place is not None:
            return redirect(with_query(request, place=place.pk, goods=[each.value for each in lots]))
    found = places_for(request.actor).filter(organisation__isnull=False)
    found = found.filter(called(text)) if text else latest_places(request)
    places = list(found[:A_FEW])
    context = {"sought": text, "places": places, "wrong": bool(text) and not places, "keep": kept(request)}
    return render(request, "traceability/samples/choose.html", context)


def latest_places(request: HttpRequest):
    """Where one took samples today, the latest first; on a new day, everything in order of the stalls."""
    mine = Sample.objects.filter(sampled_by=request.user, sampled_at__date=clock.now().date())
    ids = list(dict.fromkeys(mine.order_by("-sampled_at").values_list("place_id", flat=True)))[:A_FEW_LATEST]
    places = places_for(request.actor).filter(organisation__isnull=False)
    return places.filter(pk__in=ids) if ids else places


def with_query(request: HttpRequest, *, place: Any, goods: list[str]) -> str:
    parts = [("place", place), *kept(request), *(("goods", value) for value in goods)]
    return f"{reverse('sample_new')}?{urlencode(parts)}"


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, request.GET[name]) for name in ("point", "next") if request.GET.get(name)]


def sample_form(request: HttpRequest, place: Place, point: TestPoint) -> SampleForm:
    sent = request.POST if request.method == "POST" and "look" not in request.POST else None
    ticked = (request.POST or request.GET).getlist("goods")
    lots = offered_at(place, list(held_today(place, clock.now())[:A_FEW]))
    own = {each.value for each in lots}
    lots = [each for value in ticked if value not in own and (each := chosen(request.actor, place, value))] + lots
    codes = [value.removeprefix(f"{PRODUCT}:") for value in ticked if value.startswith(f"{PRODUCT}:")]
    products = [*Product.objects.filter(pk__in=codes), *found_products(request)]
    return SampleForm(
        sent, place=place, offered=lots, products=list(dict.fromkeys(products)),
        purposes=purposes_at(request.actor, point),
        initial={"purpose": usual_purpose(request, point), **looked_up(request), "goods": ticked},
    )  # fmt: skip


def looked_up(request: HttpRequest) -> dict[str, str]:
    """What was typed before a product was looked up: it stays."""
    names = ("client_key", "purpose", "amount", "sampled_at", "note")
    return {name: request.POST[name] for name in names if request.POST.get(name)}


def found_products(request: HttpRequest) -> list[Product]:
    sought = sought_product(request)
    return list(find_products(sought)) if sought else []


def sought_product(request: HttpRequest) -> str:
    return request.POST.get("find", "").strip()[:60] or asked(request, "find")


def usual_purpose(request: HttpRequest, point: TestPoint) -> str:
    """What the last sample of the day was taken for, else what the point is mostly for."""
    last = taken_at(point, clock.now().date()).filter(sampled_by=request.user).last()
    purposes = purposes_at(request.actor, point)
    return last.purpose if last and last.purpose in purposes else purposes[0]


def form_page(request: HttpRequest, form: SampleForm, place: Place, point: TestPoint) -> HttpResponse:
    ticked = form["goods"].value() or []
    context = {
        "at": place,
        "point": point,
        "points": points_for(request.actor),
        "form": form,
        "lots": [lot_row(each, ticked) for each in form.offered.values()],
        "products": [(value, product, value in ticked) for value, product in form.products.items()],
        "sought": sought_product(request),
        "keep": kept(request),
        "taken": taken_at(point, clock.now().date()).filter(place=place),
    }
    return render(request, "traceability/samples/new.html", context, status=422 if form.errors else 200)


def lot_row(each: Offered, ticked: list[str]) -> tuple[Offered, bool]:
    return each, each.value in ticked


def say(request: HttpRequest, made: list[Sample]) -> None:
    said = ngettext("%(n)d sample taken.", "%(n)d samples taken.", len(made)) % {"n": len(made)}
    messages.success(request, said, extra_tags=f"draft:sample-{made[0].place_id}")


def after(request: HttpRequest, point: TestPoint) -> str:
    """To the next stall, or back to the morning's grid."""
    if "done" in request.POST or request.GET.get("next") == "morning":
        return f"{reverse('morning')}?point={point.pk}" if "another" not in request.POST else again(request)
    return again(request)


def again(request: HttpRequest) -> str:
    keep = urlencode(kept(request))
    return f"{reverse('sample_new')}?{keep}" if keep else reverse("sample_new")
