"""Positives of the demo world go on, step by step, as whoever's turn it is; every step through its service."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from demo import pictures
from kit import clock
from kit.ids import uuid7
from registry.models import Grant
from registry.roles import BUSINESS_ROLES, Role
from registry.selectors.actors import actor_for
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import Batch, Disposal, PositiveCase
from traceability.selectors.cases import standing
from traceability.services import case_answers, case_disposal, case_finish, case_lab, case_notify, case_repeat
from traceability.services.case_steps import settle

LABORATORY = "岭南食品检验检测院"
FINDS_NOTHING = 0.25
"""Share of objections in which the laboratory clears the goods."""
ACCEPTS, OBJECTS = 0.55, 0.25
"""What holders do with a positive; the others let the time pass."""
OBJECTIONS = ("刚从产地进的货,一直有合格证,要求复检", "检测卡读数不清,要求送检", "与供货者自检结果不符,要求送检")
MANAGES = frozenset({Role.MARKET_MANAGER, Role.TOWN_OFFICER, *BUSINESS_ROLES})

# State -> minutes until somebody takes the next step, from and to.
PACE = {
    "detected": (5, 14), "notified": (40, 190), "accepted": (30, 140), "lapsed": (60, 200), "objected": (60, 240),
    "sealed": (2 * 24 * 60, 4 * 24 * 60), "lab_pass": (60, 400), "lab_fail": (60, 300), "disposed": (30, 160),
    "reported": (20 * 60, 30 * 60), "resampled": (60, 300),
}  # fmt: skip


class Handling:
    def __init__(self, lab):
        self.lab = lab
        self.steps = {
            Step.NOTIFY: self.notify, Step.ACCEPT: self.accept, Step.OBJECT: self.object, Step.SEAL: self.seal,
            Step.LAB: self.laboratory, Step.DISPOSE: self.dispose, Step.REPORT: self.report,
            Step.RESAMPLE: self.resample, Step.CLOSE: self.close,
        }  # fmt: skip
        self.people = defaultdict(list)
        grants = Grant.objects.current().filter(role__in=MANAGES).select_related("account").order_by("id")
        for grant in grants:
            self.people[grant.place_id or grant.market_id or grant.town_id].append(grant)

    def repeat(self, case: PositiveCase, says: str) -> None:
        """A second strip, by another tester where there is one."""
        people = self.lab.benches[case.point_id].people
        others = [person for person in people if person.account_id != case.test.tested_by_id]
        strip = pictures.strip(positive=says == "positive")
        case_repeat.repeat((others or people)[0], case=case, result=says, client_key=uuid7(), strip=strip)

    def go_on(self, dice, case: PositiveCase) -> dt.timedelta | None:
        """The next step of the case, if it is anybody's; and how long until the one after."""
        settle(case, clock.now())
        turn = next(iter(case_rules.due(standing(case), clock.now())), None)
        if turn is None:
            return None
        step = self.answer(dice) if case.state == "notified" else turn.step
        actor = step and self.whoever(case, turn.sides)
        if actor is None:  # the time to object passes
            return dt.timedelta(hours=5)
        self.steps[step](actor, dice, case)
        return self.pause(dice, case)

    def pause(self, dice, case: PositiveCase) -> dt.timedelta | None:
        pace = PACE.get(case.state)
        return pace and dt.timedelta(minutes=dice.randrange(*pace))

    def answer(self, dice) -> Step | None:
        drawn = dice.random()
        return Step.ACCEPT if drawn < ACCEPTS else Step.OBJECT if drawn < ACCEPTS + OBJECTS else None

    def whoever(self, case: PositiveCase, sides):
        """The first person on these sides, in their order."""
        for side in sides:
            if side == Side.POINT and case.point_id in self.lab.benches:
                return self.lab.benches[case.point_id].people[0]
            if found := self.at(case, side):
                return actor_for(found[0].account)
        return None

    def at(self, case: PositiveCase, side: Side):
        place = case.place
        if side == Side.HOLDER:
            return [grant for grant in self.people[place.pk] if grant.organisation_id == case.organisation_id]
        if side == Side.CLOSER and case.branch == "market" and place.market_id:
            return [grant for grant in self.people[place.market_id] if grant.role == Role.MARKET_MANAGER]
        return self.people[place.town_id]

    def notify(self, actor, dice, case):
        case_notify.notify_holder(actor, case=case, how="到档口当面告知", client_key=uuid7())

    def accept(self, actor, dice, case):
        case_answers.accept(actor, case=case, client_key=uuid7())

    def object(self, actor, dice, case):
        case_answers.object_to(actor, case=case, reason=dice.choice(OBJECTIONS), client_key=uuid7())

    def seal(self, actor, dice, case):
        case_lab.seal(
            actor, case=case, seal_no=f"FY{dice.randrange(10**6):06d}", laboratory=LABORATORY,
            photo=pictures.sealed_bag(dice.randrange(8)), client_key=uuid7(),
        )  # fmt: skip

    def laboratory(self, actor, dice, case):
        finding = case_lab.Finding(
            laboratory=LABORATORY, report_no=f"SP{clock.now():%Y}{dice.randrange(10**6):06d}",
            method="GB 23200.121-2021", passed=dice.chance(FINDS_NOTHING), issued_on=clock.now().date(),
        )  # fmt: skip
        case_lab.record_lab_report(actor, case=case, finding=finding, client_key=uuid7())

    def dispose(self, actor, dice, case):
        batch = case.batch_id and Batch.objects.get(pk=case.batch_id)
        left_kg = case_disposal.left_kg(batch) if batch else Decimal(dice.randrange(2, 12))
        method = Disposal.Method.DESTROYED if left_kg else Disposal.Method.NOTHING_LEFT
        number = dice.randrange(6)
        done = case_disposal.Done(
            method=method, weight_kg=left_kg, witnesses=f"{dice.person()}、{dice.person()}",
            before=pictures.crate(number, full=True), after=pictures.crate(number, full=False),
        )  # fmt: skip
        case_disposal.dispose(actor, case=case, done=done, client_key=uuid7())

    def report(self, actor, dice, case):
        case_finish.report(actor, case=case, reported_to=f"{case.place.town.name}市场监管所", client_key=uuid7())

    def resample(self, actor, dice, case):
        case_finish.resample(actor, case=case, client_key=uuid7())
        where = self.lab.benches[case.point_id]
        self.lab.read(dice, where, where.people[0], case.resample, case.item, "negative")

    def close(self, actor, dice, case):
        note = "检验合格,已协商补偿" if case.state == "lab_pass" else "已销毁,跟踪抽检未检出"
        case_finish.close(actor, case=case, note=note, client_key=uuid7())
