"""Background jobs of field work: each calls one service and may run twice."""

from uuid import UUID

from celery import shared_task

from inspections.services import exams, expiry, plans


@shared_task(name="inspections.jobs.sweep_leases")
def sweep_leases() -> None:
    expiry.sweep()


@shared_task(name="inspections.jobs.publish_plans")
def publish_plans() -> None:
    plans.publish_plans()


@shared_task(name="inspections.jobs.remind_of_training")
def remind_of_training() -> None:
    exams.remind_of_training()


def timed_out(*, claim_id: str, district_id: str) -> None:
    expiry.timed_out(claim_id=UUID(claim_id), district_id=district_id)
