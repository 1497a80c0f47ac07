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
RECALLS = Item("recalls", _("Recalls"), "again")
PLACES = Item("oversight_places", _("Stalls and stores"), "stall")
MARKETS = Item("oversight_markets", _("Markets"), "market")
SEARCH = Item("search", _("Search"), "search")
NOTICES = Item("notices", _("Notices"), "bell")
POINTS = Item("points", _("Test points"), "test")
STANDARDS = Item("standards", _("Items and limits"), "papers")
FIELD = Item("field_app", _("Without network"), "offline")
TODAY = pgettext_lazy("part of the desk", "Today")
EVALUATION = Item("evaluation", _("Back traces"), "chart")
PLAN = Item("sampling_plan", pgettext_lazy("sampling", "Plan"), "calendar")
GRABS = Item("grab_report", _("Who takes tasks"), "chart")
WORK = Item("work_home", _("Co-management"), "task")
OVERSIGHT = (CASES, MARKETS, PLACES, SCAN, HOLDS, EVALUATION, PEOPLE, DEVICES, POINTS, STANDARDS, RECALLS, GRABS, WORK)

NAV: dict[Role, tuple[Item, ...]] = {
    Role.WHOLESALER: (
        Item("declare", _("Declare"), "declare"),
        Item("sell", _("Sell"), "sell"),
        Item("sales", _("Sales ledger"), "ledger"),
        Item("batches", _("Batches"), "stock"),
        Item("declarations", _("Declarations"), "papers"),
        RECALLS,
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
        RECALLS,
        PEOPLE,
    ),
    Role.STORE_MANAGER: (
        SCAN,
        Item("intakes", _("Taken in"), "ledger"),
        Item("on_sale", _("In stock"), "stock"),
        PLAN,
        Item("purchases", _("Purchase ledger"), "ledger"),
        Item("morning", pgettext_lazy("part of the desk", "Morning"), "test"),
        CASES,
        POINTS,
        RECALLS,
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
        PLAN,
        HOLDS,
        Item("samples", _("Samples"), "test"),
        POINTS,
        RECALLS,
        DEVICES,
        PEOPLE,
    ),
    Role.TESTER: (
        Item("morning", pgettext_lazy("part of the desk", "Morning"), "test"),
        Item("samples", _("Samples"), "code"),
        CASES,
        PLAN,
        SCAN,
        Item("readings", pgettext_lazy("part of the desk", "Readings"), "scale"),
        Item("rapid_tests", _("All tests"), "ledger"),
        POINTS,
        STANDARDS,
        SEARCH,
        NOTICES,
    ),
    Role.COORDINATOR: (
        Item("my_tasks", _("My tasks"), "task"),
        FIELD,
        SCAN,
        Item("my_work", pgettext_lazy("part of the desk", "Me"), "person"),
        SEARCH,
        NOTICES,
    ),
    Role.REVIEWER: (WORK, SCAN, SEARCH, NOTICES),
    Role.TOWN_OFFICER: OVERSIGHT,
    Role.DISTRICT_OFFICER: (*OVERSIGHT, RULES),
    Role.FINANCE: (WORK, SCAN, SEARCH, NOTICES),
    Role.AUDITOR: (
        Item("private_views", pgettext_lazy("part of the desk", "Looks"), "eye"),
        CASES,
        EVALUATION,
        MARKETS,
        RECALLS,
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
