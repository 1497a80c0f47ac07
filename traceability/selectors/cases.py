"""Positives and where they stand: which a person sees, what is due from whom, what waits for this person first."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from kit import codes
from kit.refusals import NotFound
from registry.actors import Actor
from registry.models.visibility import NOTHING, reach
from registry.permissions import OFFICERS, may
from registry.roles import BUSINESS_ROLES, Role
from traceability.case_rules import Side, Standing, Step, Turn, states_due_from, turns
from traceability.models import CasePhoto, PositiveCase, RapidTest, Sample

TESTERS = frozenset({Role.TESTER, Role.MARKET_MANAGER, Role.STORE_MANAGER})
OPEN = ~Q(state=PositiveCase.State.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a list of cases is narrowed to; empty means everything. `show`: `mine`, `open`, `overdue`, `closed`.

    `q` is part of a product's, item's, place's or market's name, a stall number, or a batch's code.
    """

    q: str = ""
    show: str = ""
    branch: str = ""
    state: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def standing(case: PositiveCase) -> Standing:
    return Standing(case.state, case.branch, case.confirmed, case.objection_due_at, case.outcome)


def cases_for(actor: Actor, now: dt.datetime) -> QuerySet[PositiveCase]:
    """The cases within reach, each with `mine` (it waits for this person) and `late`; first what is due
    from the person, then by deadline."""
    return (
        PositiveCase.objects.visible_to(actor)
        .select_related("test", "product", "item", "place__market", "point", "organisation", "batch")
        .annotate(
            mine=_truth(due_from_actor(actor, now)),
            late=_truth(OPEN & Q(due_at__lt=now)),
        )
        .order_by("-mine", F("due_at").asc(nulls_last=True), "-opened_at", "-id")
    )


def _truth(condition: Q):
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())  # noqa: FBT003


def waiting_for(actor: Actor, now: dt.datetime) -> QuerySet[PositiveCase]:
    """What waits for this person, the most urgent first."""
    return cases_for(actor, now).filter(mine=True)


def due_from_actor(actor: Actor, now: dt.datetime) -> Q:
    """Cases whose next step is this person's to take."""
    lapsed = Q(state="notified", objection_due_at__lt=now)
    found = NOTHING
    for side in Side:
        states = NOTHING
        for state, branches in states_due_from(side).items():
            here = Q(state=state) & ~lapsed if state == "notified" else Q(state=state)
            here |= lapsed if state == "lapsed" else NOTHING
            states |= here & Q(branch__in=branches)
        found |= states & reached_as(actor, side)
    return found


def reached_as(actor: Actor, side: Side) -> Q:
    """The cases in which the actor stands on this side."""
    columns = {"market": "place__market_id", "town": "place__town_id"}
    holder = {"place": "place_id", "organisation": "organisation_id"}
    match side:
        case Side.HOLDER:
            return reach(actor, BUSINESS_ROLES, **holder)
        case Side.REGULATOR:
            return reach(actor, OFFICERS, **columns)
        case Side.CLOSER:
            market = reach(actor, {Role.MARKET_MANAGER}, **columns) & Q(branch=PositiveCase.Branch.MARKET)
            return market | reach(actor, OFFICERS, **columns)
    own = reach(actor, {Role.STORE_MANAGER}, **holder) & Q(point__place_id=F("place_id"))
    return own | reach(actor, {Role.TESTER, Role.MARKET_MANAGER}, **columns)


def sides_of(actor: Actor, case: PositiveCase) -> frozenset[Side]:
    """On which sides the actor stands; the same answer as `reached_as`, for one case at hand."""
    found = set()
    own = case.organisation_id == case.place.organisation_id
    if own and may(actor, "answer_case", place=case.place):
        found.add(Side.HOLDER)
    roles = {scope.role for scope in actor.scopes if scope.covers(place=case.place)}
    if roles & {Role.TESTER, Role.MARKET_MANAGER}:
        found.add(Side.POINT)
    if Role.STORE_MANAGER in roles and own and case.point.place_id == case.place_id:
        found.add(Side.POINT)
    if roles & OFFICERS:
        found |= {Side.REGULATOR, Side.CLOSER}
    if Role.MARKET_MANAGER in roles and case.branch == PositiveCase.Branch.MARKET:
        found.add(Side.CLOSER)
    return frozenset(found)


def turns_for(actor: Actor, case: PositiveCase, now: dt.datetime) -> list[Turn]:
    """What this person may do with the case now, what is due first."""
    sides = sides_of(actor, case)
    return [turn for turn in turns(standing(case), now) if sides & set(turn.sides)]


def narrowed(cases: QuerySet[PositiveCase], by: Narrowing) -> QuerySet[PositiveCase]:
    shown = {"mine": Q(mine=True), "open": OPEN, "overdue": Q(late=True), "closed": ~OPEN}
    if by.show:
        cases = cases.filter(shown[by.show])
    if by.show == "closed":
        cases = cases.order_by("-closed_at", "-id")
    if by.q:
        cases = cases.filter(_called(by.q))
    for field in ("branch", "state"):
        if value := getattr(by, field):
            cases = cases.filter(**{field: value})
    if by.since:
        cases = cases.filter(opened_at__date__gte=by.since)
    if by.until:
        cases = cases.filter(opened_at__date__lte=by.until)
    return cases


def _called(q: str) -> Q:
    found = (
        Q(product__name__icontains=q)
        | Q(product__initials__startswith=q.lower())
        | Q(item__name__icontains=q)
        | Q(place__name__icontains=q)
        | Q(place__stall_no__iexact=q)
        | Q(place__market__name__icontains=q)
        | Q(organisation__name__icontains=q)
    )
    if typed_code := codes.read_typed_code(q):
        found |= Q(batch__typed_code=typed_code)
    return found


def case_for(actor: Actor, case_id: uuid.UUID) -> PositiveCase:
    """Raises NotFound for a missing one and for one out of reach alike."""
    found = (
        PositiveCase.objects.visible_to(actor)
        .select_related(
            "test__sample", "test__method", "test__tested_by", "product", "item", "place__market", "place__town",
            "place__organisation", "point__organisation", "organisation", "batch__place", "batch__product",
            "batch__origin_region", "hold", "resample",
        )
        .filter(pk=case_id)
        .first()
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


def photo_for(actor: Actor, photo_id: uuid.UUID) -> CasePhoto:
    """A photo of a case the person may see."""
    seen = PositiveCase.objects.visible_to(actor)
    found = CasePhoto.objects.filter(pk=photo_id, case__in=seen).first()
    if found is None:
        raise NotFound
    return found


def repeats_of(case: PositiveCase) -> QuerySet[RapidTest]:
    """The first strip and the ones that repeated it, oldest first."""
    same = Q(pk=case.test_id) | Q(repeats=case.test_id)
    found = RapidTest.objects.filter(same, district_id=case.district_id)
    return found.select_related("method", "tested_by").order_by("tested_at", "id")


def follow_up_samples(case: PositiveCase) -> QuerySet[Sample]:
    """Samples that may be the re-sample: taken at the same place for that purpose, after the goods were disposed of."""
    return Sample.objects.filter(
        district_id=case.district_id, place=case.place_id, purpose=Sample.Purpose.FOLLOW_UP,
        sampled_at__gte=case.disposed_at or case.opened_at,
    ).select_related("product", "point").order_by("-sampled_at")  # fmt: skip


def followed_up(case: PositiveCase) -> bool:
    """Whether the follow-up sample was tested for the same item, with a result that says something."""
    said = (RapidTest.Result.NEGATIVE, RapidTest.Result.POSITIVE)
    found = RapidTest.objects.filter(district_id=case.district_id, sample=case.resample_id, item=case.item_id)
    return found.filter(result__in=said).exists()


def still_positive(case: PositiveCase) -> bool:
    """Whether another test of the batch found something that nobody has cleared."""
    cleared = PositiveCase.objects.filter(
        district_id=OuterRef("district_id"), test=OuterRef("pk"), outcome__startswith="cleared"
    )
    others = RapidTest.objects.filter(
        district_id=case.district_id, batch=case.batch_id, result=RapidTest.Result.POSITIVE, repeats=None
    )
    return others.exclude(pk=case.test_id).exclude(Exists(cleared)).exists()


def may_do(actor: Actor, case: PositiveCase, step: Step, now: dt.datetime) -> bool:
    return any(turn.step == step for turn in turns_for(actor, case, now))
