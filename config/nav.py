"""Who finds what on the desk: the parts of it that each role uses, most used first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.roles import Role
from registry.web.homes import HOMES


@dataclass(frozen=True)
class Item:
    """`name` is a URL name, `icon` a name in static/img/icons.svg."""

    name: str
    label: str | Promise
    icon: str


SCAN = Item("scan", _("Scan"), "scan")
PEOPLE = Item("people", _("People"), "people")
HOLDS = Item("holds", _("Holds"), "hold")
CASES = Item("cases", _("Positives"), "flag")
RULES = Item("policies", _("Rules of the district"), "settings")
DEVICES = Item("devices", _("Devices"), "scale")
PLACES = Item("oversight_places", _("Stalls and stores"), "stall")
MARKETS = Item("oversight_markets", _("Markets"), "market")
SEARCH = Item("search", _("Search"), "search")
NOTICES = Item("notices", _("Notices"), "bell")
POINTS = Item("points", _("Test points"), "test")
STANDARDS = Item("standards", _("Items and limits"), "papers")
TODAY = pgettext_lazy("part of the desk", "Today")
WORK = Item("work_home", _("Co-management"), "task")
OVERSIGHT = (CASES, MARKETS, PLACES, WORK, SCAN, HOLDS, PEOPLE, DEVICES, POINTS, STANDARDS)

NAV: dict[Role, tuple[Item, ...]] = {
    Role.WHOLESALER: (
        Item("declare", _("Declare"), "declare"),
        Item("sell", _("Sell"), "sell"),
        Item("sales", _("Sales ledger"), "ledger"),
        Item("batches", _("Batches"), "stock"),
        Item("declarations", _("Declarations"), "papers"),
        Item("purchases", _("Purchase ledger"), "ledger"),
        Item("suppliers", _("Suppliers"), "truck"),
        Item("bases", _("Bases"), "leaf"),
        SCAN,
        CASES,
        DEVICES,
        PEOPLE,
    ),
    Role.VENDOR: (
        SCAN,
        Item("on_sale", _("On sale"), "stock"),
        Item("intakes", _("Taken in"), "ledger"),
        Item("purchases", _("Purchase ledger"), "ledger"),
        CASES,
        PEOPLE,
    ),
    Role.STORE_MANAGER: (
        SCAN,
        Item("intakes", _("Taken in"), "ledger"),
        Item("on_sale", _("In stock"), "stock"),
        Item("purchases", _("Purchase ledger"), "ledger"),
        CASES,
        POINTS,
        PEOPLE,
    ),
    Role.MARKET_MANAGER: (
        Item("gate", _("Gate"), "check"),
        SCAN,
        Item("market_stalls", _("Stalls"), "stall"),
        Item("declare_for", pgettext_lazy("part of the desk", "For a trader"), "plus"),
        Item("quiet_stalls", _("Nothing today"), "clock"),
        Item("code_sheet", pgettext_lazy("part of the desk", "Sheets"), "print"),
        CASES,
        HOLDS,
        POINTS,
        DEVICES,
        PEOPLE,
    ),
    Role.TESTER: (
        Item("test_new", _("Record a test"), "test"),
        CASES,
        SCAN,
        POINTS,
        STANDARDS,
        SEARCH,
        NOTICES,
    ),
    Role.COORDINATOR: (SCAN, Item("my_work", pgettext_lazy("part of the desk", "Me"), "person"), SEARCH, NOTICES),
    Role.REVIEWER: (WORK, SCAN, SEARCH, NOTICES),
    Role.TOWN_OFFICER: OVERSIGHT,
    Role.DISTRICT_OFFICER: (*OVERSIGHT, RULES),
    Role.FINANCE: (WORK, SCAN, SEARCH, NOTICES),
    Role.AUDITOR: (
        Item("private_views", pgettext_lazy("part of the desk", "Looks"), "eye"),
        CASES,
        MARKETS,
        WORK,
        SCAN,
        SEARCH,
    ),
    Role.SUPPORT: (PEOPLE, DEVICES, MARKETS, SCAN, SEARCH),
}


def items_for(roles: Collection[Role]) -> list[Item]:
    """The first page of each of these roles and its parts, each once."""
    found: dict[str, Item] = {}
    for role, home in HOMES.items():
        if role in roles:
            for item in (Item(home, TODAY, "home"), *NAV[role]):
                found.setdefault(item.name, item)
    return list(found.values())
