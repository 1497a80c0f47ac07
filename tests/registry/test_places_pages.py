"""A day's work at the register, through its pages."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from kit import public_codes
from kit.ids import uuid7
from registry.models import Grant, Organisation, Place, PrivateView
from registry.roles import Role
from tests.factories.registry import (
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    account_with,
    credit_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return MarketFactory(name="河口农贸市场")


@pytest.fixture
def as_manager(client, market):
    client.force_login(account_with(Role.MARKET_MANAGER, market=market))
    return client


@pytest.fixture
def as_officer(client):
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    return client


@pytest.fixture
def stall():
    return StallFactory(market__wholesale=True)


@pytest.fixture
def trader(stall):
    return account_with(Role.WHOLESALER, place=stall)


@pytest.fixture
def as_trader(client, trader):
    client.force_login(trader)
    return client


def choice(page, name):
    """The address behind a business in the picker."""
    found = re.search(rf'href="([^"]+organisation=[^"]+)"[^>]*>{name}<', page.content.decode())
    return found[1].replace("&amp;", "&")


def text(response):
    return response.content.decode()


# Stalls


def test_the_manager_opens_a_row_of_stalls(as_manager, market):
    answer = as_manager.post(reverse("stall_new"), {"numbers": "A01-A03", "zone": "蔬菜区"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("market_stalls"))
    page = text(as_manager.get(reverse("market_stalls")))
    assert all(number in page for number in ("A01", "A02", "A03"))


def test_what_was_typed_stays_beside_what_is_wrong(as_manager, market):
    StallFactory(market=market, stall_no="A02")
    answer = as_manager.post(reverse("stall_new"), {"numbers": "A01-A03"})
    assert answer.status_code == 422
    assert 'value="A01-A03"' in text(answer)
    assert "A02" in answer.context["form"].errors["numbers"][0]


def test_somebody_moves_in_and_out(as_manager, market):
    stall = StallFactory(market=market, vacant=True, stall_no="A07")
    known = OrganisationFactory(name="旺记蔬菜行", uscc=credit_code(88))
    step = reverse("stall_move_in", args=[stall.id])
    picker = as_manager.get(step, {"q": known.uscc})
    form = as_manager.get(choice(picker, known.name))
    assert form.context["form"].fields["trade_name"].initial == "旺记蔬菜行"
    today = dt.date.today().isoformat()  # noqa: DTZ011
    sent = {"trade_name": "旺记蔬菜", "started_on": today, "signed_on": today, "ends_on": "",
            "keeper_name": "陈旺", "phone": "13900000001", "role": "vendor"}  # fmt: skip
    answer = as_manager.post(choice(picker, known.name), sent)
    assert (answer.status_code, answer["Location"]) == (303, reverse("stall", args=[stall.id]))
    page = text(as_manager.get(reverse("stall", args=[stall.id])))
    assert "旺记蔬菜行" in page
    assert "139****0001" in page
    assert Grant.objects.current().filter(place=stall).count() == 1

    question = as_manager.get(reverse("stall_move_out", args=[stall.id]))
    assert [figure for label, figure in question.context["consequences"]] == [1, 0]
    as_manager.post(reverse("stall_move_out", args=[stall.id]), {"ended_on": today})
    stall.refresh_from_db()
    assert stall.state == "vacant"
    assert public_codes.look_up(stall.token).state == "active"


def test_a_new_business_is_entered_on_the_way_and_a_known_code_is_offered(as_manager, market):
    stall = StallFactory(market=market, vacant=True)
    step = reverse("stall_move_in", args=[stall.id])
    new = f"{reverse('organisation_new')}?next={step}"
    sent = {"kind": "individual_business", "name": "旺记", "uscc": credit_code(99)}
    answer = as_manager.post(new, sent)
    assert answer["Location"].startswith(f"{step}?organisation=")
    assert as_manager.get(answer["Location"]).context["form"].fields["trade_name"].initial == "旺记"

    again = as_manager.post(new, sent | {"name": "旺记二"})
    assert again.status_code == 409
    assert again.context["known"].name == "旺记"
    assert again.context["choose_url"].startswith(f"{step}?organisation=")
    assert Organisation.objects.filter(uscc=credit_code(99)).count() == 1


def test_a_made_up_choice_of_business_counts_for_nothing(as_manager, market):
    stall = StallFactory(market=market, vacant=True)
    answer = as_manager.get(reverse("stall_move_in", args=[stall.id]), {"organisation": str(OrganisationFactory().id)})
    assert "choices" in answer.context


def test_registering_goes_nowhere_but_the_desk(as_manager):
    sent = {"kind": "individual_business", "name": "旺记", "uscc": credit_code(99)}
    answer = as_manager.post(f"{reverse('organisation_new')}?next=https://example.com/desk/", sent)
    assert answer["Location"] == reverse("organisation", args=[Organisation.objects.get(uscc=credit_code(99)).id])


@pytest.mark.parametrize("step", ["stall_suspend", "stall_close", "code_replace", "code_retire", "stall_agreement"])
def test_each_step_asks_first_and_then_is_done(as_manager, market, step):
    stall = StallFactory(market=market, **({"vacant": True} if step == "stall_close" else {}))
    url = reverse(step, args=[stall.id])
    assert as_manager.get(url).status_code == 200
    day = "2026-01-02"
    answer = as_manager.post(url, {"reason": "牌子被撕", "signed_on": day, "ends_on": "2099-01-01"})
    assert answer.status_code == 303
    old = stall.token
    stall.refresh_from_db()
    done = {
        "stall_suspend": stall.state == "suspended",
        "stall_close": stall.state == "closed",
        "code_replace": stall.token != old and public_codes.look_up(old).state == "replaced",
        "code_retire": public_codes.look_up(old).state == "retired",
        "stall_agreement": stall.occupancies.filter(agreement_signed_on="2026-01-02").exists(),
    }
    assert done[step]
    if step == "stall_suspend":
        as_manager.post(reverse("stall_resume", args=[stall.id]))
        stall.refresh_from_db()
        assert stall.state == "active"


def test_a_stall_of_another_market_answers_like_a_missing_one(as_manager):
    for place_id in (StallFactory().id, uuid7()):
        for name in ("stall", "stall_edit", "stall_move_in", "stall_move_out", "code_replace"):
            assert as_manager.get(reverse(name, args=[place_id])).status_code == 404


def test_the_list_is_narrowed_and_exported(as_manager, market):
    StallFactory(market=market, stall_no="A01", zone="蔬菜区", name="旺记蔬菜", organisation__name="=cmd()")
    StallFactory(market=market, stall_no="B01", zone="水产区", name="海鲜档")
    listed = as_manager.get(reverse("market_stalls"), {"q": "wjsc"})
    assert [place.stall_no for place in listed.context["page"]] == ["A01"]
    listed = as_manager.get(reverse("market_stalls"), {"zone": "水产区"})
    assert [place.stall_no for place in listed.context["page"]] == ["B01"]
    file = b"".join(as_manager.get(reverse("market_stalls_export"), {"zone": "蔬菜区"}).streaming_content).decode()
    assert "旺记蔬菜" in file
    assert "海鲜档" not in file
    assert "'=cmd()" in file


def test_a_keeper_changes_what_the_own_page_says(as_trader, stall):
    url = reverse("place_describe", args=[stall.id])
    assert as_trader.get(url).status_code == 200
    as_trader.post(url, {"words": "旺记水果", "public_phone": "0757-1234567"})
    page = text(as_trader.get(reverse("stall", args=[stall.id])))
    assert "旺记水果" in page
    assert reverse("code_replace", args=[stall.id]) not in page
    assert as_trader.get(reverse("stall_move_out", args=[stall.id])).status_code == 403


# Markets and stores


def test_the_district_opens_a_market_and_changes_it(as_officer):
    organisation = OrganisationFactory(name="河口市场公司")
    TownFactory()
    step = choice(as_officer.get(reverse("market_new"), {"q": "河口"}), organisation.name)
    sent = {"name": "河口市场", "kind": "retail", "town": "440607001", "star_level": "3", "active": "on",
            "address": "河口路1号", "complaint_phone": "12345", "trade_day_starts_at": "20:00",
            "zones": "蔬菜区\n水产区"}  # fmt: skip
    answer = as_officer.post(step, sent)
    assert answer.status_code == 303
    page = text(as_officer.get(answer["Location"]))
    assert "20:00" in page
    assert "蔬菜区、水产区" in page
    market_id = answer["Location"].rsplit("/", 1)[1]
    as_officer.post(reverse("market_standing", args=[market_id]), sent | {"star_level": "5"})
    as_officer.post(reverse("market_profile", args=[market_id]), sent | {"zones": "干货"})
    page = text(as_officer.get(reverse("market", args=[market_id])))
    assert "干货" in page
    assert "河口市场" in text(as_officer.get(reverse("oversight_markets"), {"town": "440607001"}))
    assert "河口市场" in b"".join(as_officer.get(reverse("oversight_markets_export")).streaming_content).decode()


def test_a_market_name_that_is_taken_comes_back_on_the_form(as_officer, market):
    sent = {"name": market.name, "kind": "retail", "town": "440607001", "star_level": "3", "active": "on"}
    other = MarketFactory()
    answer = as_officer.post(reverse("market_standing", args=[other.id]), sent)
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors


def test_a_manager_keeps_the_profile_but_not_the_stars(as_manager, market):
    assert as_manager.get(reverse("market_profile", args=[market.id])).status_code == 200
    assert as_manager.get(reverse("market_standing", args=[market.id])).status_code == 403
    assert as_manager.get(reverse("market_profile", args=[MarketFactory().id])).status_code == 404


def test_an_officer_enters_corrects_and_closes_a_store(as_officer):
    organisation = OrganisationFactory(name="实验小学")
    TownFactory()
    step = choice(as_officer.get(reverse("store_new"), {"q": "实验"}), organisation.name)
    key = as_officer.get(step).context["form"]["client_key"].value()
    sent = {"client_key": key, "name": "实验小学食堂", "business_type": "school_canteen", "town": "440607001",
            "address": "文锋路2号", "permit_no": "JY3"}  # fmt: skip
    wrong = as_officer.post(step, sent)
    assert wrong.status_code == 422
    assert "permit_no" in wrong.context["form"].errors
    sent["permit_no"] = "JY34406070012345"
    first, again = as_officer.post(step, sent), as_officer.post(step, sent)
    assert first["Location"] == again["Location"]
    store = Place.objects.get(kind="store")
    as_officer.post(reverse("store_edit", args=[store.id]), sent | {"name": "二小食堂"})
    assert "二小食堂" in text(as_officer.get(reverse("oversight_places"), {"business_type": "school_canteen"}))
    as_officer.post(reverse("store_close", args=[store.id]), {"ended_on": dt.date.today().isoformat()})  # noqa: DTZ011
    store.refresh_from_db()
    assert store.state == "closed"
    assert "二小食堂" not in text(as_officer.get(reverse("oversight_places")))
    assert "二小食堂" in text(as_officer.get(reverse("oversight_places"), {"state": "closed"}))


def test_the_places_within_reach_are_exported(as_officer):
    StoreFactory(name="第一食堂")
    file = b"".join(as_officer.get(reverse("oversight_places_export"), {"kind": "store"}).streaming_content).decode()
    assert "第一食堂" in file


# The register of businesses


def test_an_identity_number_is_shown_with_a_reason_and_the_look_is_kept(as_officer):
    grower = OrganisationFactory(person=True)
    page = as_officer.get(reverse("organisation", args=[grower.id]))
    assert "110105********002X" in text(page)
    url = reverse("organisation_look", args=[grower.id, "id_number"])
    assert as_officer.post(url, {"reason": ""}).status_code == 422
    assert "11010519491231002X" in text(as_officer.post(url, {"reason": "核对登记"}))
    assert PrivateView.objects.get().field == "id_number"
    assert (
        as_officer.post(reverse("organisation_look", args=[grower.id, "name"]), {"reason": "核对"}).status_code == 404
    )


def test_a_business_is_corrected_listed_and_exported(as_officer):
    business = OrganisationFactory(name="旺记")
    answer = as_officer.post(reverse("organisation_edit", args=[business.id]), {"name": "旺记行", "phone": "1"})
    assert answer.status_code == 422
    as_officer.post(reverse("organisation_edit", args=[business.id]), {"name": "旺记行", "phone": "13900000001"})
    assert "旺记行" in text(as_officer.get(reverse("organisations"), {"q": "0001"}))
    file = b"".join(as_officer.get(reverse("organisations_export")).streaming_content).decode()
    assert "139****0001" in file


def test_an_officer_suspends_a_store_but_no_stall(as_officer):
    store = StoreFactory()
    as_officer.post(reverse("store_suspend", args=[store.id]))
    store.refresh_from_db()
    assert store.state == "suspended"
    as_officer.post(reverse("store_resume", args=[store.id]))
    store.refresh_from_db()
    assert store.state == "active"
    assert as_officer.get(reverse("stall_suspend", args=[StallFactory().id])).status_code == 403
