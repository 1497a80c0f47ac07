"""申诉: what may be appealed against, and what waits for which reviewer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from inspections.models import Appeal, Review, Task
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models.visibility import reach
from registry.permissions import VERBS

DECIDED = (Task.State.ACCEPTED, Task.State.REJECTED)


def decision_on(task: Task) -> Review | None:
    """The decision in force: the last one on a task that is decided, unless an appeal has changed it."""
    if task.state not in DECIDED:
        return None
    found = Review.objects.filter(district_id=task.district_id, task_id=task.pk)
    return found.select_related("submission__coordinator", "reviewer").order_by("-at", "-on_appeal", "-second").first()


def appeals_for(actor: Actor) -> QuerySet[Appeal]:
    """Of the towns one reviews; `mine`: whether this reviewer may decide on it."""
    looked = Review.objects.filter(
        district_id=OuterRef("district_id"), submission_id=OuterRef("review__submission_id"),
        reviewer_id=actor.account_id,
    )  # fmt: skip
    found = Appeal.objects.filter(reach(actor, VERBS["review_work"], town="task__town_id"))
    found = found.select_related(
        "review__submission", "review__reviewer", "task__place__market", "task__kind", "made_by"
    )
    return found.annotate(by_me=Exists(looked)).order_by("due_on", "made_at", "pk")


def appeal_for(actor: Actor, appeal_id: UUID) -> Appeal:
    """Raises NotFound."""
    found = appeals_for(actor).filter(pk=appeal_id).select_related("task__town", "decided_by").first()
    if found is None:
        raise NotFound
    return found


def narrowed(appeals: QuerySet[Appeal], *, q: str = "", show: str = "") -> QuerySet[Appeal]:
    if q:
        appeals = appeals.filter(
            Q(task__title__icontains=q) | Q(task__place__name__icontains=q) | Q(made_by__name__icontains=q)
        )
    return appeals.filter(state=Appeal.State.OPEN) if show == "open" else appeals
