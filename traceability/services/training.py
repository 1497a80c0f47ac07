"""Who tests is trained (国市监食检规〔2023〕1号): at a point that keeps a list of testers, nobody else records."""

from __future__ import annotations

from kit import clock
from registry.actors import Actor
from traceability.models import PointStaff, TestPoint
from traceability.refusals import NotOnStaff, TrainingLapsed


def require_training(actor: Actor, point: TestPoint) -> None:
    """On the point's list and in date; a point that never had a list asks nothing, and a device is no person.

    Raises `NotOnStaff`, `TrainingLapsed`.
    """
    if actor.account_id is None:
        return
    rows = PointStaff.objects.filter(district_id=point.district_id, point=point)
    listed = list(rows.values_list("account_id", "trained_until", "ended_on"))
    if not listed:
        return
    until = [until for account_id, until, ended_on in listed if account_id == actor.account_id and ended_on is None]
    if not until:
        raise NotOnStaff()
    if max(until) < clock.now().date():
        raise TrainingLapsed(trained_until=max(until))
