"""Places of origin, as people look them up."""

import re

from django.db.models import Case, Value, When

from registry.models import Region

from .naming import MISSED, closeness, typed

ORIGINS = (Region.Level.COUNTY, Region.Level.TOWN, Region.Level.COUNTRY)
"""Levels that may be an origin: a county at least (总局令81号 第12条), or a country for imports."""


LONGEST = 20
"""Characters of a full name that are looked at."""


def find_origins(text: str, limit: int = 20, *, near: str = "") -> list[Region]:
    """Counties, towns and countries that fit what was typed, the best first: 元谋, yuanmou, ymx, 云南元谋.

    Of those that fit equally well, the ones of the province of `near` (a region's code) come first.
    """
    sought = typed(text)
    if not sought:
        return []
    origins = Region.objects.filter(level__in=ORIGINS).annotate(
        away=Case(When(code__startswith=near[:2], then=Value(0)), default=Value(1)),
        rank=closeness(sought, name="name", pinyin="pinyin", initials="initials"),
    )
    fitting: list[Region] = list(origins.filter(rank__lt=MISSED).order_by("rank", "away", "code")[:limit])
    return fitting or list(origins.filter(full_name__regex=_in_order(sought)).order_by("away", "code")[:limit])


def _in_order(sought) -> str:
    """云南元谋 names a province and a county: its characters stand in the full name, in that order."""
    return ".*".join(re.escape(character) for character in sought[:LONGEST])
