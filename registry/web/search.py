"""One box for everything: a code leads straight to its thing, anything else to a list of what it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kit import masking
from registry.actors import Actor
from registry.permissions import VERBS
from registry.selectors import search as selectors
from registry.templatetags.people import place_words, role_word, scope_words
from registry.web import words
from registry.web.doors import desk
from registry.web.lists import asked


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    detail: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Group:
    """What one source found: at most `selectors.MOST` hits; `more_url` shows the rest."""

    label: str | Promise
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""


Source = Callable[[Actor, str], Group]


@require_safe
@desk()
def search(request: HttpRequest) -> HttpResponse:
    q = asked(request, "q")
    code = selectors.code_in(request.GET.get("q", "")[:300])
    if code:
        return redirect("open", token=code.token)
    found = (source(request.actor, q) for source in sources()) if q else ()
    return render(request, "registry/search.html", {"q": q, "groups": [group for group in found if group.hits]})


def sources() -> Iterable[Source]:
    """The searches of every package, in the order in which they are shown (`settings.SEARCH_SOURCES`)."""
    return map(import_string, settings.SEARCH_SOURCES)


def places(actor: Actor, q: str) -> Group:
    hits = [
        Hit(place_words(place), reverse("stall", args=[place.id]),
            place.organisation.name if place.organisation else "", str(words.PLACE_STATES[place.state]))
        for place in selectors.places_called(actor, q)[: selectors.MOST]
    ]  # fmt: skip
    may_list = actor.has_role(*VERBS["look_up_places"])
    return Group(_("Stalls and stores"), hits, f"{reverse('oversight_places')}?q={q}" if may_list else "")


def markets(actor: Actor, q: str) -> Group:
    if not actor.has_role(*VERBS["manage_market_profile"], *VERBS["oversee"]):
        return Group(_("Markets"))
    found = selectors.markets_called(actor, q)[: selectors.MOST]
    return Group(_("Markets"), [Hit(row.name, reverse("market", args=[row.id]), row.address) for row in found])


def organisations(actor: Actor, q: str) -> Group:
    hits = [
        Hit(row.name, reverse("organisation", args=[row.id]), row.uscc or str(words.SUBJECT_KINDS[row.kind]),
            masking.phone(row.phone) if row.phone else "")
        for row in selectors.organisations_called(actor, q)[: selectors.MOST]
    ]  # fmt: skip
    return Group(_("Businesses"), hits)


def people(actor: Actor, q: str) -> Group:
    hits = [
        Hit(person.name, reverse("person", args=[person.id]),
            " · ".join(f"{role_word(grant.role)} {scope_words(grant)}" for grant in person.grants_seen),
            masking.phone(person.phone) if person.phone else "")
        for person in selectors.people_called(actor, q).exclude(id=actor.account_id)[: selectors.MOST]
    ]  # fmt: skip
    return Group(_("People"), hits, f"{reverse('people')}?q={q}" if hits else "")


def suppliers(actor: Actor, q: str) -> Group:
    found = selectors.suppliers_called(actor, q)[: selectors.MOST]
    return Group(_("Suppliers"), [Hit(row.name, reverse("supplier", args=[row.id]), row.address) for row in found])
