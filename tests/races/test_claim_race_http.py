"""1,000 coordinators press the button for 100 tasks, 64 at a time, through the whole of the web."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections import Counter

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from inspections.models import Claim, Coordinator, GrabAttempt, Task
from inspections.services import grab as grabbing
from kit import clock
from kit.ids import uuid7
from registry.models import Account, Grant
from registry.roles import Role
from tests.factories.inspections import TaskFactory
from tests.factories.registry import DISTRICT, StoreFactory, TownFactory
from tests.kit.together import together
from tests.races.test_claim_races import naively

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 64


def crowd(count: int) -> list[str]:
    """So many coordinators of one town, each signed in: the keys of their sessions."""
    town, now = TownFactory(), clock.now()
    accounts = [Account(username=f"crowd{n}", name=f"协管{n}", password="!") for n in range(count)]  # noqa: S106
    Account.objects.bulk_create(accounts)
    Grant.objects.bulk_create(
        Grant(account=each, role=Role.COORDINATOR, district_id=DISTRICT, granted_at=now) for each in accounts
    )
    Coordinator.objects.bulk_create(
        Coordinator(
            district_id=DISTRICT, account=each, kind="coordinator", level=3, town=town, joined_on=dt.date(2026, 1, 1)
        )
        for each in accounts
    )
    sessions = [session_of(account, number) for number, account in enumerate(accounts)]
    Session.objects.bulk_create(sessions)
    return [session.session_key for session in sessions]


def session_of(account: Account, number: int) -> Session:
    kept = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: "registry.backends.NameOrPhone",
        HASH_SESSION_KEY: account.get_session_auth_hash(),
    }
    ends = clock.now() + dt.timedelta(days=1)
    return Session(session_key=f"{number:032d}", session_data=SessionStore().encode(kept), expire_date=ends)


def press(session: str, task: Task) -> int:
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session
    sent = {"district": task.district_id, "task": task.pk, "client_key": uuid7()}
    return client.post(reverse("grab"), sent, headers={"HX-Request": "true"}).status_code


def race(people: int, tasks: int) -> Counter[int]:
    place = StoreFactory()
    wanted = [TaskFactory(place=place) for _ in range(tasks)]
    presses = list(zip(crowd(people), itertools.cycle(wanted), strict=False))

    def until_none_is_left() -> Counter[int]:
        answers: Counter[int] = Counter()
        with contextlib.suppress(IndexError):
            while True:
                answers[press(*presses.pop())] += 1
        return answers

    return sum(together(*[until_none_is_left] * AT_ONCE), Counter())


def test_a_hundred_win_and_nine_hundred_hear_so():
    answers = race(1000, 100)
    assert answers == {200: 100, 409: 900}
    assert Claim.objects.count() == Claim.objects.values("task").distinct().count() == 100
    assert Counter(GrabAttempt.objects.values_list("outcome", flat=True)) == {"won": 100, "taken": 900}
    assert set(Task.objects.values_list("state", flat=True)) == {"claimed"}


def test_control_read_check_save_gives_tasks_to_several(monkeypatch):
    monkeypatch.setattr(grabbing, "claim_task", naively)
    assert race(200, 10)[200] > 10
