"""What a point needs to go on: kits in date, reminders in time, and what its page and list say."""

import datetime as dt

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import NotFound
from kit.transitions import IllegalMove, StaleState
from registry.models import Notice
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories.registry import (
    DeviceFactory,
    MarketFactory,
    OrganisationFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    account_with,
    actor_with,
)
from tests.factories.testing import TestItemFactory as ItemFactory
from tests.factories.testing import TestKitFactory as KitFactory
from tests.factories.testing import TestPointFactory as PointFactory
from tests.factories.traceability import TODAY, keeper, officer
from tests.traceability.at_points import DAY, listed, placed_at, refused, register
from tests.traceability.goods import batch_at
from traceability.models import PointInstrument, PointStaff
from traceability.models import TestKit as Kit
from traceability.refusals import KitExpired, PointClosed
from traceability.selectors import test_points as reads
from traceability.services import kits, point_reminders, points
from traceability.services.record_test import record_test

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def box(**fields):
    said = {"item": ItemFactory(), "brand": "绿洲", "batch_no": "LZ2611", "expires_on": TODAY + 90 * DAY}
    return kits.Details(**said | fields)


class TestKits:
    def receive(self, actor, point, *, key=None, **fields):
        return kits.receive(actor, point=point, details=box(**fields), client_key=key or uuid7())

    def test_a_tester_receives_a_box_once(self, point):
        key, tester = uuid7(), actor_with(Role.TESTER, market=point.market)
        kit = self.receive(tester, point, key=key, tests_total=50)
        assert self.receive(tester, point, key=key) == kit
        assert (kit.received_on, kit.tests_total, kit.state) == (TODAY, 50, "in_use")

    def test_an_expired_box_is_refused_and_one_that_expires_today_is_not(self, manager, point):
        with pytest.raises(KitExpired):
            self.receive(manager, point, expires_on=TODAY - DAY)
        assert self.receive(manager, point, expires_on=TODAY)

    def test_one_batch_lies_at_a_point_once_while_it_is_in_use(self, manager, point):
        kit = self.receive(manager, point)
        assert refused(self.receive, manager, point) == {"batch_no"}
        kits.use_up(manager, kit=kit)
        assert self.receive(manager, point)

    def test_everything_that_is_wrong_with_a_box_is_said_at_once(self, manager, point):
        wrong = {"brand": " ", "batch_no": "", "received_on": TODAY + DAY, "tests_total": 0}
        assert refused(self.receive, manager, point, **wrong) == set(wrong)

    def test_used_up_and_discarded_are_ends(self, manager, point):
        kit = KitFactory(point=point)
        seen_before = Kit.objects.select_related("point__market").get(pk=kit.pk)
        kits.discard(manager, kit=kit)
        with pytest.raises(IllegalMove):
            kits.use_up(manager, kit=kit)
        with pytest.raises(StaleState):
            kits.use_up(manager, kit=seen_before)

    def test_a_closed_point_receives_none(self, manager, point):
        points.close(manager, point=point)
        point.refresh_from_db()
        with pytest.raises(PointClosed):
            self.receive(manager, point)

    def test_only_those_who_test_or_manage_there_keep_its_kits(self, point):
        with pytest.raises(NotFound):
            self.receive(actor_with(Role.TESTER, market=MarketFactory()), point)
        with pytest.raises(NotYourJob):
            self.receive(keeper(StallFactory(market=point.market)), point)


class TestReminders:
    """A month before, a week before, and when it is over: each once."""

    @pytest.fixture
    def keepers(self, market, point):
        return account_with(Role.MARKET_MANAGER, market=market)

    def told(self, account, on):
        with clock.freeze(dt.datetime.combine(on, dt.time(7), tzinfo=clock.now().tzinfo)):
            point_reminders.remind()
            point_reminders.remind()
        return Notice.objects.filter(account=account).count()

    def test_a_kit(self, keepers, point):
        kit = KitFactory(point=point, expires_on=TODAY + 60 * DAY)
        last = kit.expires_on
        days = [31, 30, 29, 8, 7, 1, 0, -1, -5]
        assert [self.told(keepers, last - each * DAY) for each in days] == [0, 1, 1, 1, 2, 2, 2, 3, 3]
        assert Notice.objects.latest("made_at").data["over"] is True

    def test_a_calibration(self, keepers, point):
        last = TODAY + 60 * DAY
        device = DeviceFactory(at_market=True, market=point.market, kind="instrument", calibration_ends_on=last)
        PointInstrument.objects.create(
            district_id=point.district_id, point=point, device=device, placed_at=clock.now()
        )  # fmt: skip
        assert [self.told(keepers, last - each * DAY) for each in (31, 30, 7, -1)] == [0, 1, 2, 3]
        device.calibration_ends_on = TODAY + 400 * DAY
        device.save()
        assert self.told(keepers, TODAY + 61 * DAY) == 3

    def test_a_training_is_told_to_the_tester_too(self, keepers, manager, point):
        tester = account_with(Role.TESTER, market=point.market)
        staff = listed(manager, point, tester)
        assert [self.told(tester, staff.trained_until - each * DAY) for each in (31, 30, 7, -1)] == [0, 1, 2, 3]
        assert Notice.objects.filter(account=keepers).count() == 3

    def test_what_is_used_up_ended_or_at_a_closed_point_is_nobodys_worry(self, keepers, manager, point):
        KitFactory(point=point, expires_on=TODAY, state="used_up")
        staff = listed(manager, point)
        points.end_staff(manager, staff=staff)
        KitFactory(point=point, expires_on=TODAY)
        points.close(manager, point=point)
        assert self.told(keepers, TODAY) == 0

    def test_a_market_hears_nothing_of_another_markets_point(self, keepers):
        KitFactory(point=PointFactory(market=MarketFactory()), expires_on=TODAY)
        assert self.told(keepers, TODAY) == 0

    def test_a_canteens_own_people_and_a_stations_district_are_told(self):
        store = StoreFactory()
        KitFactory(point=PointFactory(place=store), expires_on=TODAY)
        canteen = account_with(Role.STORE_MANAGER, place=store)
        assert self.told(canteen, TODAY) == 1
        district = account_with(Role.DISTRICT_OFFICER)
        station = register(officer(), "station", town=TownFactory(), operator=OrganisationFactory())
        KitFactory(point=station, expires_on=TODAY)
        assert self.told(district, TODAY) == 1


class TestReads:
    def test_what_runs_out_within_thirty_days_is_found(self, manager, point):
        sees = reads.points_seen(manager)
        assert not reads.narrowed(sees, today=TODAY, due=True).exists()
        KitFactory(point=point, expires_on=TODAY + 31 * DAY)
        assert not reads.narrowed(sees, today=TODAY, due=True).exists()
        assert list(reads.narrowed(sees, today=TODAY + DAY, due=True)) == [point]

    def test_an_instrument_without_a_recorded_calibration_is_due(self, manager, point):
        placed_at(manager, point)
        assert list(reads.narrowed(reads.points_seen(manager), today=TODAY, due=True)) == [point]

    def test_a_point_is_found_by_its_name_letters_and_number(self, manager, point):
        points.change(manager, point=point, details=points.Details(name="河口检测站"))
        for q in ("河口", "hkj", "hekou", point.code[:4]):
            assert list(reads.narrowed(reads.points_seen(manager), today=TODAY, q=q)) == [point], q

    def test_todays_counts(self, market, manager, point):
        for result in ("negative", "negative", "suspect"):
            record_test(
                manager, batch=batch_at(StallFactory(market=market)), point=point, item=ItemFactory(), result=result,
                client_key=uuid7(),
            )  # fmt: skip
        assert reads.today_at(point, TODAY) == reads.Today(3, 3, {"negative": 2, "suspect": 1})
        assert reads.today_at(point, TODAY - DAY) == reads.Today(0, 0, {})

    def test_the_staff_list_never_shows_another_points(self, manager, point):
        other = listed(officer(), PointFactory(market=MarketFactory()))
        assert not reads.staff_of(point).exists()
        with pytest.raises(NotFound):
            reads.staff_called(point, other.pk)
        assert PointStaff.objects.count() == 1
