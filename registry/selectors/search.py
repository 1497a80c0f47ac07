"""What the one search box may mean: a code first, then whatever is called so and may be seen."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from kit import public_codes
from kit.models import PublicCode
from registry.actors import Actor
from registry.models import Account, Market, Organisation, Place, Supplier
from registry.permissions import VERBS
from registry.selectors import organisations, people, places, sources

_LAST_PART = re.compile(r"([^/?#\s]+?)(?:\.(?:json|svg|png))?/?(?:[?#].*)?$")
MOST = 10


def code_in(text: str) -> PublicCode | None:
    """The public code that was typed or pasted: a token, a typed code, or the whole address of a page."""
    last = _LAST_PART.search(text.strip())
    if last is None:
        return None
    return public_codes.look_up(last[1]) or public_codes.look_up_typed(last[1]) or public_codes.look_up_typed(text)


def places_called(actor: Actor, q: str) -> QuerySet[Place]:
    return places.places_for(actor).filter(places.called(q))


def markets_called(actor: Actor, q: str) -> QuerySet[Market]:
    return places.markets_for(actor, q=q)


def organisations_called(actor: Actor, q: str) -> QuerySet[Organisation]:
    """Only for those who keep the register."""
    if not actor.has_role(*VERBS["register_organisations"]):
        return Organisation.objects.none()
    return organisations.organisations_for(actor).filter(organisations.named(q)).order_by("name", "id")


def people_called(actor: Actor, q: str) -> QuerySet[Account]:
    """Only for those who manage people."""
    return people.people_for(actor, q=q)


def suppliers_called(actor: Actor, q: str) -> QuerySet[Supplier]:
    if not actor.has_role(*VERBS["manage_sources"], *VERBS["view_private"]):
        return Supplier.objects.none()
    return sources.suppliers_for(actor, q=q)
