"""The demo district is made by the services, so it cannot show an impossible world."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from demo import world
from demo.tour import positive, tour
from demo.trickle import trickle
from kit import verification
from registry.models import Account, Grant, Market, Place
from registry.roles import Role
from traceability.ledger import TRACE
from traceability.models import Batch, Declaration, Intake, PositiveCase, RapidTest, TestPoint, TraceEvent, Voucher

SMALL = 0.03


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """A small district, filled once for this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        world.fill(SMALL, lambda line: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def filled(district, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_it_has_the_pilots_towns_markets_and_every_role(filled):
    assert Market.objects.filter(kind="wholesale").count() == 1
    assert Market.objects.filter(kind="retail").count() == 20
    assert Market.objects.filter(kind="retail", star_level__gt=0).count() == 16
    assert Place.objects.values("town").distinct().count() == 7
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role)


def test_goods_went_the_whole_way(filled):
    assert Declaration.objects.filter(state="admitted").exists()
    assert Voucher.objects.exists()
    assert Intake.objects.filter(source="voucher").exists()
    found = tour()
    assert found.batch.declaration_id
    assert found.child.parent_id
    assert found.stall.kind == "stall"


def test_no_batch_lets_out_more_than_came_in(filled):
    assert not Batch.objects.filter(sold_kg__gt=F("admitted_kg") + F("overdrawn_kg")).exists()


def test_its_ledger_verifies(filled):
    assert TraceEvent.objects.exists()
    assert verification.verify(TRACE) == []


def test_markets_canteens_and_regulators_test_at_points_of_their_own(filled):
    kinds = set(TestPoint.objects.values_list("kind", flat=True))
    assert kinds == set(TestPoint.Kind)
    assert not TestPoint.objects.filter(staff=None).exists()
    assert not TestPoint.objects.filter(kits=None).exists()
    assert RapidTest.objects.filter(sample__purpose="acceptance", kit__isnull=False).exists()


def test_a_canteens_positive_can_be_followed_to_the_base_and_to_whoever_else_bought(filled, client):
    found = positive()
    assert timezone.localtime(found.case.opened_at).strftime("%H:%M") == "07:10"
    assert found.case.branch == "canteen"
    assert found.case.batch.holds.filter(released_at=None).exists()
    assert [batch.place.kind for batch in found.way] == ["stall", "stall", "store"]
    assert found.base
    assert found.others
    page = client.get("/tour").content.decode()
    assert found.case.place.name in page
    assert all(f"/b/{batch.token}" in page for batch in found.way)


def test_positives_are_seen_to_until_they_are_closed(filled):
    states = set(PositiveCase.objects.values_list("state", flat=True))
    assert states - {"detected", "notified"}


def test_trade_goes_on_while_it_runs(filled):
    before = TraceEvent.objects.count()
    for _ in range(4):
        trickle()
    assert TraceEvent.objects.count() >= before


def test_a_second_filling_only_rolls_it_forward(filled):
    people, events = Account.objects.count(), TraceEvent.objects.count()
    call_command("demo", scale=SMALL, stdout=StringIO())
    assert Account.objects.count() == people
    assert TraceEvent.objects.count() == events, "nothing has happened since it was filled a moment ago"


def test_facts_name_codes_sign_ins_and_devices(filled):
    out = StringIO()
    call_command("facts", stdout=out)
    facts = json.loads(out.getvalue())
    assert set(facts) == {"base_url", "codes", "logins", "devices"}
    assert all(facts["codes"][kind] for kind in ("batch", "voucher", "stall"))
    assert all(len(people) >= 2 for people in facts["logins"].values())
    assert set(facts["devices"]["scale"]) == {"id", "key"}


def test_the_named_people_sign_in_with_the_demos_password(filled, client):
    out = StringIO()
    call_command("facts", stdout=out)
    person = json.loads(out.getvalue())["logins"]["wholesaler"][0]
    answer = client.post("/signin", {"username": person["username"], "password": person["password"]})
    assert answer.status_code in (302, 303)


def test_it_is_refused_where_no_demo_is_wanted(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo")
