"""The end of a recall: closed when everybody has answered, or cancelled with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid
from kit.transitions import StaleState, move
from registry.actors import Actor
from traceability.models import Recall, RecallNotice
from traceability.recall_scope import scope_of
from traceability.refusals import NoticesOpen
from traceability.selectors.lineage import lineage_of
from traceability.selectors.recalls import require_manager
from traceability.services.recall import add_step, write_scope
from traceability.services.recall_news import tell_holders
from traceability.states import RECALL

NAMED = 10


@transaction.atomic
def catch_up(*, recall: Recall) -> int:
    """Add whom the goods reached since, such as by a scale's late report: how many holders are new. May run twice."""
    if not _under_way(recall):
        return 0
    notices = RecallNotice.objects.filter(district_id=recall.district_id, recall=recall)
    before = set(notices.values_list("pk", flat=True))
    at = clock.now()
    write_scope(recall, scope_of(lineage_of(recall.batch_id), at), at)
    new = [notice for notice in notices if notice.pk not in before]
    tell_holders(recall, {notice.place_district_id for notice in new if notice.place_id})
    return len(new)


def catch_up_all() -> int:
    """Each recall in a transaction of its own."""
    under_way = Recall.objects.filter(state=Recall.State.OPEN, drill=False)
    return sum(catch_up(recall=recall) for recall in under_way.order_by("pk"))


@transaction.atomic
def close(actor: Actor, *, recall: Recall, conclusion: str) -> Recall:
    """End a recall whose holders have all answered. Raises `NoticesOpen` naming those who have not."""
    require_manager(actor, recall)
    conclusion = _needed(conclusion)
    if not recall.drill:
        _require_answers(recall)
    return _end(actor, recall, "closed", conclusion)


@transaction.atomic
def cancel(actor: Actor, *, recall: Recall, reason: str) -> Recall:
    """Call a recall off. The pause of sale stays until an officer lifts it."""
    require_manager(actor, recall)
    return _end(actor, recall, "cancelled", _needed(reason))


def _require_answers(recall):
    """Nobody may be left who has the goods and has not answered, those found only now included."""
    if not _under_way(recall):
        raise StaleState(kind=RECALL.name)
    catch_up(recall=recall)
    silent = RecallNotice.objects.filter(
        district_id=recall.district_id, recall=recall, state=RecallNotice.State.SENT
    )  # fmt: skip
    if count := silent.count():
        names = silent.order_by("-expected_kg", "pk").values_list("holder_name", flat=True)[:NAMED]
        raise NoticesOpen(count=count, holders=list(names))


def _under_way(recall) -> bool:
    """Whether the recall runs, with its row locked: nobody closes it while its holders are counted."""
    found = Recall.objects.filter(district_id=recall.district_id, pk=recall.pk, state=Recall.State.OPEN, drill=False)
    return found.select_for_update(no_key=True).first() is not None


def _end(actor, recall, to, conclusion):
    at = clock.now()
    move(recall, RECALL, to, closed_at=at, closed_by_id=actor.account_id, conclusion=conclusion)
    add_step(actor, recall, to, at, conclusion)
    return recall


def _needed(text):
    text = text.strip()[:400]
    if not text:
        raise Invalid(fields={"conclusion": _("Write in a few words how it ended.")})
    return text
