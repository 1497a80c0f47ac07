"""采样: a portion of a product is taken at a place and labelled; what it came from is written down with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit import clock, codes, locks
from kit.refusals import Invalid
from registry.models import Place, Product
from registry.permissions import require
from traceability.models import Batch, Sample, TestPoint
from traceability.refusals import PointClosed
from traceability.selectors.days import trade_day_at
from traceability.selectors.matching import batch_by_rule
from traceability.services.training import require_training

SOONER = dt.timedelta(hours=24)
LATER = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What a sample was taken of. Name the batch, the voucher line or the intake it belongs to; with none of
    them the published rule looks for one: same seller, product and trade day."""

    place: Place | None
    product: Product
    batch: Batch | None = None
    link: str = Sample.Link.BATCH
    voucher_line_id: UUID | None = None
    intake_id: UUID | None = None
    origin_text: str = ""


@transaction.atomic
def take_sample(
    actor, *, point: TestPoint, goods: Goods, purpose: str, client_key: UUID, sampled_at: dt.datetime | None = None,
    amount: str = "", note: str = "", label: str = "",
) -> Sample:  # fmt: skip
    """A sample with its label's code. Sent twice with one `client_key`, it is one sample.

    Raises `PointClosed`, `Invalid` for a time in the future or before the goods were there.
    """
    require_point(actor, point)
    locks.one_request(client_key)
    if earlier := Sample.objects.filter(district_id=point.district_id, client_key=client_key).first():
        return earlier
    at = clock.now()
    sampled_at = sampled_at or at
    _check_time(goods, sampled_at, at)
    return Sample.objects.create(
        district_id=point.district_id,
        label=label or codes.new_typed_code(),
        point=point,
        purpose=purpose,
        place=goods.place,
        organisation_id=goods.place and goods.place.organisation_id,
        product=goods.product,
        sampled_at=sampled_at,
        sampled_by_id=actor.account_id,
        recorded_at=at,
        amount=amount[:20],
        note=note[:200],
        client_key=client_key,
        **_linked(goods, sampled_at),
    )


def require_point(actor, point: TestPoint) -> None:
    """May record at this point: whoever tests for its market, store or district, and is trained where a list is kept.

    Raises `PointClosed`, `NotOnStaff`, `TrainingLapsed`.
    """
    if point.place_id:
        require(actor, "record_test", place=point.place)
    elif point.market_id:
        require(actor, "record_test", market=point.market)
    else:
        require(actor, "record_test", district=point.district_id)
    if point.state != TestPoint.State.ACTIVE:
        raise PointClosed()
    require_training(actor, point)


def _check_time(goods, sampled_at, at):
    early = goods.batch is not None and sampled_at < goods.batch.made_at - SOONER
    if early or sampled_at > at + LATER:
        raise Invalid(fields={"sampled_at": _("The sample's time does not fit these goods.")})


def _linked(goods, sampled_at) -> dict[str, Any]:
    day = trade_day_at(goods.place, sampled_at) if goods.place else sampled_at.date()
    batch, link = goods.batch, goods.link
    if batch is None:
        batch = batch_by_rule(goods.place, goods.product, day) if goods.place else None
        link = Sample.Link.RULE if batch else Sample.Link.NONE
    origin = goods.origin_text
    if batch is not None and not origin:
        origin = f"{batch.origin_region.full_name} {batch.origin_detail}".strip()
    return {
        "batch": batch, "link": link, "voucher_line_id": goods.voucher_line_id, "intake_id": goods.intake_id,
        "origin_text": origin[:200], "trade_day": day,
    }  # fmt: skip
