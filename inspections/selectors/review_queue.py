"""待审: what waits for a reviewer, worst first; one order with everything a decision needs."""

from __future__ import annotations

import datetime as dt
from statistics import median
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inspections.models import Flag, Review, Submission, Task
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models.visibility import reach
from registry.permissions import VERBS

KINDS = {"": "", "flagged": "flagged", "second": "second", "again": "again", "late": "late"}
MEDIAN_OF = 200


def within_reach(actor: Actor) -> QuerySet[Task]:
    """Tasks of the towns whose work one reviews."""
    return Task.objects.filter(reach(actor, VERBS["review_work"], town="town_id"))


def handed_in() -> QuerySet[Submission]:
    """Whole records of whoever held the task, newest first; for a subquery of a task."""
    return Submission.objects.filter(
        district_id=OuterRef("district_id"), task_id=OuterRef("pk"), orphan=False, completions__isnull=False
    ).order_by("-received_at", "-revision")


def waiting(actor: Actor) -> QuerySet[Task]:
    """What this reviewer may decide on: neither one's own work nor what one has looked at before; flags first."""
    flags = Flag.objects.filter(district_id=OuterRef("district_id"), submission_id=OuterRef("record_id")).order_by()
    reviews = Review.objects.filter(district_id=OuterRef("district_id"), submission_id=OuterRef("record_id"))
    found = within_reach(actor).filter(state=Task.State.SUBMITTED)
    found = found.annotate(
        record_id=Subquery(handed_in().values("pk")[:1]),
        worker_id=Subquery(handed_in().values("coordinator__account_id")[:1]),
        worker=Subquery(handed_in().values("coordinator__account__name")[:1]),
        late=Subquery(handed_in().values("late")[:1]),
    )
    found = found.annotate(
        weight=Coalesce(Subquery(flags.values("submission_id").annotate(sum=Sum("weight")).values("sum")), 0),
        flag_count=Coalesce(Subquery(flags.values("submission_id").annotate(n=Count("pk")).values("n")), 0),
        flag_kinds=ArraySubquery(flags.order_by("-weight").values("kind")),
        looked_at=Exists(reviews),
        by_me=Exists(reviews.filter(reviewer_id=actor.account_id)),
    )
    mine_to_do = found.exclude(worker_id=actor.account_id).filter(by_me=False)
    return mine_to_do.select_related("kind", "place__market", "town", "reviewing_by").order_by(
        "-weight", "submitted_at", "pk"
    )


def narrowed(tasks: QuerySet[Task], *, q: str = "", show: str = "") -> QuerySet[Task]:
    if q:
        tasks = tasks.filter(
            Q(title__icontains=q) | Q(place__name__icontains=q) | Q(place__stall_no__iexact=q)
            | Q(place__market__name__icontains=q) | Q(town__name__icontains=q) | Q(worker__icontains=q)
        )  # fmt: skip
    match show:
        case "flagged":
            return tasks.filter(weight__gt=0)
        case "second":
            return tasks.filter(looked_at=True)
        case "again":
            return tasks.filter(returns__gt=0)
        case "late":
            return tasks.filter(late=True)
    return tasks


def order_for(actor: Actor, task_id: UUID) -> Task:
    """An order of the towns one reviews, whatever its state. Raises NotFound."""
    rows = within_reach(actor).select_related("kind", "checklist", "town", "place__market", "place__organisation")
    task = rows.filter(pk=task_id).exclude(submissions=None).select_related("reviewing_by").first()
    if task is None:
        raise NotFound
    return task


def record_of(task: Task) -> Submission | None:
    """The record a decision is about: the last whole one of whoever held the task."""
    found = Submission.objects.filter(
        district_id=task.district_id, task_id=task.pk, orphan=False, completions__isnull=False
    )
    return found.select_related("coordinator__account", "claim").order_by("-received_at", "-revision").first()


def orphans_of(task: Task) -> QuerySet[Submission]:
    """Records of people who did not hold the task any more: evidence beside it, never thrown away."""
    found = Submission.objects.filter(district_id=task.district_id, task_id=task.pk, orphan=True)
    return found.select_related("coordinator__account").order_by("received_at")


def reviews_of(submission: Submission) -> QuerySet[Review]:
    """In the order in which they were decided; the last one counts."""
    found = Review.objects.filter(district_id=submission.district_id, submission_id=submission.pk)
    return found.select_related("reviewer").order_by("at", "second", "on_appeal")


def previous_record(task: Task) -> Submission | None:
    """The last accepted visit of the place before this one."""
    if task.place_id is None:
        return None
    found = Submission.objects.filter(
        district_id=task.district_id, task__place_id=task.place_id, task__state=Task.State.ACCEPTED, orphan=False,
        completions__isnull=False,
    )  # fmt: skip
    return found.exclude(task_id=task.pk).order_by("-received_at", "-revision").select_related("task").first()


def key_failed(submission: Submission) -> bool:
    """Whether a key item is not in order."""
    failing = [answer["code"] for answer in submission.answers if answer["result"] == "fail"]
    checklist = submission.task.checklist
    return bool(failing) and checklist is not None and checklist.items.filter(key=True, code__in=failing).exists()


def decided_by(actor: Actor) -> QuerySet[Review]:
    return Review.objects.filter(district_id__in=actor.districts, reviewer_id=actor.account_id)


def median_seconds(actor: Actor) -> int | None:
    """How long one has an order open, of one's last decisions; None before the first."""
    spans = decided_by(actor).filter(opened_at__isnull=False).order_by("-at")
    seconds = [span.total_seconds() for span in spans.values_list(F("at") - F("opened_at"), flat=True)[:MEDIAN_OF]]
    return round(median(seconds)) if seconds else None


def decided_since(actor: Actor, since: dt.datetime) -> int:
    return decided_by(actor).filter(at__gte=since, on_appeal=False).count()
