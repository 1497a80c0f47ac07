"""Tasks, campaigns, budget lines; checklists, prices and rules."""

from inspections.models import Budget, Campaign, Checklist, ChecklistItem, Task
from kit import clock
from kit.ids import uuid7
from tests.factories.inspections import BudgetFactory, ChecklistFactory, TaskFactory, TaskKindFactory
from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs
from tests.house.access.work_people import ABOVE
from tests.house.world import World

SEEN = verbs("supervise_work")
RULES = verbs("manage_work_rules")
RULED = verbs("manage_work_rules", reach={R.DISTRICT_OFFICER})

ROWS: dict[str, Rows] = {
    **same(SEEN, "work_home", "work_tasks", "work_tasks_export", "campaigns", "campaigns_export"),
    **same(SEEN, "budgets", "budgets_export"),
    **same(page(verbs("publish_work")), "work_task_new", "campaign_new"),
    **same(verbs("supervise_work", reach=ABOVE), "work_task", "campaign"),
    **same(page(verbs("publish_work", reach=OFFICERS)), "work_task_cancel", "campaign_end"),
    # rules
    **same(RULES, "task_kinds", "task_kinds_export", "checklists", "work_rules"),
    **same(page(RULES), "budget_new", "task_kind_new", "checklist_new", "work_rule"),
    **same(page(RULED), "budget", "task_kind_edit", "checklist_describe", "checklist_publish"),
    **same(page(RULED), "checklist_item_new", "checklist_item", "checklist_item_remove"),
    **same(RULED, "task_kind", "checklist", "checklist_export"),
    **same(post(RULED), "checklist_draft", "checklist_item_move"),
}


def task_of(world: World) -> Task:
    return Task.objects.filter(place=world.ours.store, state="open").first() or TaskFactory(place=world.ours.store)


def campaign_of(world: World) -> Campaign:
    """Of our town."""
    town = world.ours.town
    found = Campaign.objects.filter(town=town).first()
    return found or Campaign.objects.create(
        district_id=town.code[:6], title="节前检查", kind=kind_of(world), town=town, made_at=clock.now(),
        made_by=world.ours.people[R.TOWN_OFFICER], client_key=uuid7(),
    )  # fmt: skip


def kind_of(world: World):
    """One that only our district has."""
    return TaskKindFactory(code="OURS", district_id=world.ours.town.code[:6])


def draft_of(world: World) -> Checklist:
    return ChecklistFactory(code="ours", district_id=world.ours.town.code[:6], state="draft", published_at=None)


def item_of(world: World) -> ChecklistItem:
    return draft_of(world).items.order_by("position").first()


def line_of(world: World) -> Budget:
    return Budget.objects.first() or BudgetFactory(district_id=world.ours.town.code[:6])


THINGS: dict[str, Thing] = {
    **same_thing(lambda world: {"task_id": task_of(world).id}, "work_task", "work_task_cancel"),
    **same_thing(lambda world: {"campaign_id": campaign_of(world).id}, "campaign", "campaign_end"),
    "budget": lambda world: {"budget_id": line_of(world).id},
    **same_thing(lambda world: {"code": kind_of(world).code}, "task_kind", "task_kind_edit"),
    **same_thing(
        lambda world: {"checklist_id": draft_of(world).id},
        *("checklist", "checklist_export", "checklist_draft", "checklist_describe", "checklist_publish"),
        "checklist_item_new",
    ),
    **same_thing(
        lambda world: {"item_id": item_of(world).id}, "checklist_item", "checklist_item_move", "checklist_item_remove"
    ),
    "work_rule": lambda world: {"name": "grabbing"},
}
