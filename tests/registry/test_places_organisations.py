"""The register of subjects: each stands in it once, known by its code."""

import pytest
from django.db import connection

from kit.refusals import Invalid
from registry.models import Organisation
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.organisations import organisations_for
from registry.services import organisations
from tests.factories.registry import (
    ElsewhereFactory,
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    actor_with,
    credit_code,
)

pytestmark = pytest.mark.django_db
Kind = Organisation.Kind


@pytest.fixture
def officer(db):
    return actor_with(Role.DISTRICT_OFFICER)


def test_a_business_is_known_by_its_credit_code(officer):
    code = credit_code(7)
    made = organisations.register(
        officer,
        kind=Kind.ENTERPRISE,
        name=" 河口市场公司 ",
        uscc=f"{code[:8]} {code[8:].lower()}",
        phone="0757-87712345",
    )
    made.refresh_from_db()
    assert (made.name, made.uscc, made.phone, made.id_number) == ("河口市场公司", code, "075787712345", "")


def test_a_grower_is_known_by_the_identity_number_which_is_encrypted(officer):
    made = organisations.register(officer, kind=Kind.NATURAL_PERSON, name="张小农", id_number="11010519491231002x")
    made.refresh_from_db()
    assert made.id_number == "11010519491231002X"
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM registry_organisation")
        assert "19491231" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ({"kind": Kind.ENTERPRISE, "uscc": credit_code(7)}, {"kind": Kind.INDIVIDUAL_BUSINESS, "uscc": credit_code(7)}),
        (
            {"kind": Kind.NATURAL_PERSON, "id_number": "11010519491231002X"},
            {"kind": Kind.NATURAL_PERSON, "id_number": "11010519491231002x"},
        ),
    ],
)
def test_the_same_code_again_offers_the_one_that_has_it(officer, given, again):
    first = organisations.register(officer, name="旺记", **given)
    with pytest.raises(organisations.AlreadyRegistered) as refusal:
        organisations.register(officer, name="旺记二店", **again)
    assert refusal.value.data == {"organisation_id": str(first.id), "name": "旺记"}
    assert Organisation.objects.count() == 1


def test_every_mistake_is_said_at_once(officer):
    with pytest.raises(Invalid) as refusal:
        organisations.register(officer, kind="shop", name=" ", uscc="123", phone="12")
    assert set(refusal.value.fields) == {"kind", "name", "uscc", "phone"}


def test_a_trader_does_not_write_the_register():
    vendor = actor_with(Role.VENDOR, place=StallFactory())
    with pytest.raises(NotYourJob):
        organisations.register(vendor, kind=Kind.ENTERPRISE, name="旺记", uscc=credit_code(7))


def test_a_manager_sees_and_corrects_who_keeps_a_stall_of_the_market_and_nobody_else():
    market = MarketFactory()
    kept = StallFactory(market=market).organisation
    elsewhere = StallFactory(market=MarketFactory(town=ElsewhereFactory())).organisation
    manager = actor_with(Role.MARKET_MANAGER, market=market)
    assert set(organisations_for(manager)) == {kept, market.organisation}
    changed = organisations.correct(manager, organisation=kept, name="旺记蔬菜行", phone="13900000001")
    assert (changed.name, changed.phone) == ("旺记蔬菜行", "13900000001")
    with pytest.raises(organisations.NotFound):
        organisations.correct(manager, organisation=elsewhere, name="x")


def test_the_district_sees_who_is_registered_and_nowhere_in_use_yet(officer):
    waiting = OrganisationFactory()
    assert waiting in organisations_for(officer)
    assert waiting not in organisations_for(actor_with(Role.MARKET_MANAGER, market=MarketFactory()))
