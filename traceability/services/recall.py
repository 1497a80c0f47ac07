"""召回: the operator's own, or by an officer's order after refusal; everyone who holds the goods is told at once."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import bulk, clock, locks, public_codes
from kit.refusals import Invalid
from kit.transitions import move
from registry.actors import Actor
from registry.permissions import require
from traceability.models import (
    Batch,
    Hold,
    PositiveCase,
    Recall,
    RecallItem,
    RecallNotice,
    RecallRequest,
    RecallStep,
    TraceEvent,
)
from traceability.recall_scope import Scope, scope_of
from traceability.refusals import AlreadyRecalled, NotRefused
from traceability.selectors.lineage import lineage_of
from traceability.services import events
from traceability.services.hold import pause
from traceability.services.own import require_own
from traceability.services.recall_news import tell_holders
from traceability.states import RECALL_REQUEST


@transaction.atomic
def open_recall(
    actor: Actor, *, batch: Batch, reason: str, client_key: UUID, drill: bool = False, case: PositiveCase | None = None
) -> Recall:  # fmt: skip
    """The operator recalls his own goods (食品安全法 第63条): they and all that came of them are paused, and every
    holder is told, in one transaction. A `drill` reckons and times the same, pauses nothing and tells nobody.

    Sent twice with one `client_key`, it is one recall. Raises `AlreadyRecalled`.
    """
    require_own(actor, "start_recall", batch)
    facts = {"kind": Recall.Kind.VOLUNTARY, "drill": drill, "reason": needed(reason), "case": case}
    return _open(actor, batch, client_key, facts)


@transaction.atomic
def order_recall(actor: Actor, *, request: RecallRequest, client_key: UUID) -> Recall:
    """责令召回: an officer orders what the operator refused. Raises `NotRefused`, `AlreadyRecalled`."""
    require(actor, "order_recall", place=request.place)
    if request.state == RecallRequest.State.ASKED:
        raise NotRefused()
    facts = {
        "kind": Recall.Kind.ORDERED, "reason": request.reason, "case_id": request.case_id,
        "refused_at": request.refused_at, "refusal": request.refusal,
    }  # fmt: skip
    return _open(actor, request.batch, client_key, facts)


def needed(text: str) -> str:
    text = text.strip()[:400]
    if not text:
        raise Invalid(fields={"reason": _("Say why the goods are recalled.")})
    return text


def _open(actor, batch, client_key, facts) -> Recall:
    locks.one_request(client_key)
    if earlier := Recall.objects.filter(district_id=batch.district_id, client_key=client_key).first():
        return earlier
    drill = facts.get("drill", False)
    if not drill:
        locks.own_goods(batch.district_id)
        require_none_under_way(batch)
    at = clock.now()
    started = time.perf_counter()
    scope = scope_of(lineage_of(batch.pk), at)
    scope_ms = round((time.perf_counter() - started) * 1000)
    hold = None if drill else _pause(actor, batch, facts["reason"], client_key)
    recall = Recall.objects.create(
        district_id=batch.district_id,
        batch=batch,
        place=batch.place,
        organisation_id=batch.organisation_id,
        product_id=batch.product_id,
        hold=hold,
        opened_at=at,
        opened_by_id=actor.account_id,
        scope_ms=scope_ms,
        client_key=client_key,
        **facts,
    )
    write_scope(recall, scope, at)
    add_step(actor, recall, "opened", at, facts["reason"], batches=len(scope.below), holders=len(scope.holders))
    if not drill:
        _make_known(actor, recall, batch, scope, at)
    return recall


def require_none_under_way(batch):
    under_way = Recall.objects.filter(
        district_id=batch.district_id, batch=batch, state=Recall.State.OPEN, drill=False
    ).first()
    if under_way:
        raise AlreadyRecalled(recall_id=str(under_way.pk))


def _pause(actor, batch, reason, client_key) -> Hold:
    return pause(actor, batches=[batch], reason=Hold.Reason.RECALL, note=reason, client_key=client_key)


def _make_known(actor, recall, batch, scope, at):
    here = [each.node for each in scope.below if each.node.district_id == recall.district_id]
    events.record_of_batches(
        TraceEvent.Kind.RECALLED, district_id=recall.district_id, batch_ids=[node.id for node in here],
        place_ids=[node.place_id for node in here], at=at, actor=actor, recall_id=str(recall.id),
        kind_of_recall=str(recall.kind),
    )  # fmt: skip
    public_codes.touch(batch.token, batch.place.token)
    asked = RecallRequest.objects.filter(district_id=batch.district_id, batch=batch, state__in=["asked", "refused"])
    for request in asked.order_by("pk"):
        move(request, RECALL_REQUEST, "followed", recall_id=recall.id)
    tell_holders(recall, {holder.place_district_id for holder in scope.holders if holder.place_id})


def write_scope(recall: Recall, scope: Scope, at) -> None:
    """A row for each batch and one notice for each holder; those there already stay as they are."""
    reached = scope.reached
    bulk.insert_many(
        RecallItem,
        {
            "batch_id": [each.node.id for each in reached],
            "batch_district_id": [each.node.district_id for each in reached],
            "parent_id": [each.node.parent_id for each in reached],
            "place_id": [each.node.place_id for each in reached],
            "root": [each.root for each in reached],
            "upstream": [each.upstream for each in reached],
            "received_kg": [each.node.admitted_kg + each.node.overdrawn_kg for each in reached],
            "sold_kg": [each.where.sold_kg for each in reached],
            "on_hand_kg": [each.on_hand_kg for each in reached],
            "gone_kg": [each.gone_kg for each in reached],
            "presumed_sold_kg": [each.where.presumed_sold_kg for each in reached],
            "unaccounted_kg": [each.where.unaccounted_kg for each in reached],
        },
        once=True,
        district_id=recall.district_id,
        recall_id=recall.id,
    )
    holders = scope.holders
    columns = ("place_id", "place_district_id", "organisation_id", "voucher_id", "received_kg", "expected_kg")
    bulk.insert_many(
        RecallNotice,
        {name: [getattr(holder, name) for holder in holders] for name in columns}
        | {"holder_name": [holder.name[:120] for holder in holders]},
        once=True, district_id=recall.district_id, recall_id=recall.id, sent_at=at,
    )  # fmt: skip


def add_step(actor: Actor, recall: Recall, kind: str, at, text: str = "", **data) -> RecallStep:
    return RecallStep.objects.create(
        district_id=recall.district_id, recall=recall, kind=kind, at=at, by_id=actor.account_id, text=text[:400],
        data=data,
    )  # fmt: skip
