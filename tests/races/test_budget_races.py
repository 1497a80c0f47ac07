"""Officers who publish on one budget line at the same moment: the cap holds, whoever is first.

The control looks first and writes afterwards, and shows that the race is one.
"""

import datetime as dt
import time
from collections import Counter

import pytest
from django.db import IntegrityError

from inspections.models import Budget, Campaign, Task
from inspections.refusals import BudgetSpent
from inspections.selectors.campaigns import Terms
from inspections.selectors.places_to_visit import Scope
from inspections.selectors.task_kinds import kind_in_force
from inspections.services import budgets, campaigns, plans, publish
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from registry.roles import Role
from tests.factories.inspections import BudgetFactory
from tests.factories.registry import DISTRICT, StoreFactory, TownFactory, actor_with
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8
BUSY_S = 0.05
PRICE_FEN = 2600


@pytest.fixture(autouse=True)
def one_queue(settings):
    settings.ZEAL_RAISE = False  # each person asks for himself


@pytest.fixture(autouse=True)
def district():
    TownFactory()
    ensure_defaults(DISTRICT)


def publish_by_all(monkeypatch, reserve):
    """Everybody publishes on a line that has money for two."""
    line = BudgetFactory(cap_fen=2 * PRICE_FEN + 100)
    officer, kind = actor_with(Role.DISTRICT_OFFICER), kind_in_force(DISTRICT, "DAILY", clock.now())
    places = [StoreFactory() for _ in range(PEOPLE)]
    monkeypatch.setattr(budgets, "reserve", lambda *args: (time.sleep(BUSY_S), reserve(*args))[1])

    def one(place):
        return lambda: publish.publish(officer, kind=kind, place=place, budget=line, client_key=uuid7())

    answers = together(*map(one, places))
    line.refresh_from_db()
    return Counter(type(answer) for answer in answers), line


def look_then_write(district_id, budget_id, amount_fen):
    """What everybody would write first."""
    line = Budget.objects.get(district_id=district_id, pk=budget_id)
    if line.reserved_fen + amount_fen > line.cap_fen:
        raise BudgetSpent(name=line.name, needed="", left="")
    time.sleep(BUSY_S)
    line.reserved_fen += amount_fen
    line.save(update_fields=["reserved_fen"])


def test_the_cap_of_a_line_holds_however_many_publish_at_once(monkeypatch):
    answers, line = publish_by_all(monkeypatch, budgets.reserve)
    assert answers == {Task: 2, BudgetSpent: PEOPLE - 2}
    assert (line.reserved_fen, Task.objects.count()) == (2 * PRICE_FEN, 2)


def test_control_looking_and_then_writing_publishes_more_than_the_line_covers(monkeypatch):
    answers, line = publish_by_all(monkeypatch, look_then_write)
    assert answers[Task] > 2
    assert answers[Task] * PRICE_FEN > line.cap_fen


# One campaign, confirmed by two taps


def start_by_all(client_key):
    officer, kind = actor_with(Role.DISTRICT_OFFICER), kind_in_force(DISTRICT, "DAILY", clock.now())
    for _ in range(3):
        StoreFactory()

    def one():
        return campaigns.start_campaign(
            officer, title="节前检查", kind=kind, scope=Scope(), terms=Terms(), client_key=client_key
        )

    return together(*[one] * PEOPLE)


def test_one_tap_that_arrives_many_times_publishes_one_campaign():
    answers = start_by_all(uuid7())
    assert {answer.pk for answer in answers} == {Campaign.objects.get().pk}
    assert Task.objects.count() == 3


# A plan, looked at by several workers


def turn_by_all(monkeypatch, turn):
    officer, kind = actor_with(Role.DISTRICT_OFFICER), kind_in_force(DISTRICT, "DAILY", clock.now())
    StoreFactory()
    today = clock.now().date()
    campaigns.start_campaign(
        officer, title="每周巡查", kind=kind, scope=Scope(), terms=Terms(), client_key=uuid7(), every_days=7,
        first_on=today + dt.timedelta(days=1),
    )  # fmt: skip
    Campaign.objects.update(next_on=today)
    monkeypatch.setattr(plans, "turn", lambda *args: (time.sleep(BUSY_S), turn(*args))[1])
    return together(*[plans.publish_plans] * PEOPLE)


def test_a_plans_round_is_published_once_however_many_workers_look(monkeypatch):
    answers = turn_by_all(monkeypatch, plans.turn)
    assert sorted(answers) == [0] * (PEOPLE - 1) + [1]
    assert Task.objects.filter(state="open").count() == 1


def test_control_without_the_compare_and_set_the_others_run_into_the_constraint(monkeypatch):
    """Nothing is published twice even so, but they get an error instead of an answer."""
    answers = turn_by_all(monkeypatch, lambda plan, today: True)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) >= 1
    assert Task.objects.filter(state="open").count() == 1
