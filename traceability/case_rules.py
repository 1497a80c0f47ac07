"""阳性处置: whose turn it is, by when, and when the public is told what was found.

One table says what a case waits for in each state, of whom, and how the three branches differ: a
regulator's test goes by 食品安全法 第88条 and 第112条, a market's by its agreement, a canteen's is its own
goods. `must` is what the clock runs for; the rest may be done meanwhile.

    detected ─> notified ─┬─> accepted ──────────────> disposed ─> reported ─> resampled ─> closed
        │           │     ├─> objected ─> sealed ─┬─> lab_fail ─^
        │           │     └─> lapsed ─(regulator)─^  └─> lab_pass ─> closed (经检验合格)
        └───────────┴─(own test, repeat negative)─> closed (复测未检出)
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from traceability.policies import CaseClocks


class Side(StrEnum):
    """`point` tested and looks after the place; `holder` has the goods; `closer` may end a case of this branch."""

    POINT = "point"
    HOLDER = "holder"
    REGULATOR = "regulator"
    CLOSER = "closer"


class Step(StrEnum):
    NOTIFY = "notify"
    REPEAT = "repeat"
    CLEAR = "clear"
    ACCEPT = "accept"
    OBJECT = "object"
    SEAL = "seal"
    LAB = "lab"
    DISPOSE = "dispose"
    REPORT = "report"
    RESAMPLE = "resample"
    CLOSE = "close"


REGULATOR, MARKET, CANTEEN = BRANCHES = ("regulator", "market", "canteen")
OWN = (MARKET, CANTEEN)
"""Branches of a test that nobody but the tested trade itself asked for."""


@dataclass(frozen=True)
class Turn:
    """A step that a state waits for, whose it is, and in which branches."""

    step: Step
    sides: tuple[Side, ...]
    branches: tuple[str, ...] = BRANCHES
    must: bool = True


_P, _H, _R, _C = Side.POINT, Side.HOLDER, Side.REGULATOR, Side.CLOSER
_REPEAT = Turn(Step.REPEAT, (_P,), must=False)
_CLEAR = Turn(Step.CLEAR, (_C,), OWN, must=False)

TURNS: dict[str, tuple[Turn, ...]] = {
    "detected": (Turn(Step.NOTIFY, (_P, _R)), _REPEAT, _CLEAR),
    "notified": (Turn(Step.ACCEPT, (_H,)), Turn(Step.OBJECT, (_H,)), _REPEAT, _CLEAR),
    "accepted": (Turn(Step.DISPOSE, (_H, _P, _R)),),
    "objected": (Turn(Step.SEAL, (_P, _R), OWN), Turn(Step.SEAL, (_R, _P), (REGULATOR,))),
    "lapsed": (
        Turn(Step.SEAL, (_R, _P), (REGULATOR,)),
        Turn(Step.DISPOSE, (_H, _P, _R), OWN),
        Turn(Step.ACCEPT, (_H,), must=False),
        Turn(Step.SEAL, (_P, _R), OWN, must=False),
        _CLEAR,
    ),
    "sealed": (Turn(Step.LAB, (_R,)),),
    "lab_pass": (Turn(Step.CLOSE, (_C,)),),
    "lab_fail": (Turn(Step.DISPOSE, (_H, _P, _R)),),
    "disposed": (Turn(Step.REPORT, (_P, _R), OWN), Turn(Step.REPORT, (_R, _P), (REGULATOR,))),
    "reported": (Turn(Step.RESAMPLE, (_P, _R)),),
    "resampled": (Turn(Step.CLOSE, (_C,)),),
    "closed": (),
}
"""The first side of a turn is the one it is due from; the others may do it too."""

# Which state a step leads to. A repeat stays where it is; a laboratory's answer is one of two.
LEADS_TO = {
    Step.NOTIFY: ("notified",),
    Step.CLEAR: ("closed",),
    Step.ACCEPT: ("accepted",),
    Step.OBJECT: ("objected",),
    Step.SEAL: ("sealed",),
    Step.LAB: ("lab_pass", "lab_fail"),
    Step.DISPOSE: ("disposed",),
    Step.REPORT: ("reported",),
    Step.RESAMPLE: ("resampled",),
    Step.CLOSE: ("closed",),
    Step.REPEAT: (),
}

NAMED_STATES = frozenset({"accepted", "lapsed", "lab_fail", "disposed", "reported", "resampled"})
"""From here on the public is told which item it was."""


@dataclass(frozen=True)
class Standing:
    """A case as the rules see it."""

    state: str
    branch: str
    confirmed: bool | None = None
    objection_due_at: dt.datetime | None = None
    outcome: str = ""


def state_now(case: Standing, now: dt.datetime) -> str:
    """The state at this moment: an objection nobody made in time has lapsed, whether or not a job has said so."""
    over = case.objection_due_at is not None and now > case.objection_due_at
    return "lapsed" if case.state == "notified" and over else case.state


def turns(case: Standing, now: dt.datetime) -> tuple[Turn, ...]:
    """What may be done with the case now, what is due first. After one repeat there is no second; clearing takes one
    that found nothing."""
    state = state_now(case, now)
    return tuple(
        turn
        for turn in TURNS[state]
        if case.branch in turn.branches
        and not (turn.step == Step.REPEAT and case.confirmed is not None)
        and not (turn.step == Step.CLEAR and case.confirmed is not False)
    )


def due(case: Standing, now: dt.datetime) -> tuple[Turn, ...]:
    """What the clock of the present state runs for."""
    return tuple(turn for turn in turns(case, now) if turn.must)


def due_from(case: Standing, now: dt.datetime) -> Side | None:
    """The side whose turn it is; None when the case is closed."""
    first = due(case, now)
    return first[0].sides[0] if first else None


def waits_for(state: str, branch: str) -> Step | None:
    """The step the clock of this state runs for."""
    return next((turn.step for turn in TURNS[state] if turn.must and branch in turn.branches), None)


def may_step(case: Standing, step: Step, sides: Iterable[Side], now: dt.datetime) -> bool:
    return any(turn.step == step and set(turn.sides) & set(sides) for turn in turns(case, now))


def states_due_from(side: Side) -> dict[str, tuple[str, ...]]:
    """The states in which this side is the one to act, each with the branches."""
    found: dict[str, tuple[str, ...]] = {}
    for state, all_turns in TURNS.items():
        branches = tuple(
            branch
            for branch in BRANCHES
            if any(turn.must and turn.sides[0] == side and branch in turn.branches for turn in all_turns)
        )
        if branches:
            found[state] = branches
    return found


def may_name(case: Standing, now: dt.datetime) -> bool:
    """Whether the public may be told the item: a second test agreed, the holder accepted, the time to object passed, or
    a laboratory found it. Not before, and not once it was cleared (食品安全法 第118条)."""
    if case.outcome.startswith("cleared"):
        return False
    return case.confirmed is True or state_now(case, now) in NAMED_STATES or case.outcome == "disposed"


def objection_hours(branch: str, clocks: CaseClocks) -> int:
    return clocks.objection_hours if branch == REGULATOR else clocks.market_objection_hours


def due_at(
    state: str, branch: str, clocks: CaseClocks, at: dt.datetime, *, lab_due_on: dt.date | None = None
) -> dt.datetime | None:
    """By when what `state` waits for has to be done, if the case came to it at `at`; None when it is closed.

    `lab_due_on` is counted by the official calendar (`kit.workdays`), so it is given. A day ends at midnight where
    `at` is.
    """
    match state:
        case "detected":
            return at + dt.timedelta(minutes=clocks.notify_minutes)
        case "notified":
            return at + dt.timedelta(hours=objection_hours(branch, clocks))
        case "lapsed":
            return at + dt.timedelta(hours=clocks.seal_hours if branch == REGULATOR else clocks.disposal_hours)
        case "objected":
            return at + dt.timedelta(hours=clocks.seal_hours)
        case "sealed":
            return end_of(lab_due_on, at) if lab_due_on else at + dt.timedelta(days=clocks.lab_working_days)
        case "accepted" | "lab_fail":
            return at + dt.timedelta(hours=clocks.disposal_hours)
        case "disposed":
            return at + dt.timedelta(hours=clocks.report_hours)
        case "reported":
            return end_of(at.date() + dt.timedelta(days=clocks.resample_days), at)
        case "lab_pass" | "resampled":
            return at + dt.timedelta(days=clocks.close_days)
    return None


def end_of(day: dt.date, at: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, 0), tzinfo=at.tzinfo)


_RAPID = re.compile(r"^KJ\s*-?\d|快检|快速|胶体金|试纸|速测|酶抑制|rapid|colloidal", re.IGNORECASE)
_YEAR = re.compile(r"\s*[-—]\s*(19|20)\d\d$")
_SPACES = re.compile(r"[\s\-_/.·]+")


def is_rapid(method: str, rapid_numbers: Iterable[str] = ()) -> bool:
    """Whether a laboratory's method is a rapid one: by its words, or because it is one of the rapid methods in use."""
    method = unicodedata.normalize("NFKC", method)
    return bool(_RAPID.search(method)) or _plain(method) in {_plain(number) for number in rapid_numbers if number}


def _plain(method: str) -> str:
    """A number without its year, spaces and strokes: `GB/T 5009.199-2003` as `GBT5009199`."""
    return _SPACES.sub("", _YEAR.sub("", unicodedata.normalize("NFKC", method).strip())).upper()
