"""Background jobs of field work: each calls one service and may run twice."""

from celery import shared_task

from inspections.services import exams, plans


@shared_task(name="inspections.jobs.publish_plans")
def publish_plans() -> None:
    plans.publish_plans()


@shared_task(name="inspections.jobs.remind_of_training")
def remind_of_training() -> None:
    exams.remind_of_training()
