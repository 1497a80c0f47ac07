"""Background jobs of the goods: each calls one service and may run twice."""

from celery import shared_task

from traceability.services import case_answers, case_reminders, device_sequences, hold, point_reminders, scans, seal


@shared_task(name="traceability.jobs.seal")
def seal_ledger() -> None:
    seal.seal_districts()


@shared_task(name="traceability.jobs.write_scans")
def write_scans() -> None:
    while scans.write_scans() == scans.BULK:
        pass


@shared_task(name="traceability.jobs.tell_gaps")
def tell_gaps() -> None:
    device_sequences.tell_gaps()


@shared_task(name="traceability.jobs.lapse_cases")
def lapse_cases() -> None:
    case_answers.lapse_cases()


@shared_task(name="traceability.jobs.remind_cases")
def remind_cases() -> None:
    case_reminders.remind_cases()


@shared_task(name="traceability.jobs.remind_points")
def remind_points() -> None:
    point_reminders.remind()


def spread_hold(*, hold_id: str, district_id: str) -> None:
    hold.spread_hold(hold_id=hold_id, district_id=district_id)


def spread_release(*, hold_id: str) -> None:
    hold.spread_release(hold_id=hold_id)
