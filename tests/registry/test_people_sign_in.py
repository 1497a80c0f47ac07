"""Signing in: by user name or phone, slowed down for guessers, ended when something changes."""

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from registry import lockout
from registry.models import Account
from registry.roles import Role
from registry.services import accounts, grants
from tests.factories.registry import (
    DISTRICT,
    PASSWORD,
    AccountFactory,
    GrantFactory,
    MarketFactory,
    StallFactory,
    account_with,
    actor_with,
)
from tests.registry.people import sign_in, signed_in

pytestmark = pytest.mark.django_db
WRONG = "not the pass phrase"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def vendor():
    return GrantFactory(
        role=Role.VENDOR, place=StallFactory(), account=AccountFactory(username="chenwang", phone="13912345678")
    ).account


@pytest.mark.parametrize("name", ["chenwang", "ChenWang", " chenwang ", "13912345678", "+86 139-1234-5678"])
def test_a_user_name_or_a_phone_in_any_writing_signs_in(vendor, name):
    client = Client()
    answer = sign_in(client, name)
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert client.get("/desk/me").context["user"] == vendor


def test_where_one_was_going_is_where_one_lands(vendor):
    assert Client().get("/desk/notices?show=unread")["Location"] == "/signin?next=/desk/notices%3Fshow%3Dunread"
    assert sign_in(Client(), "chenwang", next="/desk/notices?show=unread")["Location"] == "/desk/notices?show=unread"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(vendor, elsewhere):
    assert sign_in(Client(), "chenwang", next=elsewhere)["Location"] == "/desk/"


def test_a_wrong_password_and_an_unknown_name_answer_alike(vendor):
    answers = [sign_in(Client(), name, WRONG) for name in ("chenwang", "nobody", "13900000000")]
    assert {answer.status_code for answer in answers} == {422}
    said = [answer.context["form"].non_field_errors() for answer in answers]
    assert said[0] == said[1] == said[2]


def test_an_unknown_name_costs_as_much_hashing_as_a_wrong_password(vendor, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda self, password, salt: hashed.append(password) or f"md5${salt}$x",
    )
    counts = []
    for name in ("chenwang", "nobody"):
        hashed.clear()
        sign_in(Client(), name, WRONG)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_an_account_that_was_closed_does_not_sign_in(vendor):
    Account.objects.update(is_active=False)
    assert sign_in(Client(), "chenwang").status_code == 422


class TestLockOut:
    def locked(self, **more):
        client = Client()
        for _ in range(5):
            answer = sign_in(client, "chenwang", WRONG, **more)
        return answer

    def test_the_fifth_wrong_password_locks_and_says_for_how_long(self, vendor):
        answer = self.locked()
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 900
        assert "15" in answer.content.decode()

    def test_then_even_the_right_password_waits_by_name_or_phone(self, vendor):
        self.locked()
        assert sign_in(Client(), "chenwang").status_code == 429
        assert sign_in(Client(), "13912345678").status_code == 429

    def test_trying_meanwhile_does_not_lengthen_the_wait(self, vendor):
        self.locked()
        before = AccessAttempt.objects.get().attempt_time
        sign_in(Client(), "chenwang", WRONG)
        assert AccessAttempt.objects.get().attempt_time == before

    def test_somebody_else_at_the_same_address_signs_in(self, vendor):
        self.locked()
        assert sign_in(Client(), AccountFactory().username).status_code == 303

    def test_what_was_typed_is_nowhere_kept_in_clear(self, vendor):
        sign_in(Client(), "13912345678", WRONG)
        sign_in(Client(), "13812345678", WRONG)
        kept = str(list(AccessAttempt.objects.values()))
        assert "13912345678" not in kept
        assert "13812345678" not in kept
        assert WRONG not in kept

    def test_many_names_from_one_address_are_slowed_down(self, vendor, monkeypatch):
        monkeypatch.setattr(lockout, "BY_ADDRESS", lockout.Misses("test", limit=3, window=900))
        for n in range(3):
            sign_in(Client(), f"guess{n}", WRONG)
        assert sign_in(Client(), "chenwang").status_code == 429
        assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "chenwang").status_code == 303

    def test_one_name_from_many_addresses_is_slowed_down(self, vendor, monkeypatch):
        monkeypatch.setattr(lockout, "BY_NAME", lockout.Misses("test", limit=3, window=900))
        for n in range(3):
            sign_in(Client(REMOTE_ADDR=f"10.0.0.{n}"), "chenwang", WRONG)
        assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "13912345678").status_code == 429


class TestSessionsEnd:
    @pytest.fixture
    def manager(self, vendor):
        return actor_with(Role.MARKET_MANAGER, market=vendor.grants.get().place.market)

    def is_in(self, client):
        return client.get("/desk/notices").status_code == 200

    def test_on_signing_out(self, vendor):
        client = signed_in(vendor)
        assert client.post("/signout").status_code == 303
        assert not self.is_in(client)

    def test_on_a_new_password_but_not_where_it_was_chosen(self, vendor):
        here, there = signed_in(vendor), signed_in(vendor)
        new = {"old": PASSWORD, "new": "another phrase 7", "again": "another phrase 7"}
        assert here.post("/desk/me/password", new).status_code == 303
        assert self.is_in(here)
        assert not self.is_in(there)

    def test_when_a_role_is_given(self, vendor, manager):
        client = signed_in(vendor)
        another = StallFactory(market=vendor.grants.get().place.market)
        grants.give(manager, account=vendor, role=Role.VENDOR, place=another, district_id=DISTRICT)
        assert not self.is_in(client)

    def test_when_a_role_ends(self, vendor, manager):
        client = signed_in(vendor)
        grants.end(manager, grant=vendor.grants.get())
        assert not self.is_in(client)

    def test_on_leaving(self, vendor, manager):
        client = signed_in(vendor)
        accounts.leave(manager, account=vendor)
        assert not self.is_in(client)
        assert sign_in(Client(), "chenwang").status_code == 422


class TestPassword:
    def change(self, client, **fields):
        asked = {"old": PASSWORD, "new": "another phrase 7", "again": "another phrase 7", **fields}
        return client.post("/desk/me/password", asked)

    def test_the_present_one_is_asked_for(self, vendor):
        answer = self.change(signed_in(vendor), old=WRONG)
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"old"}

    @pytest.mark.parametrize("weak", ["short", "password123", "chenwang1"])
    def test_a_weak_one_is_refused_at_its_field(self, vendor, weak):
        answer = self.change(signed_in(vendor), new=weak, again=weak)
        assert answer.context["form"].errors.keys() == {"new"}

    def test_the_two_must_agree(self, vendor):
        assert self.change(signed_in(vendor), again="something else 8").context["form"].errors.keys() == {"again"}

    def test_the_new_one_signs_in(self, vendor):
        self.change(signed_in(vendor))
        assert sign_in(Client(), "chenwang", "another phrase 7").status_code == 303
        assert not AccessAttempt.objects.exists()

    def test_no_history_keeps_a_password(self, vendor):
        assert "password" not in {field.name for field in Account.history.model._meta.fields}


class TestDemoPicker:
    def test_signs_in_with_one_tap(self, vendor, settings):
        settings.DEMO = True
        page = Client().get("/signin").content.decode()
        assert 'value="chenwang"' in page
        client = Client()
        assert client.post("/demo/sign-in", {"username": "chenwang"})["Location"] == "/desk/"
        assert client.get("/desk/me").status_code == 200

    def test_does_not_exist_outside_the_demo(self, vendor, settings):
        settings.DEMO = False
        assert "chenwang" not in Client().get("/signin").content.decode()
        assert Client().post("/demo/sign-in", {"username": "chenwang"}).status_code == 404


def test_public_pages_look_at_no_session(vendor, django_assert_num_queries):
    client = signed_in(vendor)
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert "Cookie" not in answer.get("Vary", "")


def test_signed_in_pages_are_kept_by_nobody(vendor):
    assert "no-store" in signed_in(vendor).get("/desk/me")["Cache-Control"]


def test_htmx_is_sent_to_sign_in_as_a_whole_page():
    answer = Client(headers={"HX-Request": "true"}).get("/desk/notices")
    assert answer["HX-Redirect"].startswith("/signin")


def test_a_person_works_at_the_place_chosen_last(vendor):
    other = StallFactory(stall_no="Z99")
    GrantFactory(role=Role.VENDOR, place=other, account=vendor)
    client = signed_in(vendor)
    first = client.get("/desk/me").context["place"]
    assert client.post("/desk/me/place", {"place": str(other.id), "next": "/desk/me"})["Location"] == "/desk/me"
    assert client.get("/desk/me").context["place"]["label"].startswith("Z99") != first["label"].startswith("Z99")
    assert client.post("/desk/me/place", {"place": str(StallFactory().id)}).status_code == 404


def test_language_theme_and_care_are_the_persons_own(vendor):
    client = signed_in(vendor)
    client.post("/desk/me", {"language": "en", "theme": "dark", "care": "on"})
    page = client.get("/desk/me")
    assert page["Content-Language"] == "en"
    assert 'data-theme="dark" data-care' in page.content.decode()


def test_each_role_opens_its_own_desk():
    market = MarketFactory()
    client = signed_in(account_with(Role.AUDITOR))
    assert client.get("/desk/")["Location"] == "/desk/audit"
    assert signed_in(account_with(Role.COORDINATOR, market=market)).get("/desk/")["Location"] == "/desk/coordinator"
    assert signed_in(AccountFactory()).get("/desk/").status_code == 200
