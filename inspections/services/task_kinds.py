"""任务类型 and their prices: an edit is the next version, from now or from a later moment; tasks keep theirs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Checklist, Coordinator, Course, TaskKind
from kit import clock, locks
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
DEAREST_FEN = 100_000


@dataclass(frozen=True, kw_only=True)
class Terms:
    """`hidden`: a blind re-visit, which nobody but inspectors is told of."""

    name: str
    group: str
    base_fen: int
    unseen_fen: int
    hours: int
    minutes: int
    min_stay_minutes: int
    min_level: int = 1
    kinds: Sequence[str] = ()
    course_code: str = ""
    checklist_codes: Sequence[str] = ()
    hidden: bool = False
    retired: bool = False


@transaction.atomic
def set_kind(
    actor: Actor, *, district_id: str, code: str, terms: Terms, client_key: UUID,
    effective_from: dt.datetime | None = None,
) -> TaskKind:  # fmt: skip
    """The next version of a kind, or the first of a new one. What changes nothing makes no version.

    Raises `Invalid`: for a moment that is past, or before a version that is already planned.
    """
    require(actor, "manage_work_rules", district=district_id)
    locks.one_request(client_key)
    at = clock.now()
    rows = TaskKind.objects.filter(district_id=district_id, code=code)
    last = rows.order_by("-version").select_for_update().first()
    _check(district_id, code, terms)
    columns = _columns(terms)
    if last and all(getattr(last, name) == value for name, value in columns.items()):
        return last
    begins = effective_from or at
    checks = Checks()
    checks.require("effective_from", begins >= at, _("A price cannot be changed for what has already happened."))
    planned = last is not None and last.effective_from > begins
    checks.require("effective_from", not planned, _("Another version begins later. Choose a time after it."))
    checks.done()
    return TaskKind.objects.create(
        district_id=district_id, code=code, version=last.version + 1 if last else 1, effective_from=begins, **columns
    )


def _columns(terms: Terms) -> dict[str, object]:
    return vars(terms) | {
        "name": terms.name.strip()[:40],
        "kinds": sorted(terms.kinds),
        "checklist_codes": list(terms.checklist_codes),
    }


def _check(district_id: str, code: str, terms: Terms) -> None:
    checks = Checks()
    checks.require("code", CODE.fullmatch(code), _("Capital letters and digits, beginning with a letter."))
    checks.require("name", terms.name.strip(), _("Write the name."))
    checks.require("group", terms.group in TaskKind.Group.values, _("Choose one."))
    checks.require("min_level", 1 <= terms.min_level <= 5, _("A level is 1 to 5."))
    checks.require("kinds", set(terms.kinds) <= set(Coordinator.Kind.values), _("Choose among the kinds there are."))
    checks.require("base_fen", 0 <= terms.base_fen <= DEAREST_FEN, _("0 to 1,000 yuan."))
    checks.require("unseen_fen", 0 <= terms.unseen_fen <= terms.base_fen, _("Not more than the full price."))
    checks.require("hours", 1 <= terms.hours <= 2160, _("1 hour to 90 days."))
    checks.require("minutes", 1 <= terms.minutes <= 600, _("1 to 600 minutes."))
    checks.require("min_stay_minutes", 0 <= terms.min_stay_minutes <= terms.minutes, _("Not longer than it takes."))
    courses = Course.objects.filter(district_id=district_id, code=terms.course_code, retired_at__isnull=True)
    checks.require("course_code", not terms.course_code or courses.exists(), _("There is no such course."))
    known = Checklist.objects.filter(district_id=district_id, code__in=terms.checklist_codes, state="published")
    enough = known.values("code").distinct().count() == len(set(terms.checklist_codes))
    checks.require("checklist_codes", enough, _("Choose checklists that are in use."))
    checks.done()
