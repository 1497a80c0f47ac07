"""Kit's own background jobs, as Celery knows them."""

from celery import shared_task

from kit import idempotency, outbox, relay, worker


@shared_task(name=relay.RUN_JOB)
def run_outbox_job(job_id: str) -> None:
    worker.run(job_id)


@shared_task(name="kit.jobs.relay_outbox")
def relay_outbox() -> None:
    relay.relay()


@shared_task(name="kit.jobs.purge")
def purge() -> None:
    outbox.purge()
    idempotency.purge()
