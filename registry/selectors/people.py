"""Reads of people and the roles they hold."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from kit import phones
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models import Account, Grant
from registry.models.visibility import NOTHING
from registry.permissions import VERBS
from registry.roles import Role

MANAGING = VERBS["manage_people"] | VERBS["manage_own_staff"]


def managing(actor: Actor) -> Actor:
    """The actor with only those roles that manage people."""
    return Actor(actor.account_id, actor.name, actor.with_role(*MANAGING))


def grants_of(actor: Actor) -> QuerySet[Grant]:
    """Every role, held or ended, that the actor may see as a manager of people; with its scope's names."""
    return with_scopes(Grant.objects.visible_to(managing(actor)))


def with_scopes(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    return grants.select_related("organisation", "place__market", "market", "town").order_by("granted_at", "id")


def current_grants(account_id: uuid.UUID) -> QuerySet[Grant]:
    """The roles a person holds now."""
    return with_scopes(Grant.objects.current().filter(account_id=account_id))


def people_for(actor: Actor, *, q: str = "", role: str = "", left: bool = False) -> QuerySet[Account]:
    """The people the actor manages: those who hold a role within reach, or with `left` who held one.

    `q` is part of a name or user name, a whole phone, or its last four digits. Each account comes
    with `grants_seen`: its current roles within reach.
    """
    grants = grants_of(actor)
    held = grants.filter(ended_at__isnull=not left)
    if role:
        held = held.filter(role=role)
    people = Account.objects.filter(id__in=held.order_by().values("account_id"))
    if left:
        people = people.exclude(id__in=grants.current().order_by().values("account_id"))
    if q:
        people = people.filter(named(q))
    return people.order_by("name", "id").prefetch_related(
        Prefetch("grants", queryset=grants.current(), to_attr="grants_seen")
    )


def named(q: str) -> Q:
    """People whose name or phone this may be."""
    q = q.strip()
    found = Q(name__icontains=q) | Q(username__istartswith=q)
    if len(q) == 4 and q.isdigit():
        return found | Q(phone_tail_index=phones.tail_index(q))
    try:
        return found | Q(phone_index=phones.whole_index(phones.normalise(q)))
    except phones.BadPhone:
        return found | NOTHING


def person_for(actor: Actor, account_id: uuid.UUID) -> Account:
    """Somebody within the actor's reach as a manager; NotFound otherwise, and for oneself."""
    found = Account.objects.filter(id__in=grants_of(actor).order_by().values("account_id"), id=account_id)
    person = found.exclude(id=actor.account_id).first()
    if person is None:
        raise NotFound
    return person


def account_signing_in(name: str) -> Account | None:
    """The account of a user name or a phone, however the phone is written."""
    name = name.strip()
    found = Account.objects.filter(username=name.lower()).first()
    if found:
        return found
    try:
        index = phones.whole_index(phones.normalise(name))
    except phones.BadPhone:
        return None
    return Account.objects.filter(phone_index=index).first()


def demo_people(of_each: int = 2) -> list[Grant]:
    """A few people of each role who can sign in, for the demo world's role picker, in the order of the roles."""
    ranked = (
        Grant.objects.current()
        .filter(account__is_active=True, account__must_change_password=False)
        .annotate(rank=Window(RowNumber(), partition_by=["role"], order_by=["account__username", "id"]))
    )
    found = with_scopes(ranked.filter(rank__lte=of_each)).select_related(
        "account", "organisation", "place__market", "market", "town"
    )
    order = list(Role)
    return sorted(found, key=lambda grant: (order.index(Role(grant.role)), grant.rank))
