"""What the desk's search box finds among goods: recent vehicles by their plates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.actors import Actor
from registry.web.search import Group, Hit
from traceability.selectors.vehicles import declarations_with_plate


def plates(actor: Actor, q: str) -> Group:
    hits = [
        Hit(
            f"{row.vehicle_plate} · {row.product}",
            reverse("declaration", args=[row.id]),
            str(row.place),
            f"{row.trade_day:%Y-%m-%d}",
        )
        for row in declarations_with_plate(actor, q)
    ]
    return Group(_("Vehicles"), hits)
