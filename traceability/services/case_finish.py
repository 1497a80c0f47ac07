"""报告 · 跟踪抽检 · 办结: the regulator is told, the place is sampled again, the case is closed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kit import locks
from kit.refusals import Invalid
from traceability.case_rules import Side, Step
from traceability.models import PlanLine, PositiveCase, Sample, TestPoint
from traceability.policies import CaseClocks
from traceability.refusals import NotTestedYet
from traceability.selectors.cases import follow_up_samples, followed_up
from traceability.selectors.policies import policy
from traceability.services.case_lab import set_free
from traceability.services.case_news import tell, tell_upstream
from traceability.services.case_steps import allow, begun_before, go
from traceability.services.samples import Goods, take_sample

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def report(actor, *, case: PositiveCase, reported_to: str, client_key: UUID) -> PositiveCase:
    """报告: the regulator and everybody upstream learn what was found and done; the plan of tomorrow gets the
    follow-up sample, due within three days."""
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.REPORT)
    if not reported_to.strip():
        raise Invalid(fields={"reported_to": _("Name the office that was told.")})
    clocks: CaseClocks = policy(case.district_id, "case_clocks", at)
    tell_upstream(actor, case, at)
    go(
        actor, case, "reported", at, client_key=client_key, text=reported_to.strip(), reported_at=at,
        reported_to=reported_to.strip()[:80], resample_due_on=at.date() + dt.timedelta(days=clocks.resample_days),
    )  # fmt: skip
    _plan(case, at)
    tell(case, "case_reported", (Side.REGULATOR, Side.POINT))
    return case


def _plan(case: PositiveCase, at: dt.datetime) -> None:
    """A line of tomorrow's plan; the point's row is locked, so that two lines never take one position."""
    TestPoint.objects.select_for_update().get(district_id=case.district_id, pk=case.point_id)
    day = at.date() + ONE_DAY
    known = PlanLine.objects.filter(district_id=case.district_id, point=case.point_id, day=day)
    last = known.aggregate(last=Max("position"))["last"] or 0
    PlanLine.objects.create(
        district_id=case.district_id,
        point_id=case.point_id,
        day=day,
        position=last + 1,
        reason=PlanLine.Reason.FOLLOW_UP,
        product_id=case.product_id,
        items=[case.item_id],
        place_id=case.place_id,
        case=case,
        made_at=at,
    )


@transaction.atomic
def resample(actor, *, case: PositiveCase, client_key: UUID, sample: Sample | None = None) -> PositiveCase:
    """跟踪抽检: a sample of the place taken after the disposal; named, or taken now at the point that found it."""
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.RESAMPLE)
    if sample is None:
        sample = take_sample(
            actor, point=case.point, purpose=Sample.Purpose.FOLLOW_UP, client_key=uuid5(client_key, "sample"),
            goods=Goods(place=case.place, product=case.product),
        )  # fmt: skip
    elif not follow_up_samples(case).filter(pk=sample.pk).exists():
        raise Invalid(fields={"sample": _("Choose a follow-up sample taken at this place after the disposal.")})
    go(actor, case, "resampled", at, client_key=client_key, data={"label": sample.label}, resample=sample)
    tell(case, "case_resampled", (Side.CLOSER,))
    return case


@transaction.atomic
def close(actor, *, case: PositiveCase, note: str, client_key: UUID) -> PositiveCase:
    """办结, with what remains to be said, such as the compensation when the laboratory cleared the goods.
    Raises `NotTestedYet` while the follow-up sample has no result."""
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.CLOSE)
    _say(note, _("Say in a few words how it ended."))
    if case.state == PositiveCase.State.RESAMPLED and not followed_up(case):
        raise NotTestedYet()
    _closed(actor, case, at, note, client_key, case.outcome or PositiveCase.Outcome.DISPOSED)
    return case


@transaction.atomic
def clear(actor, *, case: PositiveCase, reason: str, client_key: UUID) -> PositiveCase:
    """复测未检出: a second strip of a market's or canteen's own test found nothing; the goods are free."""
    if begun_before(case, client_key):
        return case
    locks.own_goods(case.district_id)
    at = allow(actor, case, Step.CLEAR)
    _say(reason, _("Say why the second strip counts."))
    _closed(actor, case, at, reason, client_key, PositiveCase.Outcome.CLEARED_BY_REPEAT)
    set_free(actor, case, note=reason.strip())
    return case


def _say(words: str, missing) -> None:
    if len(words.strip()) < 2:
        raise Invalid(fields={"note": missing})


def _closed(actor, case, at, words, client_key, outcome) -> None:
    go(actor, case, "closed", at, client_key=client_key, text=words.strip(), outcome=outcome, closed_at=at)
    tell(case, "case_closed", (Side.HOLDER, Side.POINT), outcome=str(outcome))
