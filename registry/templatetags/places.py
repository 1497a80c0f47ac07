"""How places, devices and subjects are said on a page."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kit import clock
from kit.templatetags.show import moment, state_badge
from registry.models import Market, Organisation, Place
from registry.selectors.places import EXPIRING_DAYS
from registry.web import words

register = template.Library()


@register.filter
def named(row: object) -> str:
    """A region's, product's or category's name in the language of the page."""
    name_en = getattr(row, "name_en", "")
    return name_en if name_en and get_language() == "en" else row.name


@register.filter
def subject_kind(organisation: Organisation):
    return words.SUBJECT_KINDS[organisation.kind]


@register.filter
def market_kind(market: Market):
    return words.MARKET_KINDS[market.kind]


@register.filter
def place_kind(place: Place):
    """A stall; of a store, its kind of business."""
    return words.BUSINESS_TYPES[place.business_type] if place.business_type else words.PLACE_KINDS[place.kind]


@register.simple_tag
def place_state(place: Place) -> SafeString:
    return state_badge(words.PLACE_TONES.get(place.state, "none"), words.PLACE_STATES[place.state])


@register.simple_tag
def agreement_state(place: Place) -> SafeString | str:
    """The quality-safety agreement of the stall's present keeper; nothing for a store or a vacant stall."""
    if place.kind != Place.Kind.STALL or place.organisation_id is None:
        return ""
    if place.agreement_signed_on is None:
        return state_badge("due", _("no agreement"))
    ends_on = place.agreement_ends_on
    if ends_on is None:
        return _("open-ended")
    return due_date(ends_on, _("over since %(day)s"), _("until %(day)s"), EXPIRING_DAYS)


@register.simple_tag
def calibration_state(device) -> SafeString:
    if device.calibration_ends_on is None:
        return state_badge("due", _("not recorded"))
    return due_date(device.calibration_ends_on, _("over since %(day)s"), _("until %(day)s"), EXPIRING_DAYS)


def due_date(day: dt.date, over: str, until: str, soon_days: int) -> SafeString:
    today = clock.glance().date()
    if day < today:
        return state_badge("bad", over % {"day": moment(day)})
    said = until % {"day": moment(day)}
    return state_badge("due", said) if (day - today).days <= soon_days else format_html("{}", said)
