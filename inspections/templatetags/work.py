"""How field work is said on a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.models import Coordinator, Task
from inspections.web import work_words
from kit import clock
from kit.templatetags.show import state_badge

register = template.Library()


@register.simple_tag
def person_state(person: Coordinator) -> SafeString:
    """On duty, paused (until a day), gone."""
    until = person.paused_until
    if person.state == Coordinator.State.ACTIVE and until and until >= timezone.localdate(clock.glance()):
        return state_badge("due", _("paused until %(day)s") % {"day": until.isoformat()})
    return state_badge(work_words.PEOPLE_TONES[person.state], work_words.PEOPLE_STATES[person.state])


@register.filter
def person_kind(person: Coordinator) -> str | Promise:
    return work_words.PEOPLE_KINDS[person.kind]


@register.simple_tag
def task_state(task: Task) -> SafeString:
    return state_badge(work_words.TASK_TONES.get(task.state, "none"), work_words.TASK_STATES[task.state])


@register.filter
def source_word(task: Task) -> str | Promise:
    return work_words.SOURCES[task.source]


@register.filter
def part_word(part: dict[str, Any]) -> str | Promise:
    return work_words.PARTS.get(part["part"], part["part"])


@register.filter
def part_note(part: dict[str, Any]) -> str:
    """`C × 130 %`."""
    grade = part.get("grade", "").upper()
    percent = f"× {part['percent']} %" if "percent" in part else ""
    return " ".join(filter(None, (grade, percent)))
