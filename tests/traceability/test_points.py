"""Test points: where each kind stands, who is trained to test there, what stands and lies there, what runs out."""

import datetime as dt

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import NotFound
from registry.models import Market
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.registry import (
    DeviceFactory,
    MarketFactory,
    OrganisationFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    TownFactory,
    account_with,
    actor_with,
)
from tests.factories.testing import TestItemFactory as ItemFactory
from tests.factories.testing import TestPointFactory as PointFactory
from tests.factories.traceability import TODAY, clerk, keeper, officer
from tests.traceability.at_points import DAY, YEAR, listed, placed_at, refused, register
from tests.traceability.goods import batch_at
from traceability.models import PointInstrument
from traceability.models import TestPoint as Point
from traceability.refusals import NotOnStaff, PointClosed, TrainingLapsed
from traceability.selectors import test_points as reads
from traceability.services import points, training
from traceability.services.record_test import record_test

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


class TestOpening:
    def test_a_market_opens_its_own_with_the_districts_next_number(self, market, manager):
        PointFactory(market=MarketFactory(), code="000041")
        made = register(manager, "retail", market=market)
        assert (made.code, made.organisation, made.town, made.opened_on) == (
            "000042", market.organisation, market.town, TODAY,
        )  # fmt: skip

    def test_the_first_of_a_district_is_number_one(self, market, manager):
        assert register(manager, "retail", market=market).code == "000001"

    @pytest.mark.parametrize("kind", ["school_canteen", "staff_canteen", "restaurant", "supermarket"])
    def test_a_store_opens_its_own(self, kind):
        store = StoreFactory()
        assert register(keeper(store), kind, place=store).place == store

    def test_the_district_opens_a_station_run_by_whom_it_names(self):
        lab = OrganisationFactory()
        made = register(officer(), "station", town=TownFactory(), operator=lab)
        assert (made.organisation, made.market, made.place) == (lab, None, None)

    def test_a_third_party_may_run_it(self, market, manager):
        lab = OrganisationFactory()
        assert register(manager, "retail", market=market, operator=lab).organisation == lab

    @pytest.mark.parametrize(
        ("kind", "at"),
        [("station", "market"), ("school_canteen", "market"), ("wholesale", "market"), ("retail", "store"),
         ("vehicle", "store"), ("retail", "town"), ("restaurant", "town"), ("restaurant", "stall")],
    )  # fmt: skip
    def test_a_kind_stands_only_where_it_belongs(self, kind, at):
        stands = {
            "market": lambda: {"market": MarketFactory()},
            "store": lambda: {"place": StoreFactory()},
            "stall": lambda: {"place": StallFactory()},
            "town": lambda: {"town": TownFactory()},
        }[at]()
        assert "kind" in refused(register, officer(), kind, operator=OrganisationFactory(), **stands)

    def test_a_mixed_market_may_have_either(self):
        mixed = [MarketFactory(kind=Market.Kind.MIXED) for _each in range(2)]
        for kind, market in zip(("retail", "wholesale"), mixed, strict=True):
            assert register(officer(), kind, market=market).kind == kind

    def test_a_place_has_one_open_point_and_another_after_it_closed(self, market, manager, point):
        assert refused(register, manager, "retail", market=market) == {"stands"}
        points.close(manager, point=point)
        assert register(manager, "retail", market=market).state == "active"

    def test_sent_twice_it_is_one(self, market, manager):
        key = uuid7()
        assert register(manager, "retail", market=market, key=key) == register(
            manager, "retail", market=market, key=key
        )
        assert Point.objects.count() == 1

    def test_a_number_that_is_taken_is_refused(self, market, manager):
        PointFactory(market=MarketFactory(), code="000007")
        assert refused(register, manager, "retail", market=market, code="000007") == {"code"}

    def test_a_station_without_an_operator_and_a_point_without_a_name_are_refused(self):
        assert refused(register, officer(), "station", town=TownFactory(), name=" ") == {"operator", "name"}

    def test_nobody_opens_one_beyond_the_own_reach(self, market):
        with pytest.raises(NotFound):
            register(actor_with(Role.MARKET_MANAGER, market=MarketFactory()), "retail", market=market)
        with pytest.raises(NotFound):
            register(clerk(StallFactory()), "station", town=TownFactory(), operator=OrganisationFactory())
        with pytest.raises(NotYourJob):
            register(actor_with(Role.TESTER, market=market), "retail", market=market)


class TestChangingAndClosing:
    def test_what_is_said_of_it_is_corrected(self, manager, point):
        points.change(manager, point=point, details=points.Details(name="河口检测站", daily_target=40))
        point.refresh_from_db()
        assert (point.name, point.name_initials, point.daily_target) == ("河口检测站", "hkjcz", 40)

    def test_without_an_operator_the_market_runs_it_again(self, market, manager):
        point = PointFactory(market=market, organisation=OrganisationFactory())
        points.change(manager, point=point, details=points.Details(name="检测站"))
        point.refresh_from_db()
        assert point.organisation == market.organisation

    def test_closing_ends_the_testers_work_and_frees_the_instruments(self, market, manager, point):
        staff = listed(manager, point)
        placed = placed_at(manager, point)
        points.close(manager, point=point)
        for row in (point, staff, placed):
            row.refresh_from_db()
        assert (point.state, point.closed_on) == ("closed", TODAY)
        assert staff.ended_on == TODAY
        assert placed.removed_at is not None

    def test_a_closed_one_is_left_alone(self, manager, point):
        points.close(manager, point=point)
        with pytest.raises(PointClosed):
            points.change(manager, point=point, details=points.Details(name="别的"))
        with pytest.raises(PointClosed):
            points.close(manager, point=point)

    def test_a_stranger_does_not_learn_that_it_exists(self, point):
        with pytest.raises(NotFound):
            points.close(actor_with(Role.MARKET_MANAGER, market=MarketFactory()), point=point)


class TestStaff:
    def test_a_trained_tester_is_put_on_the_list_once(self, manager, point):
        key, tester = uuid7(), account_with(Role.TESTER, market=point.market)
        first = listed(manager, point, tester, key=key)
        assert listed(manager, point, tester, key=key) == first
        assert first.started_on == TODAY
        assert refused(listed, manager, point, tester) == {"account"}

    def test_somebody_whose_role_does_not_test_here_is_refused(self, manager, point):
        for stranger in (
            account_with(Role.TESTER, market=MarketFactory()),
            account_with(Role.TESTER, town=OtherTownFactory()),
            account_with(Role.VENDOR, place=StallFactory(market=point.market)),
        ):
            assert refused(listed, manager, point, stranger) == {"account"}

    @pytest.mark.parametrize("scope", ["market", "town", "district"])
    def test_testers_of_the_market_of_its_town_and_of_the_district_may_be_listed(self, manager, point, scope):
        reach = {"market": {"market": point.market}, "town": {"town": point.market.town}, "district": {}}[scope]
        assert listed(manager, point, account_with(Role.TESTER, **reach)).ended_on is None

    def test_training_in_the_future_or_over_is_refused(self, manager, point):
        late = points.Training(trained_on=TODAY + DAY, trained_until=TODAY + 2 * DAY)
        over = points.Training(trained_on=TODAY - 400 * DAY, trained_until=TODAY - DAY)
        assert refused(listed, manager, point, training=late) == {"trained_on"}
        assert refused(listed, manager, point, training=over) == {"trained_until"}

    def test_a_renewal_is_a_further_row_and_the_earlier_one_stays(self, manager, point):
        first, key = listed(manager, point), uuid7()
        longer = points.Training(trained_on=TODAY, trained_until=TODAY + 365 * DAY)
        again = points.renew(manager, staff=first, training=longer, client_key=key)
        assert points.renew(manager, staff=first, training=longer, client_key=key) == again
        first.refresh_from_db()
        assert (first.ended_on, first.trained_until) == (TODAY, YEAR.trained_until)
        assert [row.pk for row in reads.staff_of(point) if row.ended_on is None] == [again.pk]

    def test_ended_twice_it_stays_as_it_was(self, manager, point, dawn):
        staff = listed(manager, point)
        points.end_staff(manager, staff=staff)
        with clock.freeze(dawn + DAY):
            assert points.end_staff(manager, staff=staff).ended_on == TODAY


class TestTrainingGate:
    """国市监食检规〔2023〕1号: who tests is trained."""

    def record(self, actor, point, market):
        batch = batch_at(StallFactory(market=market))
        return record_test(
            actor, batch=batch, point=point, item=ItemFactory(), result="negative", client_key=uuid7()
        )  # fmt: skip

    def test_where_no_list_is_kept_whoever_has_the_role_records(self, market, manager, point):
        assert self.record(manager, point, market).result == "negative"

    def test_once_a_list_is_kept_nobody_else_records(self, market, manager, point):
        listed(manager, point)
        with pytest.raises(NotOnStaff):
            self.record(manager, point, market)
        with pytest.raises(NotOnStaff):
            self.record(actor_with(Role.TESTER, market=market), point, market)

    def test_who_is_on_the_list_records_until_the_last_day_of_training(self, market, manager, point, dawn):
        tester = account_with(Role.TESTER, market=market)
        listed(manager, point, tester)
        last = dt.datetime.combine(YEAR.trained_until, dawn.timetz())
        with clock.freeze(last):
            assert self.record(actor_for(tester), point, market)
        with clock.freeze(last + DAY), pytest.raises(TrainingLapsed) as lapsed:
            self.record(actor_for(tester), point, market)
        assert lapsed.value.data["trained_until"] == YEAR.trained_until

    def test_a_renewal_lets_the_tester_record_again(self, market, manager, point, dawn):
        tester = account_with(Role.TESTER, market=market)
        staff = listed(manager, point, tester)
        with clock.freeze(dawn + 200 * DAY):
            longer = points.Training(trained_on=clock.now().date(), trained_until=clock.now().date() + 365 * DAY)
            points.renew(manager, staff=staff, training=longer, client_key=uuid7())
            assert self.record(actor_for(tester), point, market)

    def test_who_left_records_no_more_even_when_the_list_is_empty(self, market, manager, point):
        tester = account_with(Role.TESTER, market=market)
        points.end_staff(manager, staff=listed(manager, point, tester))
        with pytest.raises(NotOnStaff):
            self.record(actor_for(tester), point, market)

    def test_training_at_another_point_does_not_count(self, market, manager, point):
        other = PointFactory(market=MarketFactory())
        tester = account_with(Role.TESTER)
        listed(officer(), other, tester)
        listed(manager, point)
        with pytest.raises(NotOnStaff):
            training.require_training(actor_for(tester), point)
        training.require_training(actor_for(tester), other)


class TestInstruments:
    def test_an_instrument_of_the_market_stands_at_its_point_once(self, manager, point):
        key = uuid7()
        first = placed_at(manager, point, key=key)
        assert placed_at(manager, point, first.device, key=key) == first
        assert placed_at(manager, point, first.device) == first
        assert PointInstrument.objects.count() == 1

    def test_it_moves_from_one_point_to_another(self, market, point):
        device = DeviceFactory(at_market=True, market=market, kind="instrument")
        station = register(officer(), "station", town=market.town, operator=OrganisationFactory())
        first = placed_at(officer(), station, device)
        assert placed_at(officer(), point, device).removed_at is None
        first.refresh_from_db()
        assert first.removed_at is not None
        assert PointInstrument.objects.filter(removed_at=None).count() == 1

    def test_a_scale_and_an_instrument_of_elsewhere_are_refused(self, market, manager, point):
        elsewhere = DeviceFactory(at_market=True, kind="instrument")
        switched_off = DeviceFactory(at_market=True, market=market, kind="instrument", state="disabled")
        for device in (DeviceFactory(at_market=True, market=market), elsewhere, switched_off):
            assert refused(placed_at, manager, point, device) == {"device"}

    def test_it_is_taken_away_once(self, manager, point, dawn):
        placed = placed_at(manager, point)
        points.remove_instrument(manager, placed=placed)
        with clock.freeze(dawn + DAY):
            assert points.remove_instrument(manager, placed=placed).removed_at == dawn
