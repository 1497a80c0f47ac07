"""Every state and every legal move of places, devices and bases."""

from kit.transitions import States

# Place 场所: a stall stands vacant between two keepers; closing is for good.
PLACE = States(
    "place",
    vacant={"active", "closed"},
    active={"vacant", "suspended", "closed"},
    suspended={"active", "vacant", "closed"},
    closed=set(),
)

DEVICE = States("device", active={"disabled"}, disabled={"active"})

# Production base 产地基地.
BASE = States("base", active={"ended"}, ended=set())
