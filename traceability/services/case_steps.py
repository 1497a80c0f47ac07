"""What every step of a case has in common: whose turn it is, the move, its line in the story, the next deadline."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from kit import clock, locks, public_codes
from kit.transitions import StaleState, move
from registry.actors import Actor
from registry.permissions import NotYourJob, may, require
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import CaseStep, PositiveCase
from traceability.policies import CaseClocks
from traceability.refusals import StepNotPossible
from traceability.selectors.cases import may_do, standing
from traceability.selectors.lineage import pages_about
from traceability.selectors.policies import policy
from traceability.services.case_news import tell
from traceability.services.case_story import add_step
from traceability.states import CASE

JOB = Actor(account_id=None, name="")
VERBS = {
    Step.NOTIFY: ("handle_case",),
    Step.CLEAR: ("close_case",),
    Step.ACCEPT: ("answer_case",),
    Step.OBJECT: ("answer_case",),
    Step.SEAL: ("handle_case",),
    Step.LAB: ("record_lab_report",),
    Step.DISPOSE: ("answer_case", "handle_case"),
    Step.REPORT: ("handle_case",),
    Step.RESAMPLE: ("handle_case",),
    Step.CLOSE: ("close_case",),
}
"""A step takes one of these verbs."""


def begun_before(case: PositiveCase, client_key: UUID) -> bool:
    """Whether this very form has been carried out; if so `case` is as it is now. Two at once wait for each other."""
    locks.one_request(client_key)
    if not CaseStep.objects.filter(district_id=case.district_id, client_key=client_key).exists():
        return False
    case.refresh_from_db()
    return True


def allow(actor: Actor, case: PositiveCase, step: Step) -> dt.datetime:
    """The moment, if this person may take this step now. Out of reach answers like a missing thing; raises
    `NotYourJob`, `StepNotPossible`."""
    own = [verb for verb in VERBS[step] if may(actor, verb, place=case.place)]
    require(actor, *(own or VERBS[step])[:1], place=case.place)
    at = clock.now()
    settle(case, at)
    if not may_do(actor, case, step, at):
        if any(turn.step == step for turn in case_rules.turns(standing(case), at)):
            raise NotYourJob(verb=VERBS[step][0])
        raise StepNotPossible(state=case.state, step=str(step))
    return at


def settle(case: PositiveCase, at: dt.datetime) -> None:
    """An objection nobody made in time lapses here, if no job has been here before."""
    if case_rules.state_now(standing(case), at) == case.state:
        return
    try:
        go(JOB, case, "lapsed", at, since=case.objection_due_at)
    except StaleState:
        case.refresh_from_db()
    else:
        tell(case, "case_lapsed", (Side.HOLDER, Side.POINT, Side.REGULATOR))


def go(
    actor: Actor, case: PositiveCase, to: str, at: dt.datetime, *, client_key: UUID | None = None, text: str = "",
    since: dt.datetime | None = None, data: dict | None = None, **fields,
) -> PositiveCase:  # fmt: skip
    """Move the case from the state it was read in, give it its next deadline (counted from `since`), write the step.
    Raises `StaleState` when somebody was quicker."""
    clocks: CaseClocks = policy(case.district_id, "case_clocks", at)
    due_at = case_rules.due_at(to, case.branch, clocks, since or at, lab_due_on=fields.get("lab_due_on"))
    if case_rules.waits_for(to, case.branch) == Step.DISPOSE:
        fields["disposal_due_at"] = due_at
    move(case, CASE, to, due_at=due_at, reminded_at=None, **fields)
    add_step(actor, case, to, at, text, client_key=client_key, **(data or {}))
    publish(actor, case, at)
    redraw(case)
    return case


def publish(actor, case: PositiveCase, at: dt.datetime) -> None:
    """From the moment the rules allow it the public is told the item; that moment is kept."""
    if case.published_at is None and case_rules.may_name(standing(case), at):
        first = PositiveCase.objects.filter(district_id=case.district_id, pk=case.pk, published_at=None)
        if first.update(published_at=at):
            case.published_at = at
            add_step(actor, case, "published", at)


def redraw(case: PositiveCase) -> None:
    """Every public page that shows this test is drawn anew: of the batch, of what came from it, of who holds it."""
    public_codes.touch(*(pages_about([case.batch_id]) if case.batch_id else [case.place.token]))
