"""A market's test point, its manager, and what is done there, for tests."""

import datetime as dt

import pytest

from kit.ids import uuid7
from kit.refusals import Invalid
from registry.roles import Role
from tests.factories.registry import DeviceFactory, account_with
from traceability.services import points

DAY = dt.timedelta(days=1)
YEAR = points.Training(trained_on=dt.date(2026, 3, 1), trained_until=dt.date(2027, 2, 28))


def register(actor, kind, *, key=None, code="", name="快检室", operator=None, **stands):
    return points.register(
        actor, kind=kind, stands=points.Stands(**stands), client_key=key or uuid7(), code=code,
        details=points.Details(name=name, daily_target=20, operator=operator),
    )  # fmt: skip


def refused(call, *args, **kwargs) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        call(*args, **kwargs)
    return set(refusal.value.fields)


def listed(actor, point, account=None, *, key=None, training=YEAR):
    return points.add_staff(
        actor, point=point, account=account or account_with(Role.TESTER, market=point.market), training=training,
        client_key=key or uuid7(),
    )  # fmt: skip


def placed_at(actor, point, device=None, *, key=None):
    device = device or DeviceFactory(at_market=True, market=point.market, kind="instrument")
    return points.place_instrument(actor, point=point, device=device, client_key=key or uuid7())
