"""Every address, tried as a stranger, as each role of ours, elsewhere and next door, against the written
table (`tests/house/access`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kit import clock
from registry.api.auth import verbs_of
from registry.permissions import VERBS
from registry.roles import Role
from tests.factories.traceability import DAWN
from tests.house.access import DEVICES, PUBLIC, QUERIES, ROWS, SENDS, SIGNED_IN, THINGS, Row
from tests.house.access.rows import METHODS
from tests.house.world import NEIGHBOURS, World, make_world
from tests.registry.people import signed_in

pytestmark = pytest.mark.django_db
IN, NOT_YOUR_JOB, NOT_FOUND, SIGN_IN = "in", "not your job", "not found", "sign in"


def named(patterns, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, space + (f"{each.namespace}:" if each.namespace else ""))
        else:
            yield f"{space}{each.name}", each


ADDRESSES = dict(named(get_resolver().url_patterns))
OWN = {name for name in ADDRESSES if not name.startswith("admin:") and name != "admin_sign_in"}


@pytest.fixture
def world() -> Iterator[World]:
    with clock.freeze(DAWN):
        yield make_world()


def said(response) -> str:
    """What an answer means to who asked."""
    if response.status_code == 401 or response.get("Location", "").startswith("/signin"):
        return SIGN_IN
    return {403: NOT_YOUR_JOB, 404: NOT_FOUND}.get(response.status_code, IN)


def expected(row: Row, role: Role | None, *, ours: bool) -> str:
    if role is None or row.who == DEVICES:
        return SIGN_IN
    if row.who != SIGNED_IN and not any(role in VERBS[verb] for verb in row.who):
        return NOT_YOUR_JOB
    if row.reach is not None and not (ours and role in row.reach):
        return row.out_of_reach
    return IN


def url_of(world: World, name: str) -> str:
    parts, query = (table[name](world) if name in table else None for table in (THINGS, QUERIES))
    return reverse(name, kwargs=parts, query=query)


def tried(client: Client, world: World, name: str, method: str):
    """The answer of an address, after which whatever it did is undone."""
    url, sent = url_of(world, name), SENDS[name](world) if name in SENDS else {}
    cookies = client.cookies.copy()
    with transaction.atomic():
        if url.startswith("/api/"):
            key = {"Idempotency-Key": "tried"}
            response = client.generic(method.upper(), url, content_type="application/json", headers=key)
        else:
            response = getattr(client, method)(url, sent if method == "post" else {})
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def answers(client: Client, world: World, name: str, row: Row) -> set[str]:
    """What each method of a row means to who asks."""
    found = set()
    for method in row.methods:
        response = tried(client, world, name, method)
        assert response.status_code < 500 or name.startswith("readyz"), (name, method, response.status_code)
        assert response.status_code != 405, (name, method)
        found.add(said(response))
    return found


def guarded() -> Iterator[tuple[str, Row]]:
    for name, rows in ROWS.items():
        yield from ((name, row) for row in rows if row.who != PUBLIC)


def check(client: Client, world: World, role: Role | None, *, ours: bool = False) -> None:
    written = {(name, row.methods): {expected(row, role, ours=ours)} for name, row in guarded()}
    found = {(name, row.methods): answers(client, world, name, row) for name, row in guarded()}
    assert {key: (answer, written[key]) for key, answer in found.items() if answer != written[key]} == {}


def asked_by(name: str, method: str) -> tuple[str, ...]:
    """The verbs that the door of an address asks for."""
    door = ADDRESSES[name].callback
    return verbs_of(door.cls, method.upper()) if hasattr(door, "cls") else door.verbs


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(ROWS) == OWN


def test_every_row_names_verbs_that_exist_and_the_door_asks_for_the_same():
    for name, row in guarded():
        if row.who == DEVICES:
            continue
        written = () if row.who == SIGNED_IN else row.who
        assert set(written) <= set(VERBS), name
        assert {asked_by(name, method) for method in row.methods} == {written}, name


def test_no_page_takes_what_its_rows_do_not_name(world):
    client = signed_in(world.ours.people[Role.VENDOR])
    named: dict[str, set[str]] = {}
    for name, row in guarded():
        named.setdefault(name, set()).update(row.methods)
    for name, methods in named.items():
        if hasattr(ADDRESSES[name].callback, "cls"):
            continue
        for method in set(METHODS) - methods:
            assert tried(client, world, name, method).status_code == 405, (name, method)


def test_the_api_takes_what_its_rows_name():
    for name, rows in ROWS.items():
        if view := getattr(ADDRESSES[name].callback, "cls", None):
            named = {method for row in rows for method in row.methods}
            assert named == {method for method in METHODS if hasattr(view, method)} or name == "api-nowhere", name


def test_a_stranger_is_asked_to_sign_in(world):
    check(Client(), world, None)


@pytest.mark.parametrize("role", Role, ids=str)
def test_ours(world, role):
    check(signed_in(world.ours.people[role]), world, role, ours=True)


@pytest.mark.parametrize("role", Role, ids=str)
def test_others(world, role):
    check(signed_in(world.theirs.people[role]), world, role)


@pytest.mark.parametrize("role", NEIGHBOURS, ids=str)
def test_next_door(world, role):
    check(signed_in(world.neighbours[role]), world, role)


def test_public_addresses_ask_nobody_to_sign_in(world):
    readers = [Client(), signed_in(world.ours.people[Role.VENDOR])]
    for name in ROWS.keys() - {"signout", "admin_password"}:
        for row in (row for row in ROWS[name] if row.who == PUBLIC):
            assert SIGN_IN not in answers(readers[0], world, name, row), name
            assert SIGN_IN not in answers(readers[1], world, name, row), name


class TestAdmin:
    """For support staff, wherever they are; others are told that it is not their job."""

    def pages(self) -> list[str]:
        lists = [name for name in ADDRESSES if name.startswith("admin:") and name.endswith("_changelist")]
        return [reverse(name) for name in ["admin:index", *lists]]

    def test_support_looks(self, world):
        client = signed_in(world.ours.people[Role.SUPPORT])
        assert {client.get(url).status_code for url in self.pages()} == {200}

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPPORT], ids=str)
    def test_nobody_else_does(self, world, role):
        client = signed_in(world.ours.people[role])
        assert {client.get(url, follow=True).status_code for url in self.pages()} == {403}

    def test_a_stranger_signs_in(self):
        assert Client().get("/admin/", follow=True).redirect_chain[-1][0] == "/signin?next=/admin/"

    def test_only_reference_data_can_be_changed(self, world):
        client = signed_in(world.ours.people[Role.SUPPORT])
        adds = {name for name in ADDRESSES if name.startswith("admin:") and name.endswith("_add")}
        open_to_support = {name for name in adds if client.get(reverse(name)).status_code == 200}
        assert open_to_support == {
            "admin:registry_region_add",
            "admin:registry_product_add",
            "admin:registry_productcategory_add",
        }

    def test_no_page_shows_a_phone_or_a_secret(self, world):
        person = world.helper
        client = signed_in(world.ours.people[Role.SUPPORT])
        page = client.get(reverse("admin:registry_account_change", args=[person.id])).content.decode()
        assert person.username in page
        assert person.password not in page
        assert "phone" not in page
