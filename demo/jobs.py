from celery import shared_task

from demo.trickle import trickle as one_step


@shared_task(name="demo.jobs.trickle")
def trickle() -> None:
    one_step()
