"""What a row of the table says, and short words for the usual ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from registry.roles import Role
from tests.house.world import World

PUBLIC = "public"
SIGNED_IN = "signed in"
DEVICES = "devices"
R = Role

GET, POST, PATCH, DELETE = "get", "post", "patch", "delete"
METHODS = (GET, POST, "put", PATCH, DELETE)

Thing = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    who: str | tuple[str, ...]
    """PUBLIC, SIGNED_IN, DEVICES, or verbs of which one is enough."""

    reach: frozenset[Role] | None = None
    """Our people who reach the thing; None: the address names nothing."""

    methods: tuple[str, ...] = (GET,)
    """A POST is tried empty, or with what SENDS gives for the name."""

    out_of_reach: str = "not found"
    """What somebody with the verb is told of a thing out of reach."""


Rows = Row | tuple[Row, ...]


def verbs(*names: str, reach: Iterable[Role] | None = None, **more: Any) -> Row:
    return Row(who=names, reach=None if reach is None else frozenset(reach), **more)


def post(row: Row) -> Row:
    """An address that is only posted to."""
    return replace(row, methods=(POST,))


def page(row: Row) -> Row:
    """A form: seen and sent by the same people."""
    return replace(row, methods=(GET, POST))


def patch(row: Row) -> Row:
    return replace(row, methods=(PATCH,))


def both(seen: Row, changed: Row) -> tuple[Row, Row]:
    """Seen by some, changed by others."""
    return seen, changed if GET not in changed.methods else post(changed)


def same(row: Rows, *names: str) -> dict[str, Rows]:
    """Several addresses with the same row."""
    return dict.fromkeys(names, row)


def same_thing(thing: Thing, *names: str) -> dict[str, Thing]:
    return dict.fromkeys(names, thing)


TRADERS = frozenset({R.WHOLESALER, R.VENDOR, R.STORE_MANAGER})
OFFICERS = frozenset({R.TOWN_OFFICER, R.DISTRICT_OFFICER})
ABOVE_THE_STALL = OFFICERS | {R.MARKET_MANAGER, R.SUPPORT}

EVERYBODY = Row(PUBLIC)
ANYBODY_SIGNED_IN = Row(SIGNED_IN)
NOBODYS = Row(SIGNED_IN, reach=frozenset())
"""The address names what does not exist; nobody is told more than that."""
