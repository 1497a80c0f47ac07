"""The catalogue, as a trader looks things up in it."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Max, Min, QuerySet
from django.db.models.functions import Coalesce, Greatest, Least

from registry.models import Product

from .naming import MISSED, closeness, typed

ALIKE = 0.3
"""From this similarity on (0 to 1) a name counts as meant, when nothing fits exactly."""


def find_products(text: str, limit: int = 20) -> list[Product]:
    """Products whose name, alias, pinyin or initials fit what was typed, the best first.

    lj, lajiao, 辣椒 and 青椒 all find 辣椒. When nothing fits, names that look alike are offered.
    """
    sought = typed(text)
    if not sought:
        return []
    return list(_fitting(sought)[:limit]) or list(_alike(sought)[:limit])


def _fitting(sought) -> QuerySet[Product]:
    named = closeness(sought, name="name", pinyin="pinyin", initials="initials")
    also_named = Min(_alias_closeness(sought))
    return (
        Product.objects.filter(active=True)
        .annotate(rank=Least(named, Coalesce(also_named, MISSED)))
        .filter(rank__lt=MISSED)
        .select_related("category")
        .order_by("rank", "category__position", "position")
    )


def _alias_closeness(sought) -> Case:
    return closeness(sought, name="aliases__alias", pinyin="aliases__pinyin", initials="aliases__initials", behind=10)


def _alike(sought) -> QuerySet[Product]:
    latin = sought.isascii()
    named = TrigramSimilarity("pinyin" if latin else "name", sought)
    also_named = Max(TrigramSimilarity("aliases__pinyin" if latin else "aliases__alias", sought))
    return (
        Product.objects.filter(active=True)
        .annotate(likeness=Greatest(named, Coalesce(also_named, 0.0)))
        .filter(likeness__gte=ALIKE)
        .select_related("category")
        .order_by("-likeness", "category__position", "position")
    )
