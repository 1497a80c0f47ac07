"""要求召回: an officer asks an operator to recall; he does, or refuses with a reason that opens the way to an order."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import clock, locks
from kit.refusals import Invalid
from kit.transitions import StaleState, move
from registry.actors import Actor
from registry.permissions import require
from registry.services.notices import notify
from traceability.models import Batch, PositiveCase, RecallRequest
from traceability.services.news import tell_place
from traceability.services.own import require_own
from traceability.services.recall import needed, require_none_under_way
from traceability.states import RECALL_REQUEST


@transaction.atomic
def ask_recall(
    actor: Actor, *, batch: Batch, reason: str, client_key: UUID, case: PositiveCase | None = None
) -> RecallRequest:  # fmt: skip
    """Ask whoever holds a batch to recall it. Sent twice with one `client_key`, it is one request.

    Raises `AlreadyRecalled`, and `StaleState` when it has been asked already.
    """
    require(actor, "order_recall", place=batch.place)
    reason = needed(reason)
    locks.one_request(client_key)
    if earlier := RecallRequest.objects.filter(district_id=batch.district_id, client_key=client_key).first():
        return earlier
    require_none_under_way(batch)
    try:
        with transaction.atomic():
            request = RecallRequest.objects.create(
                district_id=batch.district_id, batch=batch, place=batch.place, organisation_id=batch.organisation_id,
                case=case, reason=reason, asked_at=clock.now(), asked_by_id=actor.account_id, client_key=client_key,
            )  # fmt: skip
    except IntegrityError as error:
        raise StaleState(kind=RECALL_REQUEST.name) from error
    tell_place(
        batch.place, "recall_asked", {"product": batch.product.name, "reason": reason},
        url=reverse("recall_request", args=[request.id]), once_key=f"recall asked:{request.id}",
    )  # fmt: skip
    return request


@transaction.atomic
def refuse_recall(actor: Actor, *, request: RecallRequest, reason: str) -> RecallRequest:
    """The operator says no, and why; the officer who asked is told."""
    require_own(actor, "start_recall", request)
    reason = reason.strip()[:400]
    if not reason:
        raise Invalid(fields={"reason": _("Say why the goods are not recalled.")})
    move(
        request, RECALL_REQUEST, "refused", refusal=reason, refused_at=clock.now(), refused_by_id=actor.account_id
    )  # fmt: skip
    notify(
        [request.asked_by_id], district_id=request.district_id, kind="recall_refused",
        data={"place": str(request.place), "reason": reason}, url=reverse("recall_request", args=[request.id]),
        once_key=f"recall refused:{request.id}",
    )  # fmt: skip
    return request
