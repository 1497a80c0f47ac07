"""培训课程: written by officers in versions. A pass of an earlier version counts until its own day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Course
from kit import clock, locks
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks

CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")
MOST_QUESTIONS = 10


@dataclass(frozen=True, kw_only=True)
class Content:
    """`questions`: [{"text", "choices": [two to six], "right": index}]."""

    title: str
    material: str
    questions: Sequence[dict[str, Any]]
    pass_mark: int = 80
    valid_days: int = 365


@transaction.atomic
def publish_course(actor: Actor, *, district_id: str, code: str, content: Content, client_key: UUID) -> Course:
    """The next version of a course, or the first; the earlier one retires. What changes nothing makes no version."""
    require(actor, "manage_work_rules", district=district_id)
    locks.one_request(client_key)
    _check(code, content)
    earlier = Course.objects.filter(district_id=district_id, code=code).order_by("-version").select_for_update().first()
    if earlier and earlier.retired_at is None and _same(earlier, content):
        return earlier
    at = clock.now()
    Course.objects.filter(district_id=district_id, code=code, retired_at__isnull=True).update(retired_at=at)
    return Course.objects.create(
        district_id=district_id, code=code, version=earlier.version + 1 if earlier else 1, published_at=at,
        **_columns(content),
    )  # fmt: skip


def _columns(content: Content) -> dict[str, Any]:
    return {
        "title": content.title.strip()[:80],
        "material": content.material.strip(),
        "questions": [dict(each) for each in content.questions],
        "pass_mark": content.pass_mark,
        "valid_days": content.valid_days,
    }


def _same(course: Course, content: Content) -> bool:
    return all(getattr(course, name) == value for name, value in _columns(content).items())


def _check(code: str, content: Content) -> None:
    checks = Checks()
    checks.require(
        "code", CODE.fullmatch(code) and code != "new", _("Small letters, digits and _, beginning with a letter.")
    )
    checks.require("title", content.title.strip(), _("Write the title."))
    checks.require("material", content.material.strip(), _("Write what is to be learnt."))
    count = len(content.questions)
    checks.require("questions", 1 <= count <= MOST_QUESTIONS, _("Ask 1 to 10 questions."))
    checks.require("questions", all(map(_sound, content.questions)), _("Each question has text, two to six different choices, and the right one among them."))  # noqa: E501  # fmt: skip
    checks.require("pass_mark", 1 <= content.pass_mark <= 100, _("1 to 100."))
    checks.require("valid_days", 1 <= content.valid_days <= 3660, _("1 to 3660 days."))
    checks.done()


def _sound(question: dict[str, Any]) -> bool:
    choices = [each.strip() for each in question["choices"]]
    fine = 2 <= len(choices) <= 6 and all(choices) and len(set(choices)) == len(choices)
    return bool(question["text"].strip()) and fine and question["right"] in range(len(choices))
