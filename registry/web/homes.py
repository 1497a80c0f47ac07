"""The desk's front door, and first pages of those whose work starts from a scan, a search or a notice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kit import outbox
from registry.roles import Role
from registry.selectors import platform
from registry.selectors.notices import notices_for
from registry.selectors.people import current_grants
from registry.selectors.private_views import private_views_for
from registry.web.doors import desk, send_to
from registry.web.notices import told

HOMES = {
    Role.WHOLESALER: "wholesale_home",
    Role.VENDOR: "stall_home",
    Role.STORE_MANAGER: "stall_home",
    Role.MARKET_MANAGER: "market_home",
    Role.TESTER: "tester_home",
    Role.COORDINATOR: "coordinator_home",
    Role.REVIEWER: "reviewer_home",
    Role.TOWN_OFFICER: "oversight_home",
    Role.DISTRICT_OFFICER: "oversight_home",
    Role.FINANCE: "finance_home",
    Role.AUDITOR: "audit_home",
    Role.SUPPORT: "support_home",
}
"""The first page of each role; the first role one holds, in this order, is where the desk opens."""

LATEST = 5
A_FEW = 10
TOO_LONG_S = 60


@require_safe
@desk()
def front(request: HttpRequest) -> HttpResponse:
    """`/desk/`: to the first page of the person's first role."""
    for role, name in HOMES.items():
        if role in request.actor.roles:
            try:
                return send_to(request, reverse(name))
            except NoReverseMatch:
                break
    return plain_home(request)


def plain_home(request: HttpRequest) -> HttpResponse:
    """What one answers for, a way to scan and to search, and what is new."""
    context = {
        "grants": current_grants(request.actor.account_id),
        "notices": told(notices_for(request.actor)[:LATEST]),
    }
    return render(request, "registry/home.html", context)


reviewer_home = require_safe(desk("review_work")(plain_home))
finance_home = require_safe(desk("settle_pay")(plain_home))


@require_safe
@desk("keep_platform")
def support_home(request: HttpRequest) -> HttpResponse:
    """Is everything running, who cannot get in, which machine is silent."""
    silent = platform.silent_devices(request.actor)
    stuck = platform.people_who_cannot_sign_in(request.actor)
    context = {
        "stats": running(),
        "silent": silent[:A_FEW],
        "silent_count": silent.count(),
        "stuck": stuck.order_by("-created_at")[:A_FEW],
        "stuck_count": stuck.count(),
        "notices": told(notices_for(request.actor)[:LATEST]),
    }
    return render(request, "registry/support_home.html", context)


def running() -> list[dict[str, object]]:
    """Figures of the background work and the cache; a tone only where something is wrong."""
    jobs = outbox.figures()
    waits = jobs.lag_seconds > TOO_LONG_S
    away = platform.cache_is_away()
    return [
        {"label": _("Jobs given up"), "figure": jobs.dead, "tone": "bad" if jobs.dead else ""},
        {"label": _("Jobs waiting"), "figure": jobs.waiting},
        {"label": _("Oldest waits"), "figure": round(jobs.lag_seconds), "unit": "s", "tone": "due" if waits else ""},
        {"label": _("Cache"), "figure": _("in the database") if away else _("Valkey"), "tone": "due" if away else ""},
    ]


@require_safe
@desk("view_private_log")
def audit_home(request: HttpRequest) -> HttpResponse:
    """Until when the ledgers are sealed, and how often hidden numbers were looked at."""
    context = {
        "seals": platform.seals_for(request.actor),
        "stats": [
            {
                "label": _("Looks at hidden numbers, 7 days"),
                "figure": platform.looks_since(request.actor, days=7),
                "url": reverse("private_views"),
            },
            {"label": _("30 days"), "figure": platform.looks_since(request.actor, days=30)},
        ],
        "latest": private_views_for(request.actor)[:LATEST],
    }
    return render(request, "registry/audit_home.html", context)
