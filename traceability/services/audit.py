"""审核: the market's clerk decides on a declaration; admission makes the batch and its code.

The auditor is never the declarer. Two clerks pressing at once: one decides, the other is told.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import clock, locks, public_codes
from kit.refusals import Invalid, Refusal
from kit.transitions import StaleState, move
from registry.permissions import require
from traceability.gate import Outcome
from traceability.models import Batch, Declaration, Paper, TraceEvent
from traceability.refusals import GateRefuses, OwnDeclaration
from traceability.services import events
from traceability.services.batches import make_batch
from traceability.services.declare import judge
from traceability.services.news import tell_place
from traceability.states import DECLARATION


@transaction.atomic
def admit(actor, *, declaration, checked_papers=()) -> Batch:
    """Let the goods in and give them a code; those without a quality proof wait for a test.

    `checked_papers`: ids of papers whose number and issuer the clerk compared (evidence level L2).
    Raises `GateRefuses` naming all that is missing, `OwnDeclaration`, or `StaleState`.
    """
    _require_other(actor, declaration)
    locks.share_goods(declaration.district_id)
    _lock(declaration)
    at = clock.now()
    Paper.objects.filter(
        district_id=declaration.district_id, declaration=declaration, pk__in=list(checked_papers), verified_at=None
    ).update(verified_by=actor.account_id, verified_at=at)
    answer = judge(declaration)
    if answer.outcome == Outcome.REJECT:
        raise GateRefuses(missing=[missing.key for missing in answer.missing], articles=list(answer.articles))
    move(declaration, DECLARATION, "admitted", audited_by_id=actor.account_id, audited_at=at, entered_at=at)
    pending = answer.outcome == Outcome.ADMIT_PENDING_TEST
    batch = make_batch(
        place=declaration.place,
        organisation_id=declaration.organisation_id,
        product=declaration.product,
        origin_region_id=declaration.origin_region_id,
        origin_detail=declaration.origin_detail,
        weight_kg=declaration.weight_kg,
        trade_day=declaration.trade_day,
        at=at,
        evidence_level=declaration.evidence_level,
        state=Batch.State.PENDING_TEST if pending else Batch.State.ADMITTED,
        declaration=declaration,
    )
    events.record(
        TraceEvent.Kind.ADMITTED, place=declaration.place, at=at, actor=actor, batch=batch,
        weight_kg=batch.admitted_kg, declaration_id=str(declaration.id), pending_test=pending,
        evidence_level=int(declaration.evidence_level), product=declaration.product_id,
        origin=declaration.origin_region_id,
    )  # fmt: skip
    public_codes.touch(declaration.place.token)
    tell_place(
        declaration.place, "declaration_pending_test" if pending else "declaration_admitted",
        {"product": declaration.product.name, "weight_kg": str(declaration.weight_kg)},
        url=reverse("batch", args=[batch.id]), once_key=f"admitted:{declaration.id}",
    )  # fmt: skip
    return batch


def admit_many(actor, *, declarations) -> tuple[list[Batch], list[tuple[Declaration, Refusal]]]:
    """Admit several, each on its own: what was admitted, and who was refused and why."""
    admitted, refused = [], []
    for declaration in sorted(declarations, key=lambda declaration: declaration.pk):
        try:
            admitted.append(admit(actor, declaration=declaration))
        except Refusal as refusal:
            refused.append((declaration, refusal))
    return admitted, refused


@transaction.atomic
def send_back(actor, *, declaration, reason: str) -> Declaration:
    """Return a declaration to be mended and handed in again."""
    return _decide(actor, declaration, "returned", TraceEvent.Kind.RETURNED, reason)


@transaction.atomic
def reject(actor, *, declaration, reason: str) -> Declaration:
    """Keep the goods out, for good."""
    return _decide(actor, declaration, "rejected", TraceEvent.Kind.REJECTED, reason)


@transaction.atomic
def take_second_look(actor, *, declaration) -> Declaration:
    """A second person confirms a declaration that a clerk entered for somebody (代录复核)."""
    require(actor, "sample_on_behalf", place=declaration.place)
    if actor.account_id == declaration.declared_by_id:
        raise OwnDeclaration()
    at = clock.now()
    found = Declaration.objects.filter(
        district_id=declaration.district_id, pk=declaration.pk, on_behalf=True, second_look_at=None
    )
    if found.update(second_look_by=actor.account_id, second_look_at=at):
        declaration.refresh_from_db()
    return declaration


def _decide(actor, declaration, to, kind, reason):
    reason = reason.strip()
    if not reason:
        raise Invalid(fields={"reason": _("Say why, so that the trader knows what to do.")})
    _require_other(actor, declaration)
    at = clock.now()
    move(
        declaration, DECLARATION, to, audited_by_id=actor.account_id, audited_at=at, audit_reason=reason[:200]
    )  # fmt: skip
    events.record(
        kind, place=declaration.place, at=at, actor=actor, weight_kg=declaration.weight_kg,
        declaration_id=str(declaration.id), reason=reason,
    )  # fmt: skip
    tell_place(
        declaration.place, f"declaration_{to}", {"product": declaration.product.name, "reason": reason},
        url=reverse("declaration", args=[declaration.id]), once_key=f"{to}:{declaration.id}:{at.isoformat()}",
    )  # fmt: skip
    return declaration


_FOR_DECIDING = Declaration.objects.select_related("place__market", "product", "supplier").select_for_update(
    of=("self",)
)


def _lock(declaration):
    """Decide on the declaration as it now stands: it may have been amended since it was shown."""
    read = declaration.state
    declaration.refresh_from_db(from_queryset=_FOR_DECIDING)
    if declaration.state != read:
        raise StaleState(state=declaration.state, kind=DECLARATION.name)


def _require_other(actor, declaration):
    require(actor, "audit_declaration", place=declaration.place)
    if actor.account_id == declaration.declared_by_id:
        raise OwnDeclaration()
