"""A rapid-test instrument: reads a sample, keeps the reading, and uploads when it can.

A reading is on the disk before it is shown. It stays in the queue until the platform has answered for it;
the same bytes are sent again until then. It speaks either of the two ways of docs/device-api.md, section 11.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from kit.tradeday import CHINA
from kit.words import gettext_noop
from traceability.scale.memory import Memory

MOST_AT_ONCE = 100
WORDS = {"-": "阴性", "+": "阳性", "?": "可疑", "x": "无效"}

Row = dict[str, Any]


@dataclass
class State:
    """What an instrument remembers: the number of its last reading, what is not answered for, the last answers."""

    count: int = 0
    item: str = "PEST_ENZ"
    unit: str = "%"
    queue: list[Row] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class Line(Protocol):
    """One way of uploading. Raises NoAnswer when it is not known whether the message arrived."""

    def upload(self, readings: list[Row], *, number: int) -> str: ...


class CannotRead(Exception):
    """`words` is an English message id."""

    WORDS = {
        "no_sample": gettext_noop("Type the number on the sample's label first."),
        "bad_value": gettext_noop(
            "A result is a number, or - (not detected), + (positive), ? (in doubt), x (invalid)."
        ),
    }

    def __init__(self, code: str) -> None:
        self.code = code
        self.words = self.WORDS[code]
        super().__init__(code)


def china_now() -> dt.datetime:
    return dt.datetime.now(CHINA).replace(microsecond=0)


class Instrument:
    """What the person at the instrument can do."""

    def __init__(self, memory: Memory, line: Line, *, name: str, clock: Callable[[], dt.datetime] = china_now) -> None:
        self.memory = memory
        self.line = line
        self.name = name
        self.clock = clock

    @property
    def state(self) -> State:
        return self.memory.state

    def set_item(self, item: str, unit: str) -> None:
        self.state.item, self.state.unit = item, unit
        self.memory.save()

    def read(self, sample: str, result: str) -> Row:
        """Read one sample: a number in the item's unit, or a word. Raises CannotRead; OSError when the disk is full."""
        if not sample.strip():
            raise CannotRead("no_sample")
        value, text = _result(result)
        state = self.state
        reading = {
            "system_code": f"{self.name}-{state.count + 1:08d}", "item": state.item, "sample": sample.strip(),
            "value": value, "unit": state.unit if value is not None else "", "text": text,
            "tested_at": self.clock().isoformat(),
        }  # fmt: skip
        before = (state.count, state.queue)
        state.count, state.queue = state.count + 1, [*state.queue, reading]
        try:
            self.memory.save()
        except OSError:
            state.count, state.queue = before
            raise
        return reading

    def send(self) -> str:
        """Upload what waits, oldest first, and say what was answered; nothing when nothing waits. Raises NoAnswer."""
        said = ""
        while batch := self.state.queue[:MOST_AT_ONCE]:
            batch = [each for each in batch if each["item"] == batch[0]["item"]]
            said = self.line.upload(batch, number=self.state.count)
            sent = {each["system_code"] for each in batch}
            self.state.queue = [each for each in self.state.queue if each["system_code"] not in sent]
            self.state.answers = [*self.state.answers[-19:], said]
            self.memory.save()
        return said


def _result(text):
    if text in WORDS or text in WORDS.values():
        return None, WORDS.get(text, text)
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise CannotRead("bad_value") from error
    if not value.is_finite():
        raise CannotRead("bad_value")
    return format(value, "f"), ""
