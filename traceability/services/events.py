"""One line of the goods ledger for every step (EPCIS 2.0: what, when, where, why, how)."""

from kit import bulk
from traceability.models import TraceEvent

_K = TraceEvent.Kind

# Kind -> (bizStep, disposition) of the Core Business Vocabulary 2.0; ours where it has no word.
_MEANING = {
    _K.DECLARED: ("arriving", "in_progress"),
    _K.ADMITTED: ("commissioning", "active"),
    _K.RETURNED: ("arriving", "inactive"),
    _K.REJECTED: ("arriving", "non_sellable_other"),
    _K.TESTED: ("inspecting", ""),
    _K.SOLD: ("shipping", "in_transit"),
    _K.VOIDED: ("void_shipping", "active"),
    _K.TAKEN_IN: ("receiving", "in_progress"),
    _K.REFUSED: ("receiving", "returned"),
    _K.REVERSED: ("receiving", "inactive"),
    _K.MOVED: ("other", ""),
    _K.HELD: ("holding", "non_sellable_other"),
    _K.RECALLED: ("holding", "recalled"),
    _K.RELEASED: ("inspecting", "sellable_accessible"),
    _K.PRINTED: ("encoding", ""),
}


def record(kind, *, place, at, happened_at=None, batch=None, voucher=None, weight_kg=None, actor=None, **details):
    """Write one trace event at `place`. `batch` and `voucher` may be rows or ids; `at` is the recording time."""
    return TraceEvent.objects.create(
        **event_fields(
            kind, place=place, at=at, happened_at=happened_at, batch=batch, voucher=voucher,
            weight_kg=weight_kg, actor=actor, **details,
        )
    )  # fmt: skip


def record_many(rows):
    """Write many events with one statement; each row is the keyword arguments of `record`."""
    TraceEvent.objects.bulk_create([TraceEvent(**event_fields(**row)) for row in rows], batch_size=1000)


def record_of_batches(kind, *, district_id, batch_ids, place_ids, at, actor=None, **data):
    """One event of the same kind and content for each of many batches of a district, with one statement."""
    biz_step, usual = _MEANING[kind]
    bulk.insert_many(
        TraceEvent, {"batch_id": batch_ids, "place_id": place_ids}, district_id=district_id, kind=kind, happened_at=at,
        recorded_at=at, actor_id=actor and (actor.account_id or actor.device_id), biz_step=biz_step, disposition=usual,
        data=data,
    )  # fmt: skip


def event_fields(
    kind, *, place, at, happened_at=None, batch=None, voucher=None, weight_kg=None, actor=None, other_place_id=None,
    disposition=None, **data,
):  # fmt: skip
    biz_step, usual = _MEANING[kind]
    return {
        "district_id": place.district_id,
        "kind": kind,
        "happened_at": happened_at or at,
        "recorded_at": at,
        "place_id": place.id,
        "other_place_id": other_place_id,
        "batch_id": _id(batch),
        "voucher_id": _id(voucher),
        "weight_kg": weight_kg,
        "actor_id": actor and (actor.account_id or actor.device_id),
        "biz_step": biz_step,
        "disposition": usual if disposition is None else disposition,
        "data": data,
    }


def _id(row):
    return getattr(row, "id", row)
