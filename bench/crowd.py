"""Many coordinators with tasks to take, made at once: for measurements and races. Names differ from run to run."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from inspections.models import Coordinator, Task, TaskKind
from kit import clock
from kit.ids import uuid7
from registry.actors import Actor, Scope
from registry.models import Account, Grant, Place, Region
from registry.roles import Role


@dataclass(frozen=True)
class Person:
    coordinator: Coordinator
    actor: Actor
    session: str
    """The key of a session in which the person is signed in."""


def people(count: int, town: Region) -> list[Person]:
    """Coordinators of one town who may take whatever its pool has."""
    district, now, run = town.code[:6], clock.now(), uuid7().hex
    accounts = [Account(username=f"{run}-{n}", name=f"协管{n}", password="!") for n in range(count)]  # noqa: S106
    Account.objects.bulk_create(accounts)
    Grant.objects.bulk_create(
        Grant(account=each, role=Role.COORDINATOR, district_id=district, granted_at=now) for each in accounts
    )
    coordinators = Coordinator.objects.bulk_create(
        Coordinator(district_id=district, account=each, kind="coordinator", level=3, town=town, joined_on=now.date())
        for each in accounts
    )
    sessions = Session.objects.bulk_create(_session(each, now) for each in accounts)
    scopes = (Scope(role=Role.COORDINATOR, district_id=district),)
    return [
        Person(coordinator, Actor(coordinator.account_id, coordinator.account.name, scopes), session.session_key)
        for coordinator, session in zip(coordinators, sessions, strict=True)
    ]


def tasks(count: int, places: Sequence[Place]) -> list[Task]:
    """Open tasks at these places in turn, published an hour ago, of a kind that anybody may take."""
    district, now = places[0].district_id, clock.now()
    kind, _made = TaskKind.objects.get_or_create(
        district_id=district, code="CROWD", version=1,
        defaults={
            "name": "日常协管", "group": TaskKind.Group.SUPERVISION, "base_fen": 2600, "hours": 72, "minutes": 15,
            "effective_from": now,
        },
    )  # fmt: skip
    return Task.objects.bulk_create(
        Task(
            district_id=district, state=Task.State.OPEN, kind=kind, title=kind.name, place=place, town_id=place.town_id,
            price_fen=2600, made_at=now, published_at=now - dt.timedelta(hours=1), due_at=now + dt.timedelta(hours=72),
            client_key=uuid7(),
        )
        for place in itertools.islice(itertools.cycle(places), count)
    )  # fmt: skip


def _session(account: Account, now: dt.datetime) -> Session:
    kept = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: "registry.backends.NameOrPhone",
        HASH_SESSION_KEY: account.get_session_auth_hash(),
    }
    data = SessionStore().encode(kept)
    return Session(session_key=uuid7().hex, session_data=data, expire_date=now + dt.timedelta(days=1))
