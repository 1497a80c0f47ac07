"""People: enrolled, given roles, let in again, corrected, gone; each manager within reach and no further."""

import datetime as dt
import re

import pytest
from django.test import Client

from kit import clock
from kit.refusals import Invalid, NotFound
from kit.tradeday import CHINA
from registry.models import Account, ApiSession, Grant, Notice, PrivateView, SignInTicket
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.selectors.people import people_for, person_for
from registry.services import accounts, grants, notices, tickets
from registry.services.grants import NotYourOwn
from registry.services.sign_in import start_api_session
from tests.factories.registry import (
    DISTRICT,
    TOWN,
    AccountFactory,
    ElsewhereFactory,
    GrantFactory,
    MarketFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    account_with,
    actor_with,
)
from tests.registry.people import sign_in, signed_in

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


@pytest.fixture
def market():
    return MarketFactory()


@pytest.fixture
def manager(market):
    return account_with(Role.MARKET_MANAGER, market=market, account__name="何玲")


@pytest.fixture
def stall(market):
    return StallFactory(market=market)


@pytest.fixture
def vendor(stall):
    person = AccountFactory(username="chenwang", name="陈旺", phone=PHONE)
    return GrantFactory(role=Role.VENDOR, place=stall, account=person).account


def enrolled(actor, place, **changes):
    asked = {"name": "李秋", "phone": "13700000001", "role": Role.VENDOR, "district_id": DISTRICT, **changes}
    return accounts.enrol(actor, place=place, **asked)


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


class TestTickets:
    def test_let_a_person_in_once_to_choose_a_password(self, manager, vendor):
        _, secret = tickets.show_ticket(actor_for(manager), account=vendor)
        client = Client()
        assert client.get(f"/signin/once/{secret}").status_code == 200
        assert client.post(f"/signin/once/{secret}")["Location"] == "/desk/me/password"
        assert client.get("/desk/")["Location"] == "/desk/me/password"
        new = {"new": "another phrase 7", "again": "another phrase 7"}
        assert client.post("/desk/me/password", new)["Location"] == "/desk/"
        assert client.get("/desk/me").status_code == 200
        assert sign_in(Client(), "chenwang", "another phrase 7").status_code == 303
        assert Client().post(f"/signin/once/{secret}").status_code == 409

    def test_end_after_ten_minutes(self, manager, vendor):
        with clock.freeze(dt.datetime(2026, 11, 22, 6, 0, tzinfo=CHINA)):
            ticket, secret = tickets.show_ticket(actor_for(manager), account=vendor)
        assert ticket.expires_at - ticket.made_at == dt.timedelta(minutes=10)
        with clock.freeze(dt.datetime(2026, 11, 22, 6, 10, tzinfo=CHINA)), pytest.raises(tickets.TicketSpent):
            tickets.use_ticket(secret)

    def test_a_new_one_ends_the_earlier(self, manager, vendor):
        _, first = tickets.show_ticket(actor_for(manager), account=vendor)
        _, second = tickets.show_ticket(actor_for(manager), account=vendor)
        with pytest.raises(tickets.TicketSpent):
            tickets.use_ticket(first)
        assert tickets.use_ticket(second) == vendor

    def test_an_unknown_one_answers_like_a_used_one(self):
        assert Client().post("/signin/once/never-made").status_code == 409

    def test_the_database_keeps_no_secret(self, manager, vendor):
        _, secret = tickets.show_ticket(actor_for(manager), account=vendor)
        assert len(secret) >= 22
        assert secret not in str(SignInTicket.objects.values())

    def test_are_no_way_to_roles_one_cannot_give(self, manager, vendor):
        GrantFactory(role=Role.DISTRICT_OFFICER, account=vendor)
        with pytest.raises(accounts.NotInYourCharge):
            tickets.show_ticket(actor_for(manager), account=vendor)
        with pytest.raises(accounts.NotInYourCharge):
            accounts.correct(actor_for(manager), account=vendor, name="陈旺", phone="13700000009")

    def test_the_managers_page_shows_a_code_until_it_is_used(self, manager, vendor):
        client = signed_in(manager)
        shown = client.post(f"/desk/people/{vendor.id}/sign-in")
        assert shown.status_code == 303
        page = client.get(shown["Location"])
        secret = page.context["url"].rsplit("/", 1)[1]
        assert "<svg" in page.content.decode()
        assert "qr" in client.get(shown["Location"]).context
        tickets.use_ticket(secret)
        assert "qr" not in client.get(shown["Location"]).context


class TestPages:
    def test_a_manager_enrols_somebody_at_a_stall(self, manager, stall):
        client = signed_in(manager)
        assert "?role=vendor" in client.get("/desk/people/new").content.decode()
        at = f"/desk/people/new?role=vendor&at={stall.id}"
        assert client.get(at).status_code == 200
        asked = {"reach": str(stall.id), "name": "李秋", "phone": "13700000001"}
        saved = client.post(at, asked)
        person = Account.objects.get(name="李秋")
        assert saved["Location"] == f"/desk/people/{person.id}"
        assert client.get(saved["Location"]).status_code == 200

    def test_with_one_place_there_is_nothing_to_choose(self, vendor):
        page = signed_in(vendor).get("/desk/people/new")
        assert "form" in page.context

    def test_with_many_places_one_is_looked_for(self, manager, stall):
        StallFactory(market=stall.market, stall_no="B77", name="李记水产")
        client = signed_in(manager)
        assert client.get("/desk/people/new?role=vendor").context["count"] == 2
        assert client.get("/desk/people/new?role=vendor&q=b77").context["count"] == 1
        assert client.get("/desk/people/new?role=vendor&q=ljsc").context["count"] == 1

    def test_an_officer_makes_a_town_officer(self):
        officer = account_with(Role.DISTRICT_OFFICER)
        town = MarketFactory().town
        person = account_with(Role.COORDINATOR)
        client = signed_in(officer)
        assert client.get(f"/desk/people/{person.id}/roles?role=town_officer").status_code == 200
        client.post(f"/desk/people/{person.id}/roles?role=town_officer", {"reach": f"town:{town.code}"})
        assert person.grants.filter(role=Role.TOWN_OFFICER, town=TOWN).exists()

    def test_a_mistake_comes_back_on_the_form(self, manager, stall, vendor):
        asked = {"reach": str(stall.id), "name": "李秋", "phone": PHONE}
        answer = signed_in(manager).post(f"/desk/people/new?role=vendor&at={stall.id}", asked)
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"phone"}

    def test_a_role_one_may_not_give_cannot_be_asked_for(self, manager):
        page = signed_in(manager).get("/desk/people/new?role=auditor")
        assert page.templates[0].name == "registry/role_pick.html"

    def test_name_and_phone_are_corrected(self, manager, vendor):
        client = signed_in(manager)
        assert client.get(f"/desk/people/{vendor.id}/edit").status_code == 200
        client.post(f"/desk/people/{vendor.id}/edit", {"name": "陈旺旺", "phone": "13700000002"})
        vendor.refresh_from_db()
        assert (vendor.name, vendor.phone) == ("陈旺旺", "13700000002")
        assert vendor.history.count() == 2

    def test_a_role_is_ended_after_asking(self, manager, vendor):
        grant = vendor.grants.get()
        client = signed_in(manager)
        url = f"/desk/people/{vendor.id}/roles/{grant.id}/end"
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 303
        grant.refresh_from_db()
        assert grant.ended_at

    def test_somebody_leaves_after_asking(self, manager, vendor):
        client = signed_in(manager)
        assert client.get(f"/desk/people/{vendor.id}/leave").status_code == 200
        assert client.post(f"/desk/people/{vendor.id}/leave")["Location"] == "/desk/people"
        assert client.get("/desk/people?left").context["count"] == 1


class TestLooking:
    def look(self, account, vendor, reason="核对投诉"):
        return signed_in(account).post(f"/desk/people/{vendor.id}/phone", {"reason": reason})

    def test_a_whole_phone_is_shown_for_a_reason_and_on_the_record(self, manager, vendor):
        assert PHONE in self.look(manager, vendor).content.decode()
        view = PrivateView.objects.get()
        assert (view.account_id, view.subject_id, view.field, view.reason) == (
            manager.id,
            vendor.id,
            "phone",
            "核对投诉",
        )
        assert view.request_id

    def test_without_a_reason_nothing_is_shown(self, manager, vendor):
        answer = self.look(manager, vendor, reason=" ")
        assert answer.status_code == 422
        assert PHONE not in answer.content.decode()
        assert not PrivateView.objects.exists()

    def test_a_trader_does_not_look_at_the_staffs_numbers(self, vendor, stall):
        helper = enrolled(actor_for(vendor), stall)
        assert self.look(vendor, helper).status_code == 403

    def test_nobody_looks_beyond_their_reach(self, vendor):
        other = account_with(Role.MARKET_MANAGER, market=MarketFactory())
        assert self.look(other, vendor).status_code == 404
        assert not PrivateView.objects.exists()

    def test_auditors_read_search_and_export_the_log(self, manager, vendor):
        self.look(manager, vendor)
        client = signed_in(account_with(Role.AUDITOR))
        page = client.get("/desk/audit/private-views")
        assert "核对投诉" in page.content.decode()
        assert client.get("/desk/audit/private-views?q=nobody").context["count"] == 0
        assert client.get("/desk/audit/private-views?field=id_number").context["count"] == 0
        assert client.get("/desk/audit/private-views?since=2020-01-01").context["count"] == 1
        exported = b"".join(client.get("/desk/audit/private-views.csv").streaming_content)
        assert "核对投诉" in exported.decode()
        assert client.get("/desk/audit").context["latest"]
