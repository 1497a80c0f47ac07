"""Background jobs of the goods: each calls one service and may run twice."""

from celery import shared_task

from traceability.services import (
    back_trace,
    blind,
    case_answers,
    case_reminders,
    device_sequences,
    hold,
    point_reminders,
    recall_end,
    recall_news,
    sampling,
    scans,
    seal,
)


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


def trace_back(*, case_id: str, district_id: str) -> None:
    back_trace.trace_back(case_id=case_id, district_id=district_id)


@shared_task(name="traceability.jobs.trace_missing")
def trace_missing() -> None:
    back_trace.trace_missing()


@shared_task(name="traceability.jobs.plan_sampling")
def plan_sampling() -> None:
    sampling.plan_tomorrow()


@shared_task(name="traceability.jobs.plan_blind_samples")
def plan_blind_samples() -> None:
    blind.plan_by_rule_everywhere()


@shared_task(name="traceability.jobs.look_after_recalls")
def look_after_recalls() -> None:
    """Whom recalled goods have reached since is told; who has not answered for a day is asked again."""
    recall_end.catch_up_all()
    recall_news.remind_due()


def tell_recall(*, recall_id: str, district_id: str) -> None:
    recall_news.tell_recall(recall_id=recall_id, district_id=district_id)
