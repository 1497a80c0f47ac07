"""Test points: the list, one point with all it has, opened, corrected, closed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from kit import export
from kit.refusals import NotFound
from registry.models import Region
from registry.permissions import VERBS, may
from registry.templatetags.places import named
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, key, page_of, select, today
from registry.web.markets import towns_of
from traceability.models import TestPoint
from traceability.selectors import test_points as selectors
from traceability.services import points
from traceability.web.forms_points import NewPointForm, PointForm, kinds_of
from traceability.web.point_words import POINT_KINDS, POINT_STATES
from traceability.web.words import TEST_RESULTS, TEST_TONES

A_FEW = 30
FILTERS = ("q", "kind", "town", "state", "due")
reading = desk("view_tests")
managing = desk("manage_test_points")


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    due = selectors.points_seen(request.actor).filter(selectors.something_due(today()))
    context = {
        "page": page,
        "count": page.paginator.count,
        "due": set(due.filter(pk__in=[point.pk for point in page]).values_list("pk", flat=True)),
        "selects": [
            select(request, "kind", _("All kinds"), POINT_KINDS),
            select(request, "town", _("All towns"), towns_of(request)),
            select(request, "state", _("Working and closed"), POINT_STATES),
            select(request, "due", _("All points"), {"1": _("Something runs out")}),
        ],
        "export_url": export_url(request, "points_export"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "may_add": request.actor.has_role(*VERBS["manage_test_points"]),
    }
    return render(request, "traceability/points/index.html", context)


def asked_for(request: HttpRequest):
    return selectors.narrowed(
        selectors.points_seen(request.actor),
        today=today(),
        q=asked(request, "q"),
        kind=asked(request, "kind", POINT_KINDS),
        town=asked(request, "town"),
        state=asked(request, "state", POINT_STATES),
        due=bool(asked(request, "due")),
    )


@require_safe
@reading
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [pgettext("test point", "Number"), _("Name"), _("Kind"), _("Where it stands"), _("Town"), _("Run by"),
              _("Tests a day"), _("State"), _("Opened on"), _("Closed on")]  # fmt: skip
    return export.csv_response("test-points.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    for point in asked_for(request).iterator(chunk_size=500):
        yield [
            point.code, point.name, POINT_KINDS[point.kind], str(point.market or point.place or point.town),
            named(point.town), point.organisation.name, point.daily_target, POINT_STATES[point.state],
            point.opened_on, point.closed_on,
        ]  # fmt: skip


@require_safe
@reading
def point(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    """Who tests here, with what, what runs out, and what was done today."""
    found = selectors.point_called(request.actor, point_id)
    staff = list(selectors.staff_of(found))
    is_open = found.state == TestPoint.State.ACTIVE
    may_manage = may(request.actor, "manage_test_points", **selectors.where(found))
    context = {
        "point": found,
        "stats": stats_of(found),
        "staff": [row for row in staff if row.ended_on is None],
        "earlier": [row for row in staff if row.ended_on],
        "instruments": selectors.instruments_of(found),
        "kits": selectors.kits_in_use(found),
        "today": today(),
        "may_manage": is_open and may_manage,
        "may_keep_kits": is_open and (may_manage or may(request.actor, "record_test", **selectors.where(found))),
    }
    return render(request, "traceability/points/point.html", context)


def stats_of(found: TestPoint) -> list[dict[str, object]]:
    """Today's samples and tests; each result that is not plain, as a state."""
    done = selectors.today_at(found, today())
    target = _("of %(n)s a day") % {"n": found.daily_target} if found.daily_target else ""
    others = [
        {"label": TEST_RESULTS[result], "figure": n, "tone": TEST_TONES[result]}
        for result, n in sorted(done.results.items())
        if result != "negative"
    ]
    return [
        {"label": _("Samples today"), "figure": done.samples},
        {"label": _("Tests today"), "figure": done.tests, "note": target},
        *others,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new(request: HttpRequest) -> HttpResponse:
    """First where it stands, from what has no point yet; then the point."""
    stands = standing(request)
    if stands is None:
        return choose(request)
    within = stands.market or stands.place
    at = "market" if stands.market else "place" if stands.place else "town"
    kinds = kinds_of(at, stands.market.kind if stands.market else "")
    initial = {"kind": kinds[0], "name": _("Test room of %(name)s") % {"name": within or named(stands.town)}}
    form = NewPointForm(kinds, request.POST or None, needs_operator=within is None, initial=initial)
    made = carried_out(form, lambda data: points.register(
        request.actor, kind=data["kind"], stands=stands, details=points.Details(**form.details()),
        client_key=data["client_key"],
    ))  # fmt: skip
    if made:
        messages.success(request, _("%(name)s is open. Add its testers, instruments and kits.") % {"name": made.name})
        return see_other("point", made.id)
    return form_page(
        request, "registry/form.html", form, title=_("A test point"), kicker=str(within or named(stands.town)),
        up=reverse("point_new"), up_label=_("Another place"), submit=_("Open it"),
    )  # fmt: skip


def standing(request: HttpRequest) -> points.Stands | None:
    """Where `?at=market:<id>`, `?at=place:<id>` or `?at=town:<code>` is, when the person may open a point there."""
    kind, _colon, name = request.GET.get("at", "").partition(":")
    markets, stores = selectors.stands_free(request.actor)
    if kind == "market" and (market := markets.filter(pk=key(name)).first()):
        reached, stands = may(request.actor, "manage_test_points", market=market), points.Stands(market=market)
    elif kind == "place" and (place := stores.filter(pk=key(name)).first()):
        reached, stands = may(request.actor, "manage_test_points", place=place), points.Stands(place=place)
    elif kind == "town" and (town := towns_free(request).filter(pk=name).first()):
        reached, stands = True, points.Stands(town=town)
    else:
        return posted_again(request)
    return stands if reached else None


def posted_again(request: HttpRequest) -> points.Stands | None:
    """The place of a point that the same form has opened already."""
    made = TestPoint.objects.visible_to(request.actor).filter(pk=key(request.POST.get("client_key"))).first()
    if made is None:
        return None
    within = made.market_id or made.place_id
    return points.Stands(market=made.market, place=made.place, town=None if within else made.town)


def towns_free(request: HttpRequest):
    """Towns in which the regulator opens a station or keeps a vehicle."""
    scopes = request.actor.with_role(*VERBS["manage_test_points"])
    whole = [scope.district_id for scope in scopes if scope.covers(district=scope.district_id)]
    return Region.objects.filter(level=Region.Level.TOWN, parent__in=whole)


def choose(request: HttpRequest) -> HttpResponse:
    q = asked(request, "q")
    markets, stores = selectors.stands_free(request.actor, q=q)
    own = [store for store in stores[:A_FEW] if may(request.actor, "manage_test_points", place=store)]
    context = {
        "q": q,
        "markets": [each for each in markets[:A_FEW] if may(request.actor, "manage_test_points", market=each)],
        "stores": own,
        "more": stores.count() > A_FEW,
        "towns": towns_free(request),
    }
    return render(request, "traceability/points/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    found = managed(request, point_id)
    initial = {"name": found.name, "daily_target": found.daily_target, "operator": found.organisation.uscc}
    form = PointForm(request.POST or None, initial=initial)
    done = carried_out(form, lambda data: points.change(
        request.actor, point=found, details=points.Details(**form.details())
    ))  # fmt: skip
    if done:
        messages.success(request, _("Kept."))
        return see_other("point", found.id)
    up = reverse("point", args=[found.id])
    return form_page(request, "registry/form.html", form, title=_("What is said of it"), kicker=found.name, up=up)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def close(request: HttpRequest, point_id: uuid.UUID) -> HttpResponse:
    found = managed(request, point_id)
    if request.method == "POST":
        points.close(request.actor, point=found)
        messages.success(request, _("%(name)s is closed.") % {"name": found.name})
        return see_other("point", found.id)
    staff = selectors.staff_of(found).filter(ended_on=None).count()
    context = {
        "title": _("Close %(name)s?") % {"name": found.name},
        "text": _("Nothing more is tested here. What was tested stays."),
        "consequences": [
            (_("Testers whose work here ends"), staff),
            (_("Instruments set free"), selectors.instruments_of(found).count()),
            (_("Kits that stay on the list"), selectors.kits_in_use(found).count()),
        ],
        "submit": _("Close it"),
        "tone": "bad",
        "up": reverse("point", args=[found.id]),
    }
    return render(request, "registry/confirm.html", context)


def managed(request: HttpRequest, point_id: uuid.UUID) -> TestPoint:
    """A point the person manages; `NotFound` for one only seen."""
    found = selectors.point_called(request.actor, point_id)
    if not may(request.actor, "manage_test_points", **selectors.where(found)):
        raise NotFound
    return found
