"""1,000 coordinators press the button for 100 tasks, 64 at a time, through the whole of the web."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from bench import crowd
from inspections.models import Claim, GrabAttempt, Task
from inspections.services import grab as grabbing
from kit.ids import uuid7
from tests.factories.registry import StoreFactory
from tests.kit.together import together
from tests.races.test_claim_races import naively

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 64


def press(client: Client, session: str, task: Task) -> int:
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session
    sent = {"district": task.district_id, "task": task.pk, "client_key": uuid7()}
    return client.post(reverse("grab"), sent, headers={"HX-Request": "true"}).status_code


def race(people: int, tasks: int) -> Counter[int]:
    places = StoreFactory.create_batch(10)
    wanted = crowd.tasks(tasks, places)
    sessions = [person.session for person in crowd.people(people, places[0].town)]
    presses = list(zip(sessions, itertools.cycle(wanted), strict=False))

    def until_none_is_left() -> Counter[int]:
        answers, client = Counter(), Client()
        with contextlib.suppress(IndexError):
            while True:
                answers[press(client, *presses.pop())] += 1
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
