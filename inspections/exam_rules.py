"""考试: points of a try, and when the next one is open. No database, no clock."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

WAIT = dt.timedelta(minutes=5)
"""Between a try that failed and the next one: the time to read it again."""

RENEWAL = dt.timedelta(days=30)
"""How long before its end a pass can be renewed."""

REMINDED_DAYS = (30, 7, 1)


def score(questions: Sequence[dict[str, Any]], answers: Sequence[int]) -> int:
    """Of a hundred, rounded down. Raises ValueError when not every question has one answer among its choices."""
    if len(answers) != len(questions):
        raise ValueError("answers")
    for question, answer in zip(questions, answers, strict=True):
        if answer not in range(len(question["choices"])):
            raise ValueError("answer")
    return 100 * (len(questions) - len(wrong(questions, answers))) // len(questions)


def wrong(questions: Sequence[dict[str, Any]], answers: Sequence[int]) -> list[int]:
    """Numbers of the questions answered wrongly, from 1."""
    pairs = zip(questions, answers, strict=True)
    return [number for number, (question, answer) in enumerate(pairs, 1) if question["right"] != answer]


def open_from(failed_at: dt.datetime | None) -> dt.datetime | None:
    """When the next try is open after one that failed."""
    return failed_at + WAIT if failed_at else None


def may_renew(valid_until: dt.date, today: dt.date) -> bool:
    return today >= valid_until - RENEWAL


def reminder(valid_until: dt.date, today: dt.date) -> int | None:
    """Which of `REMINDED_DAYS` is due: the smallest that has come; None long before the end and after it."""
    left = (valid_until - today).days
    due = [days for days in REMINDED_DAYS if 0 <= left <= days]
    return min(due) if due else None
