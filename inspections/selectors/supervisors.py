"""Who supervises the work of a town."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.models import Account, Grant
from registry.roles import Role


def officers_of(town_id: str) -> QuerySet[Account]:
    """Officers of the town and of its district, now."""
    of_town = Q(role=Role.TOWN_OFFICER, town_id=town_id) | Q(role=Role.DISTRICT_OFFICER)
    held = Grant.objects.current().filter(of_town, district_id=town_id[:6])
    return Account.objects.filter(grants__in=held, is_active=True).distinct()
