"""Background jobs of field work: each calls one service and may run twice."""

from uuid import UUID

from celery import shared_task

from inspections.services import expiry


@shared_task(name="inspections.jobs.sweep_leases")
def sweep_leases() -> None:
    expiry.sweep()


def timed_out(*, claim_id: str, district_id: str) -> None:
    expiry.timed_out(claim_id=UUID(claim_id), district_id=district_id)
