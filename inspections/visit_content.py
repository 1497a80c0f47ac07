"""What the record of a visit says: read strictly from what a phone sent. No database, no clock.

As sent, and with the photos of each answer filled in from the manifest, as kept:

    {"outcome": "done",                       or closed, moved, not_found
     "answers": [{"code": "C01", "result": "fail", "text": "…", "value": "", "measure": "deadline", "days": 7}],
     "promotion": {"place": "…", "audience": 30, "topic": "…", "material": "…"},
     "manifest": [{"sha256": "…", "item": "C01", "taken_at": "2026-11-22T09:05:00+08:00"}],
     "started_at": "…", "finished_at": "…",
     "signed_by": "…", "signature_sha256": "…", "sign_refusal": "…", "offline": true}

A place not seen (closed, moved, not found) has one answer with the code `UNSEEN`, whose text and photos are its
evidence. An item `""` in the manifest is a photo of the whole.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

OUTCOMES = ("done", "closed", "moved", "not_found")
RESULTS = ("pass", "fail", "na", "unseen")
MEASURES = ("", "on_spot", "deadline", "report")
UNSEEN = "UNSEEN"
SIGNATURE = "SIGN"
PROMOTION = "PROMO"
MOST_ANSWERS, MOST_PHOTOS, MOST_DAYS = 80, 60, 90
LONGEST_TEXT, LONGEST_LINE, LONGEST_CODE = 400, 200, 8
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BadContent(ValueError):
    """`str()` is the path of what cannot be read."""


@dataclass(frozen=True)
class Answer:
    code: str
    result: str
    text: str = ""
    value: str = ""
    measure: str = ""
    days: int | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Photo:
    sha256: str
    item: str
    taken_at: dt.datetime


@dataclass(frozen=True)
class Visit:
    outcome: str
    answers: tuple[Answer, ...]
    manifest: tuple[Photo, ...]
    started_at: dt.datetime
    finished_at: dt.datetime
    promotion: dict[str, Any] = field(default_factory=dict)
    signed_by: str = ""
    signature_sha256: str = ""
    sign_refusal: str = ""
    offline: bool = False

    @property
    def seen(self) -> bool:
        return self.outcome == "done"

    @property
    def digests(self) -> set[str]:
        """Every photo that has to arrive."""
        return {photo.sha256 for photo in self.manifest} | ({self.signature_sha256} - {""})

    def answers_kept(self) -> list[dict[str, Any]]:
        return [{**asdict(answer), "photos": list(answer.photos)} for answer in self.answers]

    def manifest_kept(self) -> list[dict[str, str]]:
        return [{**asdict(photo), "taken_at": photo.taken_at.isoformat()} for photo in self.manifest]


def read(raw: Any) -> Visit:
    """Raises BadContent."""
    _require(isinstance(raw, dict), "content")
    manifest = tuple(_photo(each) for each in _list(raw, "manifest", MOST_PHOTOS))
    answers = tuple(_answer(each, manifest) for each in _list(raw, "answers", MOST_ANSWERS))
    codes = [answer.code for answer in answers]
    _require(len(set(codes)) == len(codes), "answers")
    started_at, finished_at = _moment(raw, "started_at"), _moment(raw, "finished_at")
    _require(started_at <= finished_at, "finished_at")
    return Visit(
        outcome=_one_of(raw, "outcome", OUTCOMES),
        answers=answers,
        manifest=manifest,
        started_at=started_at,
        finished_at=finished_at,
        promotion=_promotion(raw.get("promotion") or {}),
        signed_by=_text(raw, "signed_by", 40),
        signature_sha256=_digest(raw, "signature_sha256", blank=True),
        sign_refusal=_text(raw, "sign_refusal", LONGEST_LINE),
        offline=raw.get("offline") is True,
    )


def _answer(raw: Any, manifest: tuple[Photo, ...]) -> Answer:
    _require(isinstance(raw, dict), "answers")
    code = _text(raw, "code", LONGEST_CODE)
    _require(code != "", "answers")
    days = raw.get("days")
    _require(days is None or isinstance(days, int) and 0 < days <= MOST_DAYS, f"{code}.days")
    return Answer(
        code=code,
        result=_one_of(raw, "result", RESULTS),
        text=_text(raw, "text", LONGEST_TEXT),
        value=_number(raw, code),
        measure=_one_of(raw, "measure", MEASURES),
        days=days,
        photos=tuple(photo.sha256 for photo in manifest if photo.item == code),
    )


def _photo(raw: Any) -> Photo:
    _require(isinstance(raw, dict), "manifest")
    return Photo(_digest(raw, "sha256"), _text(raw, "item", LONGEST_CODE), _moment(raw, "taken_at"))


def _promotion(raw: Any) -> dict[str, Any]:
    _require(isinstance(raw, dict), "promotion")
    if not raw:
        return {}
    audience = raw.get("audience")
    _require(audience is None or isinstance(audience, int) and 0 <= audience <= 100_000, "promotion.audience")
    words = {name: _text(raw, name, LONGEST_LINE) for name in ("place", "topic", "material")}
    return {**words, "audience": audience}


def _require(holds: bool, where: str) -> None:
    if not holds:
        raise BadContent(where)


def _list(raw: dict, name: str, most: int) -> list[Any]:
    found = raw.get(name) or []
    _require(isinstance(found, list) and len(found) <= most, name)
    return found


def _text(raw: dict, name: str, longest: int) -> str:
    found = raw.get(name) or ""
    _require(isinstance(found, str) and "\x00" not in found, name)
    return found.strip()[:longest]


def _one_of(raw: dict, name: str, allowed: tuple[str, ...]) -> str:
    found = raw.get(name) or ""
    _require(found in allowed, name)
    return found


def _digest(raw: dict, name: str, *, blank: bool = False) -> str:
    found = _text(raw, name, 64)
    _require(blank and not found or bool(_DIGEST.fullmatch(found)), name)
    return found


def _moment(raw: dict, name: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(raw.get(name) or "")
    except (TypeError, ValueError) as error:
        raise BadContent(name) from error
    _require(found.tzinfo is not None, name)
    return found


def _number(raw: dict, code: str) -> str:
    """A reading as it was typed, without doubtful digits."""
    found = _text(raw, "value", 12).replace(",", "")
    if not found:
        return ""
    try:
        number = Decimal(found)
    except InvalidOperation as error:
        raise BadContent(f"{code}.value") from error
    _require(number.is_finite() and abs(number) < 1_000_000, f"{code}.value")
    return format(number, "f")
