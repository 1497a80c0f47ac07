"""Coordinators, teams, grids, training; and a coordinator's own page."""

from inspections.models import Conflict, Coordinator, Course, ExamResult, Grid, GridPlace, Team
from kit import clock
from kit.ids import uuid7
from tests.factories.inspections import CourseFactory
from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs
from tests.house.world import World

ABOVE = OFFICERS | {R.FINANCE, R.AUDITOR}
SEEN = verbs("supervise_work")
PERSON = verbs("supervise_work", reach=ABOVE)
MANAGED = verbs("manage_coordinators", reach=OFFICERS)
OWN = verbs("work_in_field", reach={R.COORDINATOR})

ROWS: dict[str, Rows] = {
    # people
    **same(SEEN, "coordinators", "coordinators_export"),
    "coordinator_new": page(verbs("manage_coordinators")),
    "coordinator": PERSON,
    "coordinator_look": post(verbs("view_bank", reach=OFFICERS | {R.FINANCE})),
    **same(page(MANAGED), "coordinator_edit", "coordinator_pause", "coordinator_leave", "coordinator_conflict"),
    **same(post(MANAGED), "coordinator_resume", "coordinator_conflict_end"),
    # teams and grids
    **same(SEEN, "teams", "teams_export", "grids", "grids_export"),
    **same(page(verbs("manage_coordinators")), "team_new", "grid_new"),
    "team": page(MANAGED),
    "grid": PERSON,
    **same(page(MANAGED), "grid_rename", "grid_people", "grid_places"),
    "grid_place_out": post(MANAGED),
    # courses: every district has the shipped ones
    **same(SEEN, "courses", "course", "course_export"),
    **same(page(verbs("manage_work_rules")), "course_new", "course_edit"),
    # oneself
    "my_work": verbs("work_in_field"),
    "my_location": post(OWN),
    **same(page(OWN), "my_bank", "my_conflict"),
    "my_bank_withdraw": page(OWN),
    **same(OWN, "training", "training_result"),
    "training_course": page(OWN),
}


def conflict_of(world: World) -> Conflict:
    person = world.coordinator
    found = Conflict.objects.filter(coordinator=person).first()
    return found or Conflict.objects.create(
        district_id=person.district_id, coordinator=person, place=world.ours.store, reason="亲属的店",
        declared_at=clock.now(), declared_by=person.account,
    )  # fmt: skip


def banked(world: World) -> Coordinator:
    """Our coordinator, with a bank account on record."""
    person = world.coordinator
    Coordinator.objects.filter(pk=person.pk).update(
        bank_consent_at=clock.now(), bank_name="农业银行", bank_account="6228480000000000018"
    )
    return person


def grid_of(world: World) -> Grid:
    grid = Grid.objects.get_or_create(district_id=world.ours.town.code[:6], town=world.ours.town, name="一格")[0]
    GridPlace.objects.get_or_create(district_id=grid.district_id, grid=grid, place=world.ours.store)
    return grid


def team_of(world: World) -> Team:
    town = world.ours.town
    return Team.objects.get_or_create(
        district_id=town.code[:6], town=town, name="一队", defaults={"organisation": world.ours.market.organisation}
    )[0]


def course_of(world: World) -> Course:
    """One that only our district has."""
    found = Course.objects.filter(code="ours").first()
    return found or CourseFactory(code="ours", district_id=world.coordinator.district_id)


def result_of(world: World) -> ExamResult:
    course, person = course_of(world), world.coordinator
    found = ExamResult.objects.filter(coordinator=person).first()
    return found or ExamResult.objects.create(
        district_id=person.district_id, coordinator=person, course=course, course_code=course.code, answers=[0],
        score=0, passed=False, taken_at=clock.now(), valid_until=clock.now().date(), client_key=uuid7(),
    )  # fmt: skip


def listed(world: World) -> dict[str, object]:
    assert world.coordinator
    return {}


def with_bank(world: World) -> dict[str, object]:
    assert banked(world)
    return {}


THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"coordinator_id": world.coordinator.id},
        *("coordinator", "coordinator_edit", "coordinator_pause", "coordinator_leave", "coordinator_conflict"),
        "coordinator_resume",
    ),
    "coordinator_look": lambda world: {"coordinator_id": banked(world).id, "field": "bank_account"},
    "coordinator_conflict_end": lambda world: {
        "coordinator_id": world.coordinator.id,
        "conflict_id": conflict_of(world).id,
    },
    "team": lambda world: {"team_id": team_of(world).id},
    **same_thing(lambda world: {"grid_id": grid_of(world).id}, "grid", "grid_rename", "grid_people", "grid_places"),
    "grid_place_out": lambda world: {"grid_id": grid_of(world).id, "place_id": world.ours.store.id},
    **same_thing(lambda world: {"code": "basic"}, "course", "course_export", "course_edit"),
    "training_course": lambda world: {"code": course_of(world).code},
    "training_result": lambda world: {"result_id": result_of(world).id},
    **same_thing(listed, "my_location", "my_bank", "my_conflict", "training"),
    "my_bank_withdraw": with_bank,
}
