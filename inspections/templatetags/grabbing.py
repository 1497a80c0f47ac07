"""How far a task is, why one may not take it, and where the tasks lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections import outlines
from inspections.claim_rules import Rule
from inspections.refusals import TAKE_WORDS
from inspections.selectors.nearby import Card, position_of
from registry.models import Region

register = template.Library()
NO_BREAK = "\u00a0"


@register.filter
def distance(metres: float | None) -> str:
    """`300 m`, `1.2 km`, `14 km`: no more digits than a walk or a ride needs."""
    if metres is None:
        return ""
    if metres < 950:
        return f"{max(50, round(metres / 50) * 50)}{NO_BREAK}m"
    kilometres = metres / 1000
    return f"{kilometres:.1f}{NO_BREAK}km" if kilometres < 9.95 else f"{kilometres:.0f}{NO_BREAK}km"


@register.filter
def why_not(rule: Rule) -> Any:
    return TAKE_WORDS[rule]


@register.simple_tag(takes_context=True)
def town_map(context: RequestContext, cards: Iterable[Card], towns: Iterable[Region]) -> SafeString:
    """The towns with the number of tasks in each, and a dot where each task is. A town leads to its tasks."""
    cards = list(cards)
    counted = Counter(card.task.town_id for card in cards)
    known = [town for town in towns if town.code in outlines.TOWNS]
    if not known:
        return SafeString()
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" height="420" role="group" aria-label="{}">{}{}{}</svg>',
        outlines.WIDTH, outlines.HEIGHT, _("Tasks by town"),
        format_html_join("", "{}", ((_town(town, counted[town.code]),) for town in known)),
        format_html_join("", "{}", ((_dot(card),) for card in cards)),
        format_html_join("", "{}", ((_name(town, counted[town.code]),) for town in known)),
    )  # fmt: skip


def _town(town: Region, count: int) -> SafeString:
    outline = (outlines.drawn(*corner) for corner in outlines.TOWNS[town.code])
    return format_html(
        '<a href="?town={}" aria-label="{}"><polygon points="{}" fill="var(--ground)" stroke="var(--edge)"/></a>',
        town.code,
        ngettext("%(town)s: %(n)d task", "%(town)s: %(n)d tasks", count) % {"town": town.name, "n": count},
        " ".join(f"{left},{top}" for left, top in outline),
    )


def _name(town: Region, count: int) -> SafeString:
    """Over the dots, with a rim that keeps it readable; a tap on it reaches the town beneath."""
    x, y = outlines.drawn(*outlines.middle(outlines.TOWNS[town.code]))
    return format_html(
        '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="var(--ink)" stroke="var(--ground)"'
        ' stroke-width="4" paint-order="stroke" pointer-events="none" aria-hidden="true">{} {}</text>',
        x, y + 4, town.name, count,
    )  # fmt: skip


def _dot(card: Card) -> SafeString:
    there = position_of(card.task.place)
    if there is None:
        return SafeString()
    x, y = outlines.drawn(there[1], there[0])
    fill = "var(--edge)" if card.why else "var(--teal)"
    return format_html('<circle cx="{}" cy="{}" r="4" fill="{}" aria-hidden="true"/>', x, y, fill)
