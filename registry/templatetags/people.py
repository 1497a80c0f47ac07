"""How roles and their scopes are said on a page."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Grant, Place
from registry.roles import Role

register = template.Library()

ROLES: dict[Role, str | Promise] = {
    Role.WHOLESALER: _("Wholesaler"),
    Role.VENDOR: _("Stallholder"),
    Role.STORE_MANAGER: _("Food safety officer of a store"),
    Role.MARKET_MANAGER: _("Market manager"),
    Role.TESTER: _("Tester"),
    Role.COORDINATOR: _("Coordinator"),
    Role.REVIEWER: _("Reviewer"),
    Role.TOWN_OFFICER: _("Town officer"),
    Role.DISTRICT_OFFICER: _("District officer"),
    Role.FINANCE: _("Finance"),
    Role.AUDITOR: _("Auditor"),
    Role.SUPPORT: _("Support"),
}


@register.filter
def role_word(role: str) -> str | Promise:
    return ROLES[Role(role)]


@register.filter
def place_words(place: Place) -> str:
    """`A-12 老王蔬菜 · 城南市场`, or a store's name."""
    if place.market_id:
        return f"{place.stall_no} {place.name}".strip() + f" · {place.market}"
    return place.name


@register.filter
def scope_words(grant: Grant) -> str | Promise:
    """Where a role reaches: a place, a market, a town, or everything."""
    if grant.place_id:
        return place_words(grant.place)
    if grant.market_id:
        return grant.market.name
    if grant.town_id:
        return grant.town.name
    return _("the whole district")
