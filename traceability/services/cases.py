"""阳性处置: a positive stops goods at once and opens a case, whose clocks run from that moment."""

from __future__ import annotations

import datetime as dt

from kit import clock, locks
from traceability.case_rules import due_at
from traceability.models import Hold, PositiveCase, RapidTest, Sample, TestPoint
from traceability.policies import EVERYTHING, CaseClocks, HoldReach
from traceability.selectors.policies import policy
from traceability.services import case_news
from traceability.services.case_notify import tell_at_once
from traceability.services.case_steps import publish, redraw
from traceability.services.case_story import add_step
from traceability.services.hold import pause, widen

OWN_GOODS = {TestPoint.Kind.SCHOOL_CANTEEN, TestPoint.Kind.STAFF_CANTEEN, TestPoint.Kind.RESTAURANT}
REGULATORS = {TestPoint.Kind.STATION, TestPoint.Kind.VEHICLE}
AGREES: dict[str, bool] = {RapidTest.Result.POSITIVE: True, RapidTest.Result.NEGATIVE: False}


def branch_of(test: RapidTest) -> str:
    """Which rules a positive goes by: the regulator's, the canteen's own, or the market's."""
    regulators = test.point.kind in REGULATORS and test.sample.purpose == Sample.Purpose.FOLLOW_UP
    if regulators or test.sample.purpose == Sample.Purpose.REGULATOR:
        return PositiveCase.Branch.REGULATOR
    return PositiveCase.Branch.CANTEEN if test.point.kind in OWN_GOODS else PositiveCase.Branch.MARKET


def follow_positive(actor, *, test: RapidTest) -> PositiveCase | None:
    """What a positive sets going, in the transaction that records it: goods on hold as far as the policy reaches, a
    case, and the holder told at once where he has an account."""
    if test.place_id is None:
        return None
    at = clock.now()
    branch = branch_of(test)
    hold = _hold(actor, test, _reach(test, branch, at, confirmed=False))
    case = PositiveCase.objects.create(
        district_id=test.district_id,
        test=test,
        branch=branch,
        point=test.point,
        place=test.place,
        organisation_id=test.organisation_id,
        product=test.product,
        item=test.item,
        batch=test.batch,
        hold=hold,
        opened_at=at,
        **_deadlines(test.district_id, branch, at),
    )
    add_step(actor, case, "detected", at)
    case_news.tell_downstream(actor, case, at)
    if branch == PositiveCase.Branch.CANTEEN:
        case_news.tell_upstream(actor, case, at)
    tell_at_once(actor, case, at)
    return case


def follow_repeat(actor, *, test: RapidTest) -> PositiveCase | None:
    """A second strip of the same sample; both are kept. One that agrees confirms the case, widens its hold and lets the
    item be named; a repeat of a doubtful test that finds something opens the case."""
    case = (
        PositiveCase.objects.filter(district_id=test.district_id, test=test.repeats_id)
        .select_related("hold", "batch", "place", "item", "point")
        .first()
    )
    if case is None:
        return follow_positive(actor, test=test) if test.result == RapidTest.Result.POSITIVE else None
    locks.own_goods(test.district_id)
    at = clock.now()
    add_step(actor, case, "repeat", at, result=str(test.result), test_id=str(test.id), same_person=test.same_person)
    if test.result in AGREES:
        _agree(case, confirmed=AGREES[test.result])
    if case.confirmed and case.hold and _reach(test, case.branch, at, confirmed=True) == EVERYTHING:
        widen(actor, hold=case.hold)
    publish(actor, case, at)
    redraw(case)
    return case


def _agree(case, *, confirmed: bool) -> None:
    """A strip that agrees counts, whatever another said; one that does not counts only while none has agreed."""
    rows = PositiveCase.objects.filter(district_id=case.district_id, pk=case.pk)
    (rows if confirmed else rows.filter(confirmed=None)).update(confirmed=confirmed)
    case.refresh_from_db(fields=["confirmed", "state", "outcome"])


def _deadlines(district_id, branch, at) -> dict[str, dt.datetime | None]:
    clocks: CaseClocks = policy(district_id, "case_clocks", at)
    by = due_at("detected", branch, clocks, at)
    return {"notify_due_at": by, "due_at": by}


def _reach(test, branch, at, *, confirmed) -> str:
    reach: HoldReach = policy(test.district_id, "hold_reach", at)
    return reach.of(branch=branch, banned=test.item.banned, confirmed=confirmed)


def _hold(actor, test, reach) -> Hold | None:
    if test.batch_id is None:
        return None
    note = test.item.name
    return pause(actor, batches=[test.batch], reason=Hold.Reason.RAPID_TEST, note=note, client_key=test.id, reach=reach)
