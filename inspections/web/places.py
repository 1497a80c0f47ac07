"""Choosing a place by its number, name or letters; the choice is in the address, so that a reload keeps it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kit.refusals import NotFound
from registry.models import Place
from registry.selectors.places import called
from registry.templatetags.people import place_words
from registry.web.lists import asked, key, page_of


def chosen_place(request: HttpRequest, places: QuerySet[Place]) -> Place | None:
    """The place named in the address (`place`); None while none is. Raises NotFound for one out of reach."""
    if not request.GET.get("place"):
        return None
    found = places.select_related("market", "town", "organisation").filter(pk=key(request.GET["place"])).first()
    if found is None:
        raise NotFound
    return found


def choose_place(request: HttpRequest, places: QuerySet[Place], *, title: str, **head: Any) -> HttpResponse:
    found = places.filter(state=Place.State.ACTIVE).select_related("market", "town", "organisation")
    if q := asked(request, "q"):
        found = found.filter(called(q))
    page = page_of(request, found.order_by("market__name", "stall_no", "name", "pk"))
    context = {
        "title": title,
        "placeholder": _("Number, name, letters, address, keeper"),
        "page": page,
        "count": page.paginator.count,
        "rows": [
            {"title": place_words(place), "url": f"?place={place.pk}",
             "meta": " · ".join(filter(None, (place.town.name, place.address)))}
            for place in page
        ],
        "nothing": _("No such place"),
        "nothing_text": _("Try the beginning of the number, part of a name, or its letters in pinyin."),
        **head,
    }  # fmt: skip
    return render(request, "inspections/pick.html", context)
