"""Taking tasks: the coordinator's desk, giving one to a person, the report of who takes how fast."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs

ROWS: dict[str, Rows] = {
    "my_tasks": verbs("work_in_field"),
    "coordinator_near": page(verbs("work_in_field")),
    "grab": post(verbs("work_in_field")),
    **same(page(verbs("work_in_field", reach={R.COORDINATOR})), "task_release", "task_refuse"),
    "task_assign": page(verbs("publish_work", reach=OFFICERS)),
    **same(verbs("supervise_work"), "grab_report", "grab_report_export"),
}


THINGS: dict[str, Thing] = {
    "task_release": lambda world: {"claim_id": world.claim.id},
    **same_thing(lambda world: {"task_id": world.given_task.id}, "task_refuse", "task_assign"),
}
