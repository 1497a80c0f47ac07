"""Stalls: opened by the row, taken, given up, closed; their code outlives every keeper."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kit import clock, public_codes
from kit.refusals import Invalid, NotFound
from kit.transitions import IllegalMove
from registry.models import Account, Device, Grant, Occupancy, Place
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.places import Narrowing, narrowed, occupancies_of, places_for
from registry.services import codes, occupancies, places, stalls
from registry.services.occupancies import Agreement, Keeper
from tests.factories.registry import (
    CategoryFactory,
    DeviceFactory,
    GrantFactory,
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    account_with,
    actor_with,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today():
    with clock.freeze(dt.datetime(2026, 11, 22, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
        yield


@pytest.fixture
def market():
    return MarketFactory()


@pytest.fixture
def manager(market):
    return actor_with(Role.MARKET_MANAGER, market=market)


def moved_in(manager, stall, **changes):
    details = {"trade_name": "旺记蔬菜", "started_on": TODAY, **changes}
    return occupancies.move_in(manager, place=stall, organisation=OrganisationFactory(), **details)


def test_a_row_of_stalls_is_opened_with_one_line(manager, market):
    made = stalls.open_stalls(manager, market=market, numbers="A01-A20", zone="蔬菜区", categories=[CategoryFactory()])
    assert [stall.stall_no for stall in made] == [f"A{n:02d}" for n in range(1, 21)]
    stall = Place.objects.get(pk=made[3].pk)
    assert (stall.state, stall.zone, stall.town) == ("vacant", "蔬菜区", market.town)
    assert list(stall.categories.all()) == [CategoryFactory()]
    assert public_codes.look_up(stall.token).target_id == stall.id
    assert stall.history.count() == 1


def test_every_number_that_is_taken_is_named(manager, market):
    stalls.open_stalls(manager, market=market, numbers="A02, A04")
    with pytest.raises(Invalid) as refusal:
        stalls.open_stalls(manager, market=market, numbers="A01-A05")
    assert "A02, A04" in refusal.value.fields["numbers"][0]
    assert Place.objects.count() == 2


def test_the_number_of_a_closed_stall_is_free_again(manager, market):
    (old,) = stalls.open_stalls(manager, market=market, numbers="A01")
    places.close_stall(manager, place=old)
    (new,) = stalls.open_stalls(manager, market=market, numbers="A01")
    assert public_codes.look_up(old.token).state == "active"
    assert new.token != old.token


def test_another_markets_manager_opens_nothing_here(market):
    other = actor_with(Role.MARKET_MANAGER, market=MarketFactory())
    with pytest.raises(NotFound):
        stalls.open_stalls(other, market=market, numbers="A01")
    with pytest.raises(NotYourJob):
        stalls.open_stalls(actor_with(Role.VENDOR, place=StallFactory()), market=market, numbers="A01")


def test_an_unknown_zone_is_refused(manager, market):
    with pytest.raises(Invalid) as refusal:
        stalls.open_stalls(manager, market=market, numbers="?", zone="玩具区")
    assert set(refusal.value.fields) == {"zone"}


def test_a_stall_is_renumbered_unless_the_number_is_taken(manager, market):
    one, two = stalls.open_stalls(manager, market=market, numbers="A01 A02")
    stalls.change_stall(manager, place=one, stall_no="b7", zone="水产区")
    one.refresh_from_db()
    assert (one.stall_no, one.zone) == ("B7", "水产区")
    with pytest.raises(Invalid) as refusal:
        stalls.change_stall(manager, place=two, stall_no="B7")
    assert set(refusal.value.fields) == {"stall_no"}


def test_moving_in_gives_the_keeper_an_account_and_the_role(manager, market):
    stall = StallFactory(market=market, vacant=True)
    agreement = Agreement(signed_on=TODAY, ends_on=dt.date(2027, 11, 21))
    occupancy = moved_in(manager, stall, agreement=agreement, keeper=Keeper(name="陈旺", phone="139 0000 0001"))
    stall.refresh_from_db()
    assert (stall.state, stall.name, stall.name_initials) == ("active", "旺记蔬菜", "wjsc")
    assert stall.organisation == occupancy.organisation
    assert occupancy.agreement_valid_on(TODAY)
    grant = Grant.objects.get(place=stall)
    assert (grant.role, grant.account.name, grant.organisation) == ("vendor", "陈旺", stall.organisation)


def test_nothing_is_kept_of_a_move_in_whose_keeper_is_refused(manager, market):
    stall = StallFactory(market=market, vacant=True)
    with pytest.raises(Invalid) as refusal:
        moved_in(manager, stall, keeper=Keeper(name="陈旺", phone="12"))
    assert set(refusal.value.fields) == {"phone"}
    assert not Occupancy.objects.exists()
    assert not Account.objects.filter(name="陈旺", must_change_password=True).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trade_name": " "}, "trade_name"),
        ({"started_on": dt.date(2026, 11, 23)}, "started_on"),
        ({"agreement": Agreement(ends_on=TODAY)}, "signed_on"),
        ({"agreement": Agreement(signed_on=dt.date(2026, 12, 1))}, "signed_on"),
        ({"agreement": Agreement(signed_on=TODAY, ends_on=TODAY)}, "ends_on"),
    ],
)
def test_a_move_in_that_cannot_be_says_where(manager, market, changes, field):
    with pytest.raises(Invalid) as refusal:
        moved_in(manager, StallFactory(market=market, vacant=True), **changes)
    assert set(refusal.value.fields) == {field}


def test_two_do_not_keep_one_stall(manager, market):
    stall = StallFactory(market=market)
    with pytest.raises(occupancies.Taken, match="旺记蔬菜"):
        moved_in(manager, stall)


def test_moving_out_leaves_the_stall_vacant_and_its_code_in_use(manager, market):
    stall = StallFactory(market=market, public_phone="13900000000")
    keeper = account_with(Role.VENDOR, place=stall)
    scale = DeviceFactory(place=stall)
    before = keeper.session_epoch
    occupancies.move_out(manager, place=stall, ended_on=TODAY)
    stall.refresh_from_db()
    keeper.refresh_from_db()
    scale.refresh_from_db()
    assert (stall.state, stall.name, stall.organisation, stall.public_phone) == ("vacant", "", None, "")
    assert public_codes.look_up(stall.token).state == "active"
    assert not Grant.objects.current().filter(place=stall).exists()
    assert keeper.session_epoch > before
    assert (scale.place, scale.market, scale.state) == (None, market, Device.State.ACTIVE)


def test_the_next_keeper_does_not_overlap_the_last(manager, market):
    stall = StallFactory(market=market)
    occupancies.move_out(manager, place=stall, ended_on=dt.date(2026, 11, 20))
    with pytest.raises(Invalid):
        moved_in(manager, stall, started_on=dt.date(2026, 11, 19))
    moved_in(manager, stall, started_on=dt.date(2026, 11, 20))
    assert stall.occupancies.count() == 2


def test_nobody_moves_out_of_a_vacant_stall(manager, market):
    with pytest.raises(occupancies.NobodyThere):
        occupancies.move_out(manager, place=StallFactory(market=market, vacant=True), ended_on=TODAY)


@pytest.mark.parametrize("ended_on", [dt.date(2025, 12, 31), dt.date(2026, 11, 23)])
def test_a_keeper_leaves_neither_before_coming_nor_in_the_future(manager, market, ended_on):
    with pytest.raises(Invalid) as refusal:
        occupancies.move_out(manager, place=StallFactory(market=market), ended_on=ended_on)
    assert set(refusal.value.fields) == {"ended_on"}


def test_a_renewed_agreement_replaces_the_old_and_the_history_keeps_it(manager, market):
    stall = StallFactory(market=market, occupancy__agreement_signed_on=dt.date(2025, 1, 1))
    occupancy = occupancies.renew_agreement(manager, place=stall, agreement=Agreement(signed_on=TODAY))
    assert occupancy.agreement_signed_on == TODAY
    assert [row.agreement_signed_on for row in occupancy.history.all()] == [TODAY, dt.date(2025, 1, 1)]


def test_a_kept_stall_is_not_closed(manager, market):
    with pytest.raises(places.StillKept):
        places.close_stall(manager, place=StallFactory(market=market))


def test_a_suspended_stall_opens_again(manager, market):
    stall = StallFactory(market=market)
    assert places.suspend(manager, place=stall).state == "suspended"
    assert places.resume(manager, place=stall).state == "active"
    with pytest.raises(IllegalMove):
        places.resume(manager, place=stall)


def test_a_keeper_describes_the_own_stall_and_its_page_is_drawn_anew(market):
    stall = StallFactory(market=market)
    keeper = actor_with(Role.VENDOR, place=stall)
    places.describe(keeper, place=stall, words="旺记水果", public_phone="13900000000")
    stall.refresh_from_db()
    assert (stall.name, stall.name_initials, stall.public_phone) == ("旺记水果", "wjsg", "13900000000")
    assert public_codes.look_up(stall.token).version == 2
    with pytest.raises(NotFound):
        places.describe(keeper, place=StallFactory(market=market), words="x")


def test_a_replaced_code_leads_on_and_the_reason_is_kept(manager, market):
    stall = StallFactory(market=market)
    old = stall.token
    new = codes.replace_code(manager, place=stall, reason="牌子被撕")
    stall.refresh_from_db()
    assert (stall.token, stall.typed_code) == (new.token, new.typed_code)
    assert public_codes.look_up(old).replaced_by == new.token
    assert stall.history.first().history_change_reason == "牌子被撕"


def test_a_retired_code_can_be_followed_by_a_new_one(manager, market):
    stall = StallFactory(market=market)
    old = stall.token
    codes.retire_code(manager, place=stall, reason="被人复制")
    assert public_codes.look_up(old).state == "retired"
    new = codes.replace_code(manager, place=stall, reason="重新启用")
    assert (public_codes.look_up(old).state, new.state) == ("retired", "active")


def test_a_code_is_changed_with_a_reason_only(manager, market):
    with pytest.raises(Invalid) as refusal:
        codes.replace_code(manager, place=StallFactory(market=market), reason=" ")
    assert set(refusal.value.fields) == {"reason"}


@pytest.mark.parametrize("q", ["A07", "a07", "旺记", "wangji", "wjsc", "陈阿", "蔬菜行", "typed"])
def test_a_stall_is_found_by_number_name_letters_keeper_trader_and_code(manager, market, q):
    organisation = OrganisationFactory(name="三水蔬菜行有限公司")
    stall = StallFactory(market=market, stall_no="A07", organisation=organisation)
    GrantFactory(role=Role.VENDOR, place=stall, account__name="陈阿妹")
    StallFactory(market=market, stall_no="B01", name="海鲜", organisation__name="水产经营部")
    q = stall.typed_code if q == "typed" else q
    assert list(narrowed(places_for(manager), Narrowing(q=q), TODAY)) == [stall]


def test_stalls_are_narrowed_by_their_agreement(manager, market):
    def kept(**agreement):
        return StallFactory(market=market, **{f"occupancy__{name}": value for name, value in agreement.items()})

    missing = kept()
    signed = dt.date(2025, 12, 1)
    expired = kept(agreement_signed_on=signed, agreement_ends_on=dt.date(2026, 11, 21))
    expiring = kept(agreement_signed_on=signed, agreement_ends_on=dt.date(2026, 12, 10))
    kept(agreement_signed_on=signed, agreement_ends_on=dt.date(2027, 12, 10))
    StallFactory(market=market, vacant=True)
    found = {
        which: list(narrowed(places_for(manager), Narrowing(agreement=which), TODAY))
        for which in ("missing", "expired", "expiring")
    }
    assert found == {"missing": [missing], "expired": [expired], "expiring": [expiring]}


def test_a_trader_sees_the_own_time_at_a_stall_only(manager, market):
    stall = StallFactory(market=market)
    occupancies.move_out(manager, place=stall, ended_on=TODAY)
    moved_in(manager, stall)
    stall.refresh_from_db()
    keeper = actor_with(Role.VENDOR, place=stall)
    assert [row.organisation for row in occupancies_of(keeper, stall)] == [stall.organisation]
    assert occupancies_of(manager, stall).count() == 2
