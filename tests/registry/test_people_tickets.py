"""One-time sign-in: for somebody new or forgetful, once, for ten minutes."""

import datetime as dt

import pytest
from django.test import Client

from kit import clock
from kit.tradeday import CHINA
from registry.models import SignInTicket
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.services import accounts, tickets
from tests.factories.registry import (
    GrantFactory,
)
from tests.registry.people import sign_in, signed_in

pytestmark = pytest.mark.django_db


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
