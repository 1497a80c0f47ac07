"""How test points, trainings and kits are said on a page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kit.templatetags.show import moment
from registry.templatetags.places import due_date
from traceability.models import PointStaff, TestKit
from traceability.selectors.test_points import SOON
from traceability.web import point_words as words

register = template.Library()


@register.filter
def point_kind(kind: str):
    return words.POINT_KINDS[kind]


@register.filter
def kit_state_word(state: str):
    return words.KIT_STATES[state]


@register.simple_tag
def training_state(staff: PointStaff) -> SafeString | str:
    if staff.ended_on:
        return format_html("{}", _("until %(day)s") % {"day": moment(staff.ended_on)})
    return due_date(staff.trained_until, _("training over since %(day)s"), _("trained until %(day)s"), SOON.days)


@register.simple_tag
def kit_date(kit: TestKit) -> SafeString:
    return due_date(kit.expires_on, _("expired on %(day)s"), _("good until %(day)s"), SOON.days)
