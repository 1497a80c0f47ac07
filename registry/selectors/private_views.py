"""Who looked at what."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from registry.actors import Actor
from registry.models import PrivateView
from registry.permissions import VERBS


def private_views_for(
    actor: Actor, *, q: str = "", field: str = "", since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[PrivateView]:
    """Looks in the actor's districts, newest first; `q` is part of the name of who looked or of whom."""
    districts = {scope.district_id for scope in actor.with_role(*VERBS["view_private_log"])}
    found = PrivateView.objects.filter(district_id__in=districts).order_by("-viewed_at", "-id")
    if q:
        found = found.filter(Q(account_name__icontains=q) | Q(subject_name__icontains=q) | Q(reason__icontains=q))
    if field:
        found = found.filter(field=field)
    if since:
        found = found.filter(viewed_at__date__gte=since)
    if until:
        found = found.filter(viewed_at__date__lte=until)
    return found
