"""From a scanned code to the goods a sample is of: a batch, a line of a slip, an intake."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit import codes, public_codes
from registry.actors import Actor
from registry.models import Place
from registry.selectors.places import places_for
from traceability.models import Batch, Intake, Sample, VoucherLine

_SEEN = ("product__category", "place__market", "place__organisation", "origin_region")


@dataclass(frozen=True)
class Offered:
    """One lot a sample may be of. `value` stands for it in a form: what it is linked by, and its id."""

    batch: Batch
    link: str
    voucher_line_id: UUID | None = None
    intake_id: UUID | None = None

    @property
    def value(self) -> str:
        return f"{self.link}:{self.voucher_line_id or self.intake_id or self.batch.pk}"


def scanned(actor: Actor, text: str) -> tuple[Place | None, list[Offered]]:
    """What a code leads to: a place, or lots with the place they lie at; nothing for a code out of reach."""
    token = codes.read_token(text.strip().rstrip("/").rsplit("/", 1)[-1])
    code = public_codes.look_up(token) if token else public_codes.look_up_typed(text)
    if code is None or code.target_id is None:
        return None, []
    if code.kind in ("s", "d"):
        return places_for(actor).filter(pk=code.target_id).first(), []
    if code.kind == "b":
        seen = Batch.objects.visible_to(actor).filter(district_id=code.district_id, pk=code.target_id)
        lots = [Offered(batch, Sample.Link.BATCH) for batch in seen.select_related(*_SEEN)]
    else:
        lots = _of_voucher(actor, code)
    return (lots[0].batch.place if lots else None), lots


def _of_voucher(actor, code):
    """Each line of the slip as its buyer holds it, else as the seller's batch; whichever is within reach."""
    lines = VoucherLine.objects.filter(district_id=code.district_id, voucher_id=code.target_id)
    batch_of = {line.pk: line.batch_id for line in lines}
    taken = Batch.objects.visible_to(actor).filter(source_line_id__in=batch_of).exclude(state=Batch.State.VOID)
    here = {batch.source_line_id: batch for batch in taken.select_related(*_SEEN)}
    sold = Batch.objects.visible_to(actor).select_related(*_SEEN).in_bulk(list(batch_of.values()))
    found = [(line_id, here.get(line_id) or sold.get(batch_id)) for line_id, batch_id in batch_of.items()]
    return [Offered(batch, Sample.Link.VOUCHER, voucher_line_id=line_id) for line_id, batch in found if batch]


def chosen(actor: Actor, place: Place, value: str) -> Offered | None:
    """The lot a form's value stands for, at this place and within reach."""
    link, _colon, written = value.partition(":")
    try:
        pk = UUID(written)
    except ValueError:
        return None
    seen = Batch.objects.visible_to(actor).filter(district_id=place.district_id, place=place).select_related(*_SEEN)
    if link == Sample.Link.VOUCHER:
        return _by_line(seen, place, pk)
    if link == Sample.Link.INTAKE:
        batch = seen.filter(intake_set__pk=pk, intake_set__state=Intake.State.VALID).first()
        return batch and Offered(batch, link, intake_id=pk)
    batch = seen.filter(pk=pk).first() if link == Sample.Link.BATCH else None
    return batch and Offered(batch, link)


def _by_line(seen, place, line_id):
    line = VoucherLine.objects.filter(district_id=place.district_id, pk=line_id).first()
    batch = seen.filter(source_line_id=line_id).first() or (line and seen.filter(pk=line.batch_id).first())
    return batch and Offered(batch, Sample.Link.VOUCHER, voucher_line_id=line_id)


def offered_at(place: Place, batches) -> list[Offered]:
    """The lots of a place: those entered by hand are linked through their intake, the others by the batch itself."""
    own = [batch.pk for batch in batches]
    entered = Intake.objects.filter(
        district_id=place.district_id, batch_id__in=own, state=Intake.State.VALID, voucher_line_id=None
    )
    by_batch = dict(entered.values_list("batch_id", "pk"))
    return [
        Offered(batch, Sample.Link.INTAKE, intake_id=by_batch[batch.pk])
        if batch.pk in by_batch
        else Offered(batch, Sample.Link.BATCH)
        for batch in batches
    ]
