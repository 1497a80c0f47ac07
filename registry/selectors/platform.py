"""How the platform itself is doing: for support staff and auditors."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from kit import clock
from kit.cache import breaker
from kit.models import Seal
from registry.actors import Actor
from registry.models import Account, Device, PrivateView
from registry.permissions import VERBS

SILENT_AFTER = timedelta(hours=24)


def seals_for(actor: Actor) -> QuerySet[Seal]:
    """The last seal of each ledger of the actor's districts: nothing older than its cutoff can change unseen."""
    districts = {scope.district_id for scope in actor.with_role(*VERBS["view_ledger_seals"])}
    newer = Seal.objects.filter(
        district_id=OuterRef("district_id"), ledger=OuterRef("ledger"), number__gt=OuterRef("number")
    )
    return Seal.objects.filter(~Exists(newer), district_id__in=districts).order_by("district_id", "ledger")


def cache_is_away() -> bool:
    """Valkey does not answer, and the database stands in for it."""
    return not breaker.usable()


def silent_devices(actor: Actor) -> QuerySet[Device]:
    """Devices in use that have not been heard of for a day, the longest silent first."""
    limit = clock.now() - SILENT_AFTER
    found = Device.objects.filter(district_id__in=actor.districts, state=Device.State.ACTIVE)
    return (
        found.exclude(last_seen_at__gte=limit)
        .select_related("market", "place__market")
        .order_by(F("last_seen_at").asc(nulls_first=True), "name")
    )


def people_who_cannot_sign_in(actor: Actor) -> QuerySet[Account]:
    """Enrolled, but never yet let in."""
    return Account.objects.visible_to(actor).filter(is_active=True, must_change_password=True)


def looks_since(actor: Actor, days: int) -> int:
    districts = {scope.district_id for scope in actor.with_role(*VERBS["view_private_log"])}
    since = clock.now() - timedelta(days=days)
    return PrivateView.objects.filter(district_id__in=districts, viewed_at__gte=since).count()
