"""Taking tasks: the coordinator's desk, giving one to a person, the report of who takes how fast."""

import datetime as dt

from inspections.models import Claim, Coordinator, Task
from registry.roles import Role
from tests.factories.inspections import ClaimFactory, TaskFactory
from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs
from tests.house.world import World

ROWS: dict[str, Rows] = {
    "my_tasks": verbs("work_in_field"),
    "coordinator_near": page(verbs("work_in_field")),
    "grab": post(verbs("work_in_field")),
    **same(page(verbs("work_in_field", reach={R.COORDINATOR})), "task_release", "task_refuse"),
    "task_assign": page(verbs("publish_work", reach=OFFICERS)),
    **same(verbs("supervise_work"), "grab_report", "grab_report_export"),
}


def coordinator(world: World) -> Coordinator:
    """Ours, of our town."""
    listed = {"kind": "coordinator", "level": 3, "town": world.ours.town, "joined_on": dt.date(2026, 1, 1)}
    account = world.ours.people[Role.COORDINATOR]
    return Coordinator.objects.get_or_create(district_id=world.ours.town.code[:6], account=account, defaults=listed)[0]


def claim(world: World) -> Claim:
    """What our coordinator holds, at our store."""
    person = coordinator(world)
    return person.claims.first() or ClaimFactory(task=TaskFactory(place=world.ours.store), coordinator=person)


def given(world: World) -> Task:
    """Assigned to our coordinator, to accept or refuse."""
    person = coordinator(world)
    return person.assigned.first() or TaskFactory(place=world.ours.store, assigned_to=person)


THINGS: dict[str, Thing] = {
    "task_release": lambda world: {"claim_id": claim(world).id},
    **same_thing(lambda world: {"task_id": given(world).id}, "task_refuse", "task_assign"),
}
