"""The first page of a market's manager: who waits, what is silent, what is paused, what runs out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kit import clock, tradeday
from kit.templatetags.show import ago
from registry.models import Market, Place
from registry.selectors import places as registry_places
from registry.selectors.places import markets_for
from registry.web.doors import desk
from registry.web.stalls import market_at_work
from traceability.selectors import gate_queue
from traceability.selectors.holds import holds_for
from traceability.selectors.quiet import quiet_stalls
from traceability.selectors.rapid_tests import waiting_for_test
from traceability.web.cases import due_note

A_FEW = 5


@require_safe
@desk("audit_declaration")
def market_home(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        return redirect("oversight_markets")
    today = trade_day(market)
    wholesale = market.kind != Market.Kind.RETAIL
    quiet = quiet_stalls(request.actor, market, today)
    queue = gate_queue.figures(request.actor, market, today) if wholesale else None
    waiting = gate_queue.waiting_at(request.actor, market).filter(trade_day__lte=today) if wholesale else ()
    context = {
        **due_note(request),
        "market": market,
        "markets": other_markets(request, market),
        "wholesale": wholesale,
        "stats": [*(gate_stats(queue) if queue else []), *market_stats(request, market, quiet.count())],
        "queue": queue,
        "waiting": waiting[:A_FEW],
        "quiet": quiet[:A_FEW],
        "quiet_count": quiet.count(),
        "second_looks": gate_queue.for_second_look(request.actor).filter(market=market).count(),
        "agreements": agreements(request, market, today),
    }
    return render(request, "traceability/market/home.html", context)


def trade_day(market: Market):
    return tradeday.trade_day(clock.now(), market.trade_day_starts_at)


def other_markets(request: HttpRequest, market: Market) -> list[Market]:
    managed = {scope.market_id for scope in request.actor.scopes if scope.market_id}
    return list(markets_for(request.actor).filter(pk__in=managed).exclude(pk=market.pk)) if len(managed) > 1 else []


def gate_stats(queue: gate_queue.QueueFigures) -> list[dict[str, object]]:
    waits = _("the longest %(ago)s") % {"ago": ago(queue.oldest_at)} if queue.oldest_at else ""
    return [
        {"label": _("At the gate"), "figure": queue.waiting, "url": reverse("gate"), "note": waits},
        {"label": _("Complete, one tap"), "figure": queue.complete, "url": f"{reverse('gate')}?show=complete"},
    ]


def market_stats(request: HttpRequest, market: Market, quiet: int) -> list[dict[str, object]]:
    tests = waiting_for_test(request.actor).filter(place__market=market).count()
    held = holds_for(request.actor).filter(released_at=None).count()
    return [
        {"label": _("Wait for a test"), "figure": tests, "url": reverse("tester_home"), "tone": "due" if tests else ""},
        {"label": _("Nothing today"), "figure": quiet, "url": reverse("quiet_stalls")},
        {"label": _("Paused"), "figure": held, "url": reverse("holds"), "tone": "bad" if held else ""},
    ]


def agreements(request: HttpRequest, market: Market, today) -> list[dict[str, object]]:
    """Stalls whose agreement is missing, over or about to end; without one, goods may not enter (总局令81号 第24条)."""
    stalls = registry_places.places_for(request.actor).filter(market=market, kind=Place.Kind.STALL)
    words = {
        "missing": _("without an agreement"),
        "expired": _("agreement over"),
        "expiring": _("agreement ends within 30 days"),
    }
    found = [
        (which, registry_places.narrowed(stalls, registry_places.Narrowing(agreement=which), today).count())
        for which in words
    ]
    return [
        {"word": words[which], "count": count, "url": f"{reverse('market_stalls')}?agreement={which}"}
        for which, count in found
        if count
    ]
