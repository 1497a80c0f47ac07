"""The pages of people, and looking at a hidden number."""

import pytest

from registry.models import Account, PrivateView
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.registry import (
    TOWN,
    MarketFactory,
    StallFactory,
    account_with,
)
from tests.registry.people import PHONE, enrolled, signed_in

pytestmark = pytest.mark.django_db


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
