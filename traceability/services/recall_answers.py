"""What holders answer to a recall: how much they found, and what they did with it."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid
from kit.transitions import move
from registry.actors import Actor
from traceability.models import Batch, Recall, RecallItem, RecallNotice, StockMove
from traceability.refusals import RecallIsOver
from traceability.selectors.recalls import may_answer, require_manager
from traceability.services.write_off import write_off
from traceability.states import RECALL_NOTICE

ZERO = Decimal(0)
DONE = RecallNotice.Done
MOVES = {
    DONE.SET_ASIDE: StockMove.Kind.WITHDRAWN,
    DONE.RETURNED: StockMove.Kind.RETURNED,
    DONE.DISPOSED: StockMove.Kind.DISPOSED,
}


@transaction.atomic
def acknowledge(actor: Actor, *, notice: RecallNotice, found_kg: Decimal, done: str, answer: str = "") -> RecallNotice:
    """The holder's answer; what he set aside, returned or destroyed leaves his stock. Of two answers one counts.

    Whoever runs the recall may write down what a holder says, such as a walk-in customer on the telephone; that is
    marked, and moves no stock. Raises `RecallIsOver`, `StaleState`, `Invalid` (`found_kg`, `done`, `answer`).
    """
    own = may_answer(actor, notice)
    if not own:
        require_manager(actor, notice.recall)
    _check(found_kg, done, answer, own)
    recall = Recall.objects.get(district_id=notice.district_id, pk=notice.recall_id)
    if recall.state != Recall.State.OPEN or recall.drill:
        raise RecallIsOver()
    move(
        notice, RECALL_NOTICE, "acknowledged", found_kg=found_kg, done=done, answer=answer.strip()[:400],
        acknowledged_at=clock.now(), acknowledged_by_id=actor.account_id, on_behalf=not own,
    )  # fmt: skip
    if own and done in MOVES:
        _take_from_stock(actor, notice, MOVES[DONE(done)], found_kg)
    return notice


def _check(found_kg, done, answer, own):
    wrong = {}
    if done not in DONE.values:
        wrong["done"] = _("Choose what was done with the goods.")
    elif found_kg < 0 or (found_kg == 0) != (done == DONE.NOTHING_LEFT):
        wrong["found_kg"] = _("Write how many kilograms were found, or choose that nothing is left.")
    if not own and not answer.strip():
        wrong["answer"] = _("Write who told you, and how.")
    if wrong:
        raise Invalid(fields=wrong)


def _take_from_stock(actor, notice, kind, found_kg):
    """Take what was found from the place's batches of the recall, the oldest first, as far as they have it."""
    items = RecallItem.objects.filter(
        district_id=notice.district_id, recall_id=notice.recall_id, place_id=notice.place_id, upstream=False
    )
    batches = Batch.objects.filter(
        district_id=notice.place_district_id, organisation_id=notice.organisation_id, pk__in=items.values("batch_id")
    ).exclude(state=Batch.State.VOID)
    left_kg = found_kg
    for batch in batches.select_related("place__market").order_by("pk"):
        weight_kg = min(left_kg, batch.kg_on_hand)
        if weight_kg > 0:
            write_off(
                actor, batch=batch, kind=kind, weight_kg=weight_kg, reason="召回",
                client_key=uuid5(notice.id, str(batch.pk)),
            )  # fmt: skip
            left_kg -= weight_kg
