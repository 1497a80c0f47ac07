"""The inbox: each notice once, one's own only, read by opening."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from registry.models import Notice
from registry.roles import Role
from registry.services.notices import notify
from tests.factories.registry import DISTRICT, AccountFactory, StallFactory, account_with
from tests.registry.people import signed_in

TELLERS = {"notify", "tell_place", "tell_places", "tell_market", "tell"}


@pytest.fixture
def person(db):
    return account_with(Role.VENDOR, place=StallFactory())


def tell(*people, key="a", url="/desk/me", kind="declaration_returned", **data):
    data = {"product": "辣椒", "reason": "票据看不清", **data}
    notify(people, district_id=DISTRICT, kind=kind, once_key=key, data=data, url=url)


def test_a_step_that_runs_twice_tells_once(person):
    tell(person, AccountFactory())
    tell(person.id)
    assert Notice.objects.filter(account=person).count() == 1
    assert Notice.objects.count() == 2


def test_the_inbox_says_what_happened_and_counts_what_is_new(person):
    tell(person)
    page = signed_in(person).get("/desk/notices")
    assert "辣椒" in page.content.decode()
    assert "票据看不清" in page.content.decode()
    assert page.context["unread_count"] == 1


def test_opening_reads_and_leads_on(person):
    tell(person)
    client = signed_in(person)
    assert client.get(f"/desk/notices/{Notice.objects.get().id}")["Location"] == "/desk/me"
    assert client.get("/desk/notices?show=unread").context["notices"] == []


def test_a_notice_leads_nowhere_else(person):
    tell(person, url="https://evil.example/")
    assert signed_in(person).get(f"/desk/notices/{Notice.objects.get().id}")["Location"] == "/desk/notices"


def test_all_are_read_at_once(person):
    tell(person, key="a")
    tell(person, key="b")
    client = signed_in(person)
    assert client.post("/desk/notices/read").status_code == 303
    assert client.get("/desk/notices").context["unread_count"] == 0


def test_nobody_opens_the_notices_of_others(person):
    tell(AccountFactory())
    client = signed_in(person)
    assert client.get(f"/desk/notices/{Notice.objects.get().id}").status_code == 404
    assert not client.get("/desk/notices").context["notices"]
    client.post("/desk/notices/read")
    assert Notice.objects.get().read_at is None


def test_what_people_typed_is_escaped(person):
    tell(person, reason="<script>alert(1)</script>")
    assert "<script>alert" not in signed_in(person).get("/desk/notices").content.decode()


def kinds_told() -> set[str]:
    """Every kind of notice that a service names."""
    found = set()
    for package in ("registry", "traceability", "inspections"):
        for path in Path(settings.BASE_DIR, package, "services").rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TELLERS:
                    found |= set(kinds_in(call))
    return found


def kinds_in(call: ast.Call):
    named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
    for argument in [*call.args[1:3], *named]:
        for part in ast.walk(argument):
            if isinstance(argument, ast.Constant | ast.IfExp) and isinstance(part, ast.Constant):
                yield part.value


@pytest.mark.parametrize("kind", sorted({*kinds_told(), "declaration_returned", "declaration_rejected"}))
def test_every_kind_has_words(kind):
    get_template(f"notices/{kind}.html")
