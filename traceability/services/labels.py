"""打印标签: who printed how many labels of a batch, in the goods ledger."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Conflict, Invalid
from registry.actors import Actor
from registry.permissions import require
from traceability.models import Batch, TraceEvent
from traceability.services import events

MOST = 420
"""Twenty A4 sheets at once."""


class BatchIsVoid(Conflict):
    code = "batch_void"
    message = _("This batch is void: its labels are no longer printed.")


@transaction.atomic
def note_print(actor: Actor, *, batch: Batch, copies: int, form: str) -> TraceEvent:
    """Record that `copies` labels were made as `form` (pdf, a4, png, svg). Raises `BatchIsVoid`, `Invalid`."""
    require(actor, "print_labels", place=batch.place)
    if batch.state == Batch.State.VOID:
        raise BatchIsVoid
    if not 1 <= copies <= MOST:
        raise Invalid(fields={"copies": _("Between 1 and %(most)d labels at once.") % {"most": MOST}})
    return events.record(
        TraceEvent.Kind.PRINTED, place=batch.place, at=clock.now(), actor=actor, batch=batch, copies=copies, form=form
    )
