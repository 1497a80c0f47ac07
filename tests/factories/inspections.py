"""Coordinators, tasks and claims as smallest legal objects."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from inspections.models import Budget, Checklist, ChecklistItem, Claim, Coordinator, Course, Grid, Task, TaskKind, Team
from inspections.services.claim import claim_task
from kit import clock
from kit.ids import uuid7
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.registry import AccountFactory, GrantFactory, OrganisationFactory, StoreFactory, TownFactory

ITEMS = [
    ("C01", "许可证有效、范围一致、公示", True),
    ("C02", "上次检查结果公示", False),
    ("C12", "三防设施", False),
]
YEARS_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def of_town(row):
    return row.town.code[:6]


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"协管{n}队")
    organisation = factory.SubFactory(OrganisationFactory)
    town = factory.SubFactory(TownFactory)
    district_id = factory.LazyAttribute(of_town)


class GridFactory(DjangoModelFactory):
    class Meta:
        model = Grid

    name = factory.Sequence(lambda n: f"第{n}网格")
    town = factory.SubFactory(TownFactory)
    district_id = factory.LazyAttribute(of_town)


class CoordinatorFactory(DjangoModelFactory):
    """A coordinator of a town with a role there, so that `actor_for(coordinator.account)` acts."""

    class Meta:
        model = Coordinator

    class Params:
        inspector = factory.Trait(kind=Coordinator.Kind.INSPECTOR, level=5)

    account = factory.SubFactory(AccountFactory)
    kind = Coordinator.Kind.COORDINATOR
    level = 3
    town = factory.SubFactory(TownFactory)
    district_id = factory.LazyAttribute(of_town)
    joined_on = dt.date(2026, 1, 1)

    @factory.post_generation
    def grant(self, create, extracted, **kwargs):
        GrantFactory(account=self.account, role=Role.COORDINATOR, district_id=self.district_id)


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    district_id = "440607"
    code = "basic"
    version = 1
    title = "协管员基础"
    material = "协管巡查只记录和建议。"
    questions = factory.LazyFunction(lambda: [{"text": "协管员可以处罚吗?", "choices": ["可以", "不可以"], "right": 1}])
    published_at = YEARS_AGO


class ChecklistFactory(DjangoModelFactory):
    class Meta:
        model = Checklist
        django_get_or_create = ("district_id", "code", "version")

    district_id = "440607"
    code = "catering"
    version = 1
    state = Checklist.State.PUBLISHED
    audience = Checklist.Audience.CATERING
    title = "餐饮巡查"
    min_photos = 1
    made_at = YEARS_AGO
    published_at = YEARS_AGO

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        for position, (code, text, key) in enumerate(ITEMS, 1):
            ChecklistItem.objects.get_or_create(
                district_id=self.district_id, checklist=self, code=code,
                defaults={"position": position, "text": text, "key": key},
            )  # fmt: skip


class TaskKindFactory(DjangoModelFactory):
    class Meta:
        model = TaskKind
        django_get_or_create = ("district_id", "code", "version")

    district_id = "440607"
    code = "DAILY"
    version = 1
    name = "日常协管"
    group = TaskKind.Group.SUPERVISION
    base_fen = 2600
    unseen_fen = 800
    hours = 72
    minutes = 15
    effective_from = YEARS_AGO


class BudgetFactory(DjangoModelFactory):
    class Meta:
        model = Budget

    district_id = "440607"
    name = "日常协管经费"
    month = dt.date(2026, 11, 1)
    cap_fen = 10_000_000


class TaskFactory(DjangoModelFactory):
    """An open task at a store, published an hour ago, so that people of any town may take it."""

    class Meta:
        model = Task

    place = factory.SubFactory(StoreFactory)
    district_id = factory.SelfAttribute("place.district_id")
    town = factory.SelfAttribute("place.town")
    kind = factory.SubFactory(TaskKindFactory, district_id=factory.SelfAttribute("..district_id"))
    checklist = factory.SubFactory(ChecklistFactory, district_id=factory.SelfAttribute("..district_id"))
    state = Task.State.OPEN
    title = "日常协管"
    price_fen = 2600
    made_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(hours=2))
    published_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(hours=1))
    town_first_until = factory.LazyFunction(lambda: clock.now() - dt.timedelta(minutes=30))
    due_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(hours=72))
    client_key = factory.LazyFunction(uuid7)


class ClaimFactory(factory.Factory):
    """Taken through the service."""

    class Meta:
        model = Claim

    task = factory.SubFactory(TaskFactory)
    coordinator = factory.SubFactory(CoordinatorFactory, town=factory.SelfAttribute("..task.town"))
    client_key = factory.LazyFunction(uuid7)

    @classmethod
    def _create(cls, model, task, coordinator, client_key):
        actor = actor_for(coordinator.account)
        return claim_task(actor, task_id=task.pk, district_id=task.district_id, client_key=client_key)
