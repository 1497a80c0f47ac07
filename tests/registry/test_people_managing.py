"""People: enrolled, given roles, gone; each manager within reach and no further."""

import re

import pytest

from kit.refusals import Invalid, NotFound
from registry.models import ApiSession, Grant, Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.selectors.people import people_for, person_for
from registry.services import accounts, grants, notices, tickets
from registry.services.grants import NotYourOwn
from registry.services.sign_in import start_api_session
from tests.factories.registry import (
    DISTRICT,
    AccountFactory,
    ElsewhereFactory,
    GrantFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    account_with,
    actor_with,
)
from tests.registry.people import PHONE, enrolled, signed_in

pytestmark = pytest.mark.django_db


class TestEnrolling:
    def test_gives_an_account_without_a_password(self, manager, stall):
        person = enrolled(actor_for(manager), stall)
        assert person.must_change_password
        assert not person.has_usable_password()
        assert re.fullmatch(r"liqiu\d{4}", person.username)
        grant = person.grants.get()
        assert (grant.place, grant.organisation, grant.granted_by) == (stall, stall.organisation, manager)

    def test_twice_does_it_once(self, manager, stall):
        assert enrolled(actor_for(manager), stall) == enrolled(actor_for(manager), stall)
        assert Grant.objects.filter(role=Role.VENDOR).count() == 1

    def test_a_known_phone_gets_a_further_role(self, manager, stall, vendor):
        other = StallFactory(market=stall.market)
        assert enrolled(actor_for(manager), other, name="陈旺", phone="+86 139 1234 5678") == vendor
        assert vendor.grants.count() == 2

    def test_a_known_phone_with_another_name_is_refused(self, manager, stall, vendor):
        with pytest.raises(Invalid) as refused:
            enrolled(actor_for(manager), stall, phone=PHONE)
        assert "phone" in refused.value.fields

    def test_a_user_name_that_is_taken_is_refused_at_its_field(self, manager, stall, vendor):
        with pytest.raises(Invalid) as refused:
            enrolled(actor_for(manager), stall, username="ChenWang")
        assert refused.value.fields.keys() == {"username"}

    @pytest.mark.parametrize("phone", ["", "12345", "not a phone"])
    def test_without_a_phone_nobody_signs_in(self, manager, stall, phone):
        with pytest.raises(Invalid) as refused:
            enrolled(actor_for(manager), stall, phone=phone)
        assert refused.value.fields.keys() == {"phone"}


class TestReach:
    @pytest.mark.parametrize(
        ("giver", "role"),
        [
            (Role.MARKET_MANAGER, Role.TOWN_OFFICER),
            (Role.MARKET_MANAGER, Role.DISTRICT_OFFICER),
            (Role.MARKET_MANAGER, Role.SUPPORT),
            (Role.TOWN_OFFICER, Role.DISTRICT_OFFICER),
            (Role.DISTRICT_OFFICER, Role.AUDITOR),
            (Role.DISTRICT_OFFICER, Role.SUPPORT),
            (Role.VENDOR, Role.WHOLESALER),
            (Role.VENDOR, Role.MARKET_MANAGER),
        ],
    )
    def test_nobody_gives_a_role_above_the_own(self, giver, role, market, stall):
        scopes = {
            Role.MARKET_MANAGER: {"market": market},
            Role.TOWN_OFFICER: {"town": market.town},
            Role.VENDOR: {"place": stall},
        }
        actor = actor_with(giver, **scopes.get(giver, {}))
        with pytest.raises(NotFound):
            grants.give(actor, account=AccountFactory(), role=role, district_id=DISTRICT, **scopes.get(role, {}) | (
                {"place": stall} if role is Role.WHOLESALER else {}))  # fmt: skip

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TESTER, Role.AUDITOR, Role.FINANCE, Role.REVIEWER])
    def test_who_manages_nobody_gives_nothing(self, role, stall):
        with pytest.raises(NotYourJob):
            enrolled(actor_with(role), stall)

    def test_a_manager_gives_roles_in_the_own_market_only(self, manager):
        with pytest.raises(NotFound):
            enrolled(actor_for(manager), StallFactory())

    def test_a_town_officer_gives_roles_in_the_own_town_only(self):
        officer = actor_with(Role.TOWN_OFFICER, town=StoreFactory().town)
        given = enrolled(officer, StoreFactory(), role=Role.STORE_MANAGER)
        assert given.grants.get().role == Role.STORE_MANAGER
        with pytest.raises(NotFound):
            enrolled(officer, StoreFactory(town=OtherTownFactory()), role=Role.STORE_MANAGER)

    def test_no_district_reaches_another(self):
        support = actor_with(Role.SUPPORT)
        place = StoreFactory(town=ElsewhereFactory())
        with pytest.raises(NotFound):
            enrolled(support, place, role=Role.STORE_MANAGER, district_id=place.district_id)

    def test_a_trader_brings_in_staff_for_the_own_stall(self, vendor, stall):
        helper = enrolled(actor_for(vendor), stall, title="帮工")
        assert helper.grants.get().title == "帮工"
        with pytest.raises(NotFound):
            enrolled(actor_for(vendor), StallFactory(market=stall.market))

    def test_nobody_changes_their_own_roles(self, manager, stall):
        with pytest.raises(NotYourOwn):
            grants.give(actor_for(manager), account=manager, role=Role.VENDOR, place=stall, district_id=DISTRICT)
        with pytest.raises(NotYourOwn):
            grants.end(actor_for(manager), grant=manager.grants.get())

    def test_a_role_needs_the_scope_it_has(self, market, stall):
        support = actor_with(Role.SUPPORT)
        for role, scope, field in [
            (Role.VENDOR, {}, "place"),
            (Role.STORE_MANAGER, {"place": stall}, "place"),
            (Role.AUDITOR, {"place": stall}, "place"),
            (Role.MARKET_MANAGER, {}, "market"),
            (Role.TOWN_OFFICER, {}, "town"),
        ]:
            with pytest.raises(Invalid) as refused:
                grants.give(support, account=AccountFactory(), role=role, district_id=DISTRICT, **scope)
            assert refused.value.fields.keys() == {field}


class TestList:
    def test_shows_whom_one_manages_and_nobody_else(self, manager, vendor, stall):
        account_with(Role.VENDOR, place=StallFactory())
        officer = account_with(Role.DISTRICT_OFFICER)
        assert set(people_for(actor_for(manager))) == {manager, vendor}
        assert set(people_for(actor_for(vendor))) == {vendor}
        assert {manager, vendor, officer} < set(people_for(actor_for(officer)))

    @pytest.mark.parametrize("q", ["陈", "chenw", PHONE, "139 1234 5678", "5678"])
    def test_is_searched_by_name_or_phone(self, manager, vendor, q):
        assert list(people_for(actor_for(manager), q=q)) == [vendor]

    def test_says_nothing_to_part_of_a_phone(self, manager, vendor):
        assert not people_for(actor_for(manager), q="13912")

    def test_keeps_those_who_left_apart(self, manager, vendor):
        actor = actor_for(manager)
        accounts.leave(actor, account=vendor)
        assert vendor not in people_for(actor)
        assert list(people_for(actor, left=True)) == [vendor]

    def test_a_page_asks_a_fixed_number_of_times(self, manager, stall, django_assert_max_num_queries):
        for n in range(6):
            enrolled(actor_for(manager), stall, name=f"李{n}", phone=f"1370000010{n}")
        client = signed_in(manager)
        with django_assert_max_num_queries(14):
            page = client.get("/desk/people")
        assert page.context["count"] == 7

    def test_a_page_and_its_export_mask_phones(self, manager, vendor):
        client = signed_in(manager)
        assert PHONE not in client.get("/desk/people").content.decode()
        exported = b"".join(client.get("/desk/people.csv").streaming_content).decode("utf-8-sig")
        assert PHONE not in exported
        assert "139****5678" in exported


class TestLeaving:
    def test_ends_everything(self, manager, vendor):
        actor = actor_for(manager)
        _, secret = tickets.show_ticket(actor, account=vendor)
        notices.notify([vendor], district_id=DISTRICT, kind="role_given", data={"role": "vendor"}, once_key="a")
        start_api_session(vendor)
        accounts.leave(actor, account=vendor)
        vendor.refresh_from_db()
        assert not vendor.is_active
        assert vendor.left_at
        assert not vendor.grants.current().exists()
        assert not Notice.objects.filter(account=vendor, read_at__isnull=True).exists()
        with pytest.raises(tickets.TicketSpent):
            tickets.use_ticket(secret)
        assert ApiSession.objects.get().session_epoch < vendor.session_epoch

    def test_one_market_leaves_the_role_at_another(self, manager, vendor):
        elsewhere = GrantFactory(role=Role.VENDOR, place=StallFactory(), account=vendor)
        accounts.leave(actor_for(manager), account=vendor)
        vendor.refresh_from_db()
        assert vendor.is_active
        assert vendor.grants.current().get() == elsewhere

    def test_somebody_out_of_reach_is_not_found(self, manager):
        stranger = account_with(Role.VENDOR, place=StallFactory())
        with pytest.raises(NotFound):
            accounts.leave(actor_for(manager), account=stranger)
        with pytest.raises(NotFound):
            person_for(actor_for(manager), stranger.id)

    def test_somebody_who_left_comes_back_only_through_support(self, manager, vendor, stall):
        accounts.leave(actor_for(manager), account=vendor)
        with pytest.raises(Invalid):
            enrolled(actor_for(manager), stall, name="陈旺", phone=PHONE)
