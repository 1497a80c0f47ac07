"""处置: what was done with the goods, how many kilograms, before whom, with photos (总局令81号 第26条)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import locks
from kit.images import StoredImage
from kit.refusals import Invalid
from traceability.case_rules import Side, Step
from traceability.models import Batch, CasePhoto, Disposal, PositiveCase, StockMove
from traceability.refusals import NotEnough
from traceability.services.case_news import tell
from traceability.services.case_photos import attach
from traceability.services.case_steps import allow, begun_before, go, redraw
from traceability.services.case_story import add_step
from traceability.services.write_off import take_out

NOTHING_LEFT = Disposal.Method.NOTHING_LEFT
ZERO = Decimal(0)
SOON = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done. `witnesses` are names; photos are needed unless nothing was left."""

    method: str
    weight_kg: Decimal
    witnesses: str
    done_at: dt.datetime | None = None
    before: StoredImage | None = None
    after: StoredImage | None = None


@transaction.atomic
def dispose(actor, *, case: PositiveCase, done: Done, client_key: UUID) -> PositiveCase:
    """Record it and take the kilos out of stock. With nothing of the batch left the case moves on; till then more may
    be disposed of. Raises `NotEnough`, `Invalid`."""
    if begun_before(case, client_key):
        return case
    locks.share_goods(case.district_id)
    at = allow(actor, case, Step.DISPOSE)
    batch = _locked(case)
    _check(case, batch, done, at)
    moved_kg = ZERO if done.method == NOTHING_LEFT else done.weight_kg
    Disposal.objects.create(
        district_id=case.district_id,
        case=case,
        batch=batch,
        method=done.method,
        weight_kg=moved_kg,
        witnesses=done.witnesses.strip()[:120],
        done_at=done.done_at or at,
        recorded_at=at,
        recorded_by_id=actor.account_id,
        client_key=client_key,
    )
    if batch is not None and moved_kg:
        _take(actor, case, batch, done, client_key)
    for kind, image in ((CasePhoto.Kind.BEFORE, done.before), (CasePhoto.Kind.AFTER, done.after)):
        if image:
            attach(actor, case, kind, image, at)
    said = {"method": str(done.method), "weight_kg": str(moved_kg)}
    if batch is not None and left_kg(batch) > moved_kg:
        add_step(actor, case, "disposal", at, client_key=client_key, **said)
        redraw(case)
        return case
    go(actor, case, "disposed", at, client_key=client_key, data=said, disposed_at=done.done_at or at)
    tell(case, "case_disposed", (Side.POINT, Side.REGULATOR))
    return case


def left_kg(batch: Batch) -> Decimal:
    """What is still there: on hand, or taken off sale and put aside."""
    return max(ZERO, batch.kg_on_hand) + batch.withdrawn_kg


def _locked(case) -> Batch | None:
    if case.batch_id is None:
        return None
    rows = Batch.objects.select_for_update(of=("self",)).select_related("place")
    return rows.get(district_id=case.district_id, pk=case.batch_id)


def _take(actor, case, batch, done, client_key) -> None:
    """From what was put aside first, then from what is on hand; each by one conditional UPDATE."""
    kind = StockMove.Kind.RETURNED if done.method == Disposal.Method.RETURNED else StockMove.Kind.DISPOSED
    reason = f"{case.item.name} {Disposal.Method(done.method).label}"
    aside_kg = min(batch.withdrawn_kg, done.weight_kg)
    if aside_kg:
        take_out(
            actor, batch=batch, kind=StockMove.Kind.WITHDRAWN, weight_kg=-aside_kg, reason=reason,
            client_key=uuid5(client_key, "aside"),
        )  # fmt: skip
    take_out(
        actor, batch=batch, kind=kind, weight_kg=done.weight_kg, reason=reason, client_key=uuid5(client_key, "move")
    )


def _check(case, batch, done, at) -> None:
    nothing = done.method == NOTHING_LEFT
    wrong = {}
    if not done.witnesses.strip():
        wrong["witnesses"] = _("Name who saw it.")
    if not nothing and done.weight_kg <= 0:
        wrong["weight_kg"] = _("Write the kilograms.")
    if not nothing and not done.before:
        wrong["before"] = _("A photo from before is needed.")
    if not nothing and not done.after:
        wrong["after"] = _("A photo from after is needed.")
    if done.done_at and not case.opened_at <= done.done_at <= at + SOON:
        wrong["done_at"] = _("It was done after the positive was found and not in the future.")
    if nothing and batch is not None and left_kg(batch) > 0:
        wrong["method"] = _("The records still have goods of this batch. Dispose of them, or write off what was lost.")
    if wrong:
        raise Invalid(fields=wrong)
    if batch is not None and not nothing and done.weight_kg > left_kg(batch):
        raise NotEnough(left_kg=str(left_kg(batch)))
