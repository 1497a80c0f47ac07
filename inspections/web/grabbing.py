"""可抢: what may be taken, near first, and the button that takes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.refusals import CannotTake, TooFast
from inspections.selectors import kinds, pool
from inspections.selectors.nearby import Card
from inspections.services import grab as services
from inspections.web.forms_grabbing import NEAR, PAY, GrabForm, PoolForm, PositionForm
from kit import problems
from kit.geo import Position
from kit.refusals import Invalid, Refusal
from kit.templatetags.show import moment
from registry.web.doors import desk, new_client_key, see_other
from registry.web.lists import asked

A_PAGE = 30


@require_safe
@desk("work_in_field")
def home(request: HttpRequest) -> HttpResponse:
    return pool_page(request, PoolForm(request.GET), None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("work_in_field")
def near(request: HttpRequest) -> HttpResponse:
    """The same list from where one stands. The position comes in the body, so that no log has it, and is forgotten."""
    if request.method != "POST":
        return see_other("coordinator_home")
    return pool_page(request, PoolForm(request.POST), PositionForm(request.POST).position())


def pool_page(request: HttpRequest, form: PoolForm, position: Position | None) -> HttpResponse:
    found = pool.claimable(request.actor, position=position, wanted=form.wanted())
    if found is None:
        return render(request, "inspections/grabbing/not_listed.html")
    page = Paginator(found.cards, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "pool": found,
        "page": page,
        "rows": keyed(page),
        "streets": [(street, new_client_key()) for street in found.streets],
        "count": len(found.free),
        "selects": selects(request, found.coordinator.district_id),
        "towns": kinds.towns(found.coordinator.district_id),
        "chips": tabs(request, here=True),
        "here": position is not None,
        "searched": any(form[name].data for name in form.fields),
    }
    return render(request, "inspections/grabbing/pool.html", context)


def keyed(cards) -> list[tuple[Card, object]]:
    """Each card with the key of its button, so that pressing twice is taking once."""
    return [(card, new_client_key()) for card in cards]


def tabs(request: HttpRequest, *, here: bool) -> list[dict[str, object]]:
    mine = pool.mine(request.actor) if here else None
    return [
        {"label": _("To take"), "url": reverse("coordinator_home"), "active": here},
        {
            "label": _("Mine"),
            "url": reverse("my_tasks"),
            "active": not here,
            "count": len(mine.held) + len(mine.given) if mine else None,
        },
    ]


def selects(request: HttpRequest, district_id: str) -> list[dict[str, object]]:
    def one(name, everything, options):
        return {
            "name": name,
            "label": everything,
            "value": asked(request, name),
            "options": [("", everything), *options],
        }

    return [
        one("kind", _("All kinds"), kinds.kinds(district_id)),
        one("town", _("All towns"), [(town.code, town.name) for town in kinds.towns(district_id)]),
        one("near", _("Any distance"), [(key, _("within %(n)s km") % {"n": key}) for key in NEAR]),
        one("pay", _("Any pay"), [(key, _("from ¥%(n)s") % {"n": key}) for key in PAY]),
    ]


@require_POST
@desk("work_in_field")
def grab(request: HttpRequest) -> HttpResponse:
    """One tap. The answer says until when to be there, or who was quicker and what is left near by."""
    form = GrabForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields=form.errors)
    asked_for = form.cleaned_data
    if asked_for["bundle"]:
        return grab_street(request, asked_for)
    try:
        claim = services.grab(
            request.actor, task_id=asked_for["task"], district_id=asked_for["district"],
            client_key=asked_for["client_key"],
        )  # fmt: skip
    except (CannotTake, TooFast) as refusal:
        return lost(request, refusal)
    said = _("Yours. Be there before %(when)s.") % {"when": moment(claim.lease_until)}
    if not request.htmx:
        messages.success(request, said)
        return see_other("my_tasks")
    return render(request, "inspections/grabbing/_won.html", {"claim": claim, "said": said, "room": room(request)})


def grab_street(request: HttpRequest, asked_for) -> HttpResponse:
    try:
        answers = services.grab_bundle(
            request.actor, bundle=asked_for["bundle"], district_id=asked_for["district"],
            client_key=asked_for["client_key"],
        )  # fmt: skip
    except TooFast as refusal:
        return lost(request, refusal)
    n = services.won(answers)
    said = ngettext("%(n)d task of this street is yours.", "%(n)d tasks of this street are yours.", n) % {"n": n}
    context = {
        "said": said if n else _("None of them could be taken."),
        "n": n,
        "answers": [(each, problems.words(each.refusal) if each.refusal else "") for each in answers],
        "room": room(request),
    }
    template = "inspections/grabbing/_street.html" if request.htmx else "inspections/grabbing/street.html"
    return render(request, template, context, status=200 if n else 409)


def lost(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Who lost hears the rule, and up to three tasks near by."""
    told = refusal.data
    others = pool.cards_of(request.POST["district"], told.get("task_id", ""), told.get("alternatives", ()))
    n = len(others)
    context = {
        "said": problems.words(refusal),
        "more": ngettext("%(n)d more near by", "%(n)d more near by", n) % {"n": n} if n else "",
        "rows": keyed(others),
        "from_there": True,
    }
    template = "inspections/grabbing/_lost.html" if request.htmx else "inspections/grabbing/lost.html"
    return render(request, template, context, status=refusal.status)


def room(request: HttpRequest) -> int:
    return pool.room_of(request.actor)
