"""Goods for tests: a wholesale stall with batches and a scale, made the way the services make them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from kit import clock
from registry.models import DeviceButton
from tests.factories.registry import CountyFactory, DeviceFactory, MarketFactory, ProductFactory, StallFactory
from traceability.evidence import EvidenceLevel
from traceability.models import Batch
from traceability.services.batches import make_batch


def batch_at(place, weight_kg="100", *, product=None, state=Batch.State.ADMITTED, made_at=None, **fields) -> Batch:
    """A batch of peppers at a place, on sale today."""
    at = made_at or clock.now()
    batch = make_batch(
        place=place,
        organisation_id=place.organisation_id,
        product=product or ProductFactory(),
        origin_region_id=CountyFactory().pk,
        origin_detail="",
        weight_kg=Decimal(weight_kg),
        trade_day=at.date(),
        at=at,
        evidence_level=EvidenceLevel.PHOTOGRAPHED,
        state=state,
    )
    for name, value in fields.items():
        setattr(batch, name, value)
    if fields:
        batch.save()
    return batch


def wholesale_stall(**fields):
    return StallFactory(market=MarketFactory(wholesale=True), **fields)


def scale_at(place, *, buttons=True):
    """A scale at a stall; button 3 is peppers."""
    device = DeviceFactory(place=place)
    if buttons:
        DeviceButton.objects.create(
            district_id=device.district_id, device=device, number=3, product=ProductFactory()
        )  # fmt: skip
    return device


def before(**ago) -> dt.datetime:
    return clock.now() - dt.timedelta(**ago)
