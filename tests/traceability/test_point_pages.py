"""Test points, their testers, instruments and kits, through their pages."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from registry.models import Notice
from registry.roles import Role
from tests.factories.registry import (
    DeviceFactory,
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    account_with,
)
from tests.factories.testing import TestItemFactory as ItemFactory
from tests.factories.testing import TestKitFactory as KitFactory
from tests.factories.testing import TestPointFactory as PointFactory
from tests.factories.traceability import TODAY, officer
from tests.traceability.at_points import DAY, listed, placed_at
from tests.traceability.goods import batch_at
from traceability.models import PointStaff, RapidTest
from traceability.models import TestKit as Kit
from traceability.models import TestPoint as Point
from traceability.refusals import NotOnStaff
from traceability.services import point_reminders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
TRAINED = {"trained_on": "2026-03-01", "trained_until": "2027-02-28"}


@pytest.fixture
def as_manager(client, market):
    client.force_login(account_with(Role.MARKET_MANAGER, market=market))
    return client


@pytest.fixture
def as_district(client):
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    return client


@pytest.fixture
def as_tester(client, market):
    client.force_login(account_with(Role.TESTER, market=market))
    return client


def text(response):
    return response.content.decode()


def filled(client, url, **fields):
    """What a form sends, with the key of its page."""
    return {"client_key": client.get(url).context["form"]["client_key"].value(), **fields}


class TestList:
    def test_it_is_searched_narrowed_and_exported(self, as_district, point):
        other = PointFactory(place=StoreFactory(), name="三水实验小学检测室")
        KitFactory(point=other, expires_on=TODAY + DAY)
        url = reverse("points")
        assert as_district.get(url).context["count"] == 2
        for asked in ({"q": "实验"}, {"kind": "school_canteen"}, {"due": "1"}, {"state": "active", "q": other.code}):
            page = as_district.get(url, asked)
            assert [each.name for each in page.context["page"]] == [other.name], asked
        assert as_district.get(url, {"state": "closed"}).context["count"] == 0
        lines = (
            b"".join(as_district.get(reverse("points_export"), {"due": "1"}).streaming_content).decode().splitlines()
        )
        assert len(lines) == 2
        assert other.name in lines[1]

    def test_an_empty_list_offers_to_open_one(self, as_manager):
        assert reverse("point_new") in text(as_manager.get(reverse("points")))

    def test_a_tester_sees_the_own_market_only_and_opens_none(self, as_tester, point):
        PointFactory(market=MarketFactory())
        page = as_tester.get(reverse("points"))
        assert page.context["count"] == 1
        assert reverse("point_new") not in text(page)

    def test_the_desk_leads_there(self, as_tester, point):
        page = text(as_tester.get(reverse("tester_home")))
        assert reverse("points") in page
        assert reverse("standards") in page


class TestOpening:
    def test_first_the_place_then_the_point(self, as_manager, market):
        page = text(as_manager.get(reverse("point_new")))
        url = f"{reverse('point_new')}?at=market:{market.id}"
        assert url.partition("?")[2] in page
        sent = filled(as_manager, url, kind="retail", name="河口快检室", daily_target="20")
        assert as_manager.post(url, sent)["Location"] == as_manager.post(url, sent)["Location"]
        made = Point.objects.get()
        assert (made.name, made.market) == ("河口快检室", market)
        assert str(market.id) not in text(as_manager.get(reverse("point_new")))

    def test_a_canteen_is_found_by_name(self, as_district):
        store = StoreFactory(name="云东海中学食堂")
        assert "云东海中学食堂" in text(as_district.get(reverse("point_new"), {"q": "云东海"}))
        url = f"{reverse('point_new')}?at=place:{store.id}"
        sent = filled(as_district, url, kind="school_canteen", name="食堂快检", daily_target="0")
        assert as_district.post(url, sent).status_code == 303

    def test_a_station_needs_an_operator_of_the_register(self, as_district):
        town, lab = TownFactory(), OrganisationFactory()
        url = f"{reverse('point_new')}?at=town:{town.code}"
        sent = filled(as_district, url, kind="station", name="监管所", daily_target="0", operator="91440607MA4UNKNOWN")
        refused = as_district.post(url, sent)
        assert refused.status_code == 422
        assert "91440607MA4UNKNOWN" in text(refused)
        assert as_district.post(url, sent | {"operator": lab.uscc}).status_code == 303
        assert Point.objects.get().organisation == lab

    @pytest.mark.parametrize("at", ["market:", "place:x", "town:", "nowhere", ""])
    def test_an_address_of_no_place_shows_the_choice(self, as_manager, at):
        TownFactory()
        page = as_manager.get(reverse("point_new"), {"at": at})
        assert "form" not in page.context
        assert page.status_code == 200

    def test_anothers_market_is_not_offered(self, as_manager):
        other = MarketFactory()
        page = as_manager.get(reverse("point_new"), {"at": f"market:{other.id}"})
        assert other.name not in text(page)


class TestPointPage:
    def test_it_says_who_tests_with_what_and_what_runs_out(self, as_manager, point, manager):
        staff = listed(manager, point)
        placed = placed_at(manager, point)
        kit = KitFactory(point=point, expires_on=TODAY + DAY)
        page = text(as_manager.get(reverse("point", args=[point.id])))
        for word in (staff.account.name, placed.device.name, kit.batch_no, point.code, point.organisation.name):
            assert word in page

    def test_its_settings_are_changed(self, as_manager, point):
        url = reverse("point_edit", args=[point.id])
        assert as_manager.post(url, filled(as_manager, url, name="新名", daily_target="9")).status_code == 303
        point.refresh_from_db()
        assert (point.name, point.daily_target) == ("新名", 9)

    def test_closing_says_first_what_it_ends(self, as_manager, point, manager):
        listed(manager, point)
        url = reverse("point_close", args=[point.id])
        assert ">1<" in text(as_manager.get(url))
        assert as_manager.post(url).status_code == 303
        page = text(as_manager.get(reverse("point", args=[point.id])))
        assert reverse("point_edit", args=[point.id]) not in page
        assert as_manager.post(url).status_code == 409

    def test_a_tester_reads_and_changes_nothing_but_kits(self, as_tester, point):
        page = text(as_tester.get(reverse("point", args=[point.id])))
        assert reverse("kit_new", args=[point.id]) in page
        assert reverse("point_staff_new", args=[point.id]) not in page
        assert as_tester.post(reverse("point_close", args=[point.id])).status_code == 403


class TestStaff:
    def test_a_tester_is_added_renewed_and_taken_off(self, as_manager, point, market):
        tester = account_with(Role.TESTER, market=market)
        url = reverse("point_staff_new", args=[point.id])
        sent = filled(as_manager, url, account=str(tester.id), **TRAINED)
        assert as_manager.post(url, sent).status_code == 303
        assert as_manager.post(url, sent).status_code == 303
        staff = PointStaff.objects.get()
        url = reverse("point_staff_renew", args=[point.id, staff.id])
        longer = {"trained_on": "2026-11-22", "trained_until": "2028-11-21"}
        assert as_manager.post(url, filled(as_manager, url, **longer)).status_code == 303
        now = PointStaff.objects.get(ended_on=None)
        assert now.trained_until == dt.date(2028, 11, 21)
        url = reverse("point_staff_end", args=[point.id, now.id])
        assert tester.name in text(as_manager.get(url))
        assert as_manager.post(url).status_code == 303
        assert not PointStaff.objects.filter(ended_on=None).exists()

    def test_what_was_typed_stays_when_the_training_is_over(self, as_manager, point, market):
        tester = account_with(Role.TESTER, market=market)
        url = reverse("point_staff_new", args=[point.id])
        over = {"trained_on": "2024-01-01", "trained_until": "2025-01-01"}
        refused = as_manager.post(url, filled(as_manager, url, account=str(tester.id), **over))
        assert refused.status_code == 422
        assert 'value="2025-01-01"' in text(refused)

    def test_a_tester_off_the_list_is_told_on_a_page_of_its_own(self, as_tester, point, manager, market):
        listed(manager, point)
        batch = batch_at(StallFactory(market=market))
        url = f"{reverse('test_new')}?batch={batch.token}"
        sent = filled(as_tester, url, item=ItemFactory().code, result="negative")
        refused = as_tester.post(url, sent)
        assert refused.status_code == 409
        assert str(NotOnStaff.message) in html.unescape(text(refused))
        assert not RapidTest.objects.exists()


class TestInstruments:
    def test_one_is_placed_and_taken_away(self, as_manager, point, market):
        device = DeviceFactory(at_market=True, market=market, kind="instrument", name="胶体金读数仪")
        url = reverse("point_instrument_new", args=[point.id])
        assert as_manager.post(url, filled(as_manager, url, device=str(device.id))).status_code == 303
        placed = point.instruments.get()
        url = reverse("point_instrument_remove", args=[point.id, placed.id])
        assert "胶体金读数仪" in text(as_manager.get(url))
        assert as_manager.post(url).status_code == 303
        placed.refresh_from_db()
        assert placed.removed_at is not None

    def test_another_points_instrument_is_not_found(self, as_manager, point):
        elsewhere = placed_at(officer(), PointFactory(market=MarketFactory()))
        url = reverse("point_instrument_remove", args=[point.id, elsewhere.id])
        assert as_manager.post(url).status_code == 404


class TestKits:
    def sent(self, client, url, **fields):
        said = {"item": ItemFactory().code, "brand": "绿洲", "batch_no": "LZ2611", "expires_on": "2027-02-01"}
        return filled(client, url, **said | fields)

    def test_a_box_is_received_used_up_and_discarded(self, as_tester, point):
        url = reverse("kit_new", args=[point.id])
        sent = self.sent(as_tester, url, tests_total="50")
        assert as_tester.post(url, sent).status_code == 303
        assert as_tester.post(url, sent).status_code == 303
        kit = Kit.objects.get()
        for _twice in range(2):
            assert as_tester.post(reverse("kit_used_up", args=[kit.id])).status_code == 303
        assert as_tester.post(url, self.sent(as_tester, url)).status_code == 303
        second = Kit.objects.get(state="in_use")
        assert "LZ2611" in text(as_tester.get(reverse("kit_discard", args=[second.id])))
        assert as_tester.post(reverse("kit_discard", args=[second.id])).status_code == 303
        assert set(Kit.objects.values_list("state", flat=True)) == {"used_up", "discarded"}

    def test_an_expired_box_comes_back_with_what_was_typed(self, as_tester, point):
        url = reverse("kit_new", args=[point.id])
        refused = as_tester.post(url, self.sent(as_tester, url, expires_on="2026-11-21"))
        assert refused.status_code == 422
        assert "LZ2611" in text(refused)
        assert refused.context["form"].errors["expires_on"]
        assert not Kit.objects.exists()

    def test_the_shelf_of_every_point_is_searched_narrowed_and_exported(self, as_tester, point):
        ends = KitFactory(point=point, expires_on=TODAY + DAY, brand="美正")
        KitFactory(point=point, batch_no="USED", state="used_up")
        KitFactory(point=PointFactory(market=MarketFactory()), batch_no="FOREIGN")
        page = as_tester.get(reverse("kits"))
        assert page.context["count"] == 2
        assert "FOREIGN" not in text(page)
        for asked in ({"due": "1"}, {"q": "美正"}, {"state": "in_use"}):
            assert list(as_tester.get(reverse("kits"), asked).context["page"]) == [ends]
        lines = b"".join(as_tester.get(reverse("kits_export"), {"q": "USED"}).streaming_content).decode().splitlines()
        assert len(lines) == 2

    def test_an_empty_shelf_says_what_to_do(self, as_tester):
        assert reverse("points") in text(as_tester.get(reverse("kits")))

    def test_a_stall_keeps_no_kits(self, client, point):
        client.force_login(account_with(Role.VENDOR, place=StallFactory(market=point.market)))
        assert client.get(reverse("kit_new", args=[point.id])).status_code == 403


@pytest.mark.parametrize("days", [5, -1])
def test_reminders_are_said_in_the_inbox_and_lead_to_the_point(client, market, point, manager, days):
    """A kit, an instrument and a tester, about to run out or over."""
    person = account_with(Role.MARKET_MANAGER, market=market)
    until = TODAY + days * DAY
    kit = KitFactory(point=point, expires_on=until)
    placed = placed_at(manager, point)
    placed.device.calibration_ends_on = until
    placed.device.save()
    staff = listed(manager, point)
    PointStaff.objects.filter(pk=staff.pk).update(trained_until=until)
    assert point_reminders.remind() == 3
    client.force_login(person)
    page = text(client.get(reverse("notices")))
    for word in (kit.batch_no, placed.device.name, staff.account.name, point.name):
        assert word in page
    assert {notice.url for notice in Notice.objects.filter(account=person)} == {reverse("point", args=[point.id])}
