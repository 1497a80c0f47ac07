"""Background jobs of the goods: each calls one service and may run twice."""

from celery import shared_task

from traceability.services import scans, seal


@shared_task(name="traceability.jobs.seal")
def seal_ledger() -> None:
    seal.seal_districts()


@shared_task(name="traceability.jobs.write_scans")
def write_scans() -> None:
    while scans.write_scans() == scans.BULK:
        pass
