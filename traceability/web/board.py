"""The public board of each market: for phones, for the market's screen (`?screen=1`) and as JSON; the district's
months; and the sign that hangs beside it.

What is on hold and how each positive stands is asked on every opening; the drawn board is kept for a minute.
"""

from __future__ import annotations

import dataclasses
import uuid

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from kit import clock, hosts, qr
from registry.models import Market
from registry.web.doors import desk
from registry.web.stalls import market_at_work
from traceability.public_boards import BoardPage
from traceability.selectors.public_boards import board_key, board_market, board_page, district_board, first_district

KEPT_S = 60
DISTRICT_KEPT_S = 600
TEMPLATES = {"html": "traceability/board/market.html", "screen": "traceability/board/screen.html"}


@require_safe
def market(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    return drawn(market_id, "screen" if request.GET.get("screen") == "1" else "html")


@require_safe
def market_file(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    return drawn(market_id, "json")


def drawn(market_id: uuid.UUID, form: str) -> HttpResponse:
    now = timezone.localtime(clock.glance())
    found = board_market(market_id, now)
    if found is None:
        raise Http404
    key = board_key(found, translation.get_language(), form, f"{now:%H%M}")
    body = cache.get(key)
    if body is None:
        body = draw(board_page(found, now), form)
        cache.set(key, body, KEPT_S)
    content_type = "application/json" if form == "json" else "text/html; charset=utf-8"
    headers = {"Cache-Control": "no-cache"} | ({"Refresh": str(KEPT_S)} if form == "screen" else {})
    return HttpResponse(body, content_type=content_type, headers=headers)


def draw(page: BoardPage, form: str) -> str | bytes:
    if form == "json":
        return JsonResponse(dataclasses.asdict(page)).content
    return render_to_string(TEMPLATES[form], {"page": page})


@require_safe
def code(request: HttpRequest, market_id: uuid.UUID) -> HttpResponse:
    """The board's QR."""
    found = Market.objects.filter(pk=market_id, active=True).only("pk").first()
    if found is None:
        raise Http404
    return HttpResponse(
        qr.svg(board_url(found), level="Q"), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"}
    )


def board_url(found: Market) -> str:
    return settings.BASE_URL + reverse("board", args=[found.pk])


@require_safe
def district(request: HttpRequest) -> HttpResponse:
    """The district's tests by month, and the way to each market's board."""
    return render(request, "traceability/board/district.html", {"board": counted()})


@require_safe
def district_file(request: HttpRequest) -> HttpResponse:
    return JsonResponse(dataclasses.asdict(counted()))


def counted():
    """Kept for ten minutes: figures of months, and nothing that a pause of sale would change."""
    district_id = first_district()
    if district_id is None:
        raise Http404
    now = timezone.localtime(clock.glance())
    return cache.get_or_set(f"district_board:{district_id}", lambda: district_board(district_id, now), DISTRICT_KEPT_S)


@require_safe
@desk("manage_market_profile", "oversee")
def sign(request: HttpRequest) -> HttpResponse:
    """The sign to print and hang: the board's QR, large, with its address in words."""
    found = market_at_work(request)
    if found is None:
        return redirect("oversight_markets")
    context = {
        "market": found,
        "url": board_url(found),
        "domain": hosts.domain(),
        "qr": mark_safe(qr.svg(board_url(found), level="Q")),  # noqa: S308
        "today": clock.now().date(),
    }
    return render(request, "traceability/board/sign.html", context)
