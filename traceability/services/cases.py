"""阳性处置: a positive stops goods at once and opens a case, with the clocks that run from it."""

from __future__ import annotations

import datetime as dt

from kit import clock, locks
from traceability.models import CaseStep, Hold, PositiveCase, RapidTest, Sample, TestPoint
from traceability.policies import CaseClocks, HoldReach
from traceability.selectors.policies import policy
from traceability.services.hold import pause, widen

OWN_GOODS = {TestPoint.Kind.SCHOOL_CANTEEN, TestPoint.Kind.STAFF_CANTEEN, TestPoint.Kind.RESTAURANT}


def branch_of(test: RapidTest) -> str:
    """Which rules a positive goes by: the regulator's, the canteen's own, or the market's."""
    if test.sample.purpose == Sample.Purpose.REGULATOR:
        return PositiveCase.Branch.REGULATOR
    return PositiveCase.Branch.CANTEEN if test.point.kind in OWN_GOODS else PositiveCase.Branch.MARKET


def follow_positive(actor, *, test: RapidTest) -> PositiveCase | None:
    """What a positive sets going, in the transaction that records it: goods on hold as far as the policy reaches, and a
    case. A repeat that agrees widens the hold of the case it confirms."""
    if test.repeats_id:
        return _confirm(actor, test)
    if test.place_id is None:
        return None
    at = clock.now()
    clocks: CaseClocks = policy(test.district_id, "case_clocks", at)
    branch = branch_of(test)
    case = PositiveCase.objects.create(
        district_id=test.district_id,
        test=test,
        branch=branch,
        point_id=test.point_id,
        place_id=test.place_id,
        organisation_id=test.organisation_id,
        product_id=test.product_id,
        item_id=test.item_id,
        batch_id=test.batch_id,
        hold=_hold(actor, test, _reach(test, branch, at, confirmed=False)),
        opened_at=at,
        notify_due_at=at + dt.timedelta(minutes=clocks.notify_minutes),
    )
    add_step(actor, case, "detected", at)
    return case


def add_step(actor, case: PositiveCase, kind: str, at: dt.datetime, text: str = "", **data) -> CaseStep:
    return CaseStep.objects.create(
        district_id=case.district_id, case=case, kind=kind, at=at, by_id=actor.account_id, text=text[:400], data=data
    )


def _reach(test, branch, at, *, confirmed) -> str:
    reach: HoldReach = policy(test.district_id, "hold_reach", at)
    return reach.of(branch=branch, banned=test.item.banned, confirmed=confirmed)


def _hold(actor, test, reach) -> Hold | None:
    if test.batch_id is None:
        return None
    note = test.item.name
    return pause(actor, batches=[test.batch], reason=Hold.Reason.RAPID_TEST, note=note, client_key=test.id, reach=reach)


def _confirm(actor, test) -> PositiveCase | None:
    case = (
        PositiveCase.objects.filter(district_id=test.district_id, test=test.repeats_id).select_related("hold").first()
    )
    if case is None:
        return None
    locks.own_goods(test.district_id)
    PositiveCase.objects.filter(district_id=case.district_id, pk=case.pk, confirmed__isnull=True).update(confirmed=True)
    at = clock.now()
    add_step(actor, case, "repeat", at, result=str(test.result), test_id=str(test.id), same_person=test.same_person)
    if case.hold and _reach(test, case.branch, at, confirmed=True) == "everything":
        widen(actor, hold=case.hold)
    case.refresh_from_db()
    return case
