"""Markets, stores, devices, suppliers and bases: who writes them, and what they refuse."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from kit import clock, images, public_codes
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from kit.transitions import IllegalMove, StaleState
from registry.models import Device, Grant, Market, Occupancy, Place, Supplier
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors import devices as device_reads
from registry.selectors import sources as source_reads
from registry.services import bases, devices, markets, stores, suppliers
from tests.factories.registry import (
    BaseFactory,
    CountyFactory,
    DeviceFactory,
    ElsewhereFactory,
    MarketFactory,
    OrganisationFactory,
    OtherTownFactory,
    ProductFactory,
    StallFactory,
    StoreFactory,
    SupplierFactory,
    TownFactory,
    account_with,
    actor_with,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def officer(db):
    return actor_with(Role.DISTRICT_OFFICER)


@pytest.fixture
def stall(db):
    return StallFactory(market__wholesale=True)


@pytest.fixture
def trader(stall):
    return actor_with(Role.WHOLESALER, place=stall)


def standing(**changes):
    given = {"organisation": OrganisationFactory(), "town": TownFactory(), "name": "河口农贸市场", "kind": "retail"}
    return markets.Standing(**given | changes)


def profile(**changes):
    return markets.Profile(**{"address": "河口路1号", "complaint_phone": "0757-87700001"} | changes)


# Markets


def test_the_district_opens_a_market(officer):
    zones = ["蔬菜区", " 水产区 ", "", "蔬菜区"]
    night = dt.time(20, 0)
    market = markets.open_market(
        officer, standing=standing(star_level=4), profile=profile(zones=zones, trade_day_starts_at=night)
    )
    market.refresh_from_db()
    assert (market.district_id, market.star_level, market.trade_day_starts_at) == ("440607", 4, night)
    assert market.zones == ["蔬菜区", "水产区"]


def test_a_market_of_the_same_name_is_refused(officer):
    markets.open_market(officer, standing=standing(), profile=profile())
    with pytest.raises(Invalid) as refusal:
        markets.open_market(officer, standing=standing(), profile=profile())
    assert set(refusal.value.fields) == {"name"}
    assert Market.objects.count() == 1


def test_a_district_opens_no_market_elsewhere(officer):
    with pytest.raises(NotFound):
        markets.open_market(officer, standing=standing(town=ElsewhereFactory()), profile=profile())


def test_a_manager_keeps_the_profile_and_the_district_the_standing(officer):
    market = MarketFactory()
    stall = StallFactory(market=market)
    manager = actor_with(Role.MARKET_MANAGER, market=market)
    markets.change_profile(manager, market=market, profile=profile(safety_officer="李安"))
    assert public_codes.look_up(stall.token).version == 2
    with pytest.raises(NotYourJob):
        markets.change_standing(manager, market=market, standing=standing(star_level=5))
    changed = markets.change_standing(officer, market=market, standing=standing(star_level=5))
    assert (changed.safety_officer, changed.star_level) == ("李安", 5)


def test_a_market_needs_an_address_and_a_complaint_phone():
    market = MarketFactory()
    manager = actor_with(Role.MARKET_MANAGER, market=market)
    with pytest.raises(Invalid) as refusal:
        markets.change_profile(manager, market=market, profile=profile(address=" ", complaint_phone=""))
    assert set(refusal.value.fields) == {"address", "complaint_phone"}


# Stores


def details(**changes):
    given = {"name": "文锋路小食店", "business_type": "snack_shop", "town": TownFactory(), "address": "文锋路3号"}
    return stores.Details(**given | changes)


def test_an_officer_enters_a_store_and_it_has_a_code_and_a_keeper(officer):
    key, organisation = uuid7(), OrganisationFactory()
    details_ = details(permit_no="jy2 4406 0700 12345")
    store = stores.open_store(officer, organisation=organisation, details=details_, client_key=key)
    again = stores.open_store(officer, organisation=organisation, details=details_, client_key=key)
    assert store == again
    assert Place.objects.count() == 1
    assert (store.permit_no, public_codes.look_up(store.token).kind) == ("JY24406070012345", "d")
    assert Occupancy.objects.get(place=store).organisation == organisation


def test_a_town_officer_enters_stores_of_the_own_town_only():
    town = actor_with(Role.TOWN_OFFICER, town=TownFactory())
    stores.open_store(town, organisation=OrganisationFactory(), details=details(), client_key=uuid7())
    with pytest.raises(NotFound):
        stores.open_store(
            town, organisation=OrganisationFactory(), details=details(town=OtherTownFactory()), client_key=uuid7()
        )
    store = StoreFactory()
    with pytest.raises(NotFound):
        stores.change_store(town, place=store, details=details(town=OtherTownFactory()))


def test_a_store_says_every_mistake_at_once(officer):
    wrong = details(name="", address=" ", business_type="circus", permit_no="JY1")
    with pytest.raises(Invalid) as refusal:
        stores.open_store(officer, organisation=OrganisationFactory(), details=wrong, client_key=uuid7())
    assert set(refusal.value.fields) == {"name", "address", "business_type", "permit_no"}


def test_a_closed_store_keeps_its_code_and_nobody_signs_in_for_it(officer):
    store = StoreFactory()
    account_with(Role.STORE_MANAGER, place=store)
    scale = DeviceFactory(place=store, market=None)
    stores.close_store(officer, place=store, ended_on=TODAY)
    store.refresh_from_db()
    scale.refresh_from_db()
    assert (store.state, store.closed_at, scale.state) == ("closed", clock.now(), "disabled")
    assert public_codes.look_up(store.token).state == "active"
    assert not Grant.objects.current().filter(place=store).exists()


# Devices


def scale(**changes):
    return devices.Details(**{"name": "一号秤", "serial_no": "S-001"} | changes)


def test_a_device_comes_with_a_key_that_is_encrypted(trader, stall):
    key = uuid7()
    made = devices.register(trader, kind="scale", details=scale(), place=stall, client_key=key)
    again = devices.register(trader, kind="scale", details=scale(), place=stall, client_key=key)
    assert (made, len(made.key), again.key) == (again, 64, made.key)
    assert (made.market, made.place, Device.objects.count()) == (stall.market, stall, 1)


def test_a_trader_registers_no_device_at_somebody_elses_stall_or_the_market(trader, stall):
    with pytest.raises(NotFound):
        devices.register(trader, kind="scale", details=scale(), place=StallFactory(), client_key=uuid7())
    with pytest.raises(NotFound):
        devices.register(trader, kind="scale", details=scale(), market=stall.market, client_key=uuid7())


def test_the_old_key_is_good_for_another_day(trader, stall):
    device = DeviceFactory(place=stall)
    old = device.key
    rotated = devices.rotate_key(trader, device=device)
    assert rotated.key != old
    assert (rotated.previous_key, rotated.previous_key_until) == (old, clock.now() + dt.timedelta(hours=24))


def test_a_disabled_device_has_no_key_left_from_before(trader, stall):
    device = devices.rotate_key(trader, device=DeviceFactory(place=stall))
    disabled = devices.disable(trader, device=device)
    assert (disabled.state, disabled.previous_key) == ("disabled", "")
    with pytest.raises(IllegalMove):
        devices.disable(trader, device=device)
    assert devices.enable(trader, device=device).state == "active"


def test_the_buttons_of_a_scale_are_set_as_a_whole(trader, stall):
    device, pepper = DeviceFactory(place=stall), ProductFactory()
    tomato = ProductFactory(code="12002", name="番茄")
    devices.set_buttons(trader, device=device, products={1: pepper, 2: tomato})
    devices.set_buttons(trader, device=device, products={2: pepper})
    assert [(button.number, button.product) for button in device.buttons.all()] == [(2, pepper)]
    with pytest.raises(Invalid):
        devices.set_buttons(trader, device=device, products={100: pepper})


def test_a_device_is_seen_by_its_keeper_its_market_and_the_officers_above(trader, stall, officer):
    device = DeviceFactory(place=stall)
    waiting = DeviceFactory(at_market=True, market=stall.market)
    manager = actor_with(Role.MARKET_MANAGER, market=stall.market)
    town = actor_with(Role.TOWN_OFFICER, town=stall.town)
    other = actor_with(Role.MARKET_MANAGER, market=MarketFactory())
    assert set(device_reads.devices_for(trader)) == {device}
    for person in (manager, town, officer):
        assert set(device_reads.devices_for(person)) == {device, waiting}
    assert not device_reads.devices_for(other).exists()
    with pytest.raises(NotFound):
        device_reads.device_for(other, device.id)


def test_devices_whose_calibration_is_over_soon_are_found(officer):
    late = DeviceFactory(name="甲", calibration_ends_on=TODAY)
    unknown = DeviceFactory(name="乙")
    DeviceFactory(name="丙", calibration_ends_on=TODAY + dt.timedelta(days=60))
    found = device_reads.narrowed(device_reads.devices_for(officer), today=TODAY, due=True)
    assert set(found) == {late, unknown}


def test_a_device_with_impossible_dates_is_refused(trader, stall):
    wrong = scale(name="", calibrated_on=TODAY + dt.timedelta(days=1), calibration_ends_on=TODAY)
    with pytest.raises(Invalid) as refusal:
        devices.register(trader, kind="scale", details=wrong, place=stall, client_key=uuid7())
    assert set(refusal.value.fields) == {"name", "calibrated_on", "calibration_ends_on"}


# Suppliers


def test_a_supplier_is_remembered_once_and_filled_up(trader, stall):
    first = suppliers.remember(trader, place=stall, name="源潭合作社", phone="13900000001")
    again = suppliers.remember(trader, place=stall, name="源潭合作社 ", phone="139 0000 0001", address="乐平镇")
    kept = suppliers.remember(trader, place=stall, name="源潭合作社", phone="13900000001")
    assert first == again == kept
    assert (kept.address, Supplier.objects.count()) == ("乐平镇", 1)


def test_a_market_clerk_remembers_a_supplier_for_a_trader(stall):
    clerk = actor_with(Role.MARKET_MANAGER, market=stall.market)
    assert suppliers.remember(clerk, place=stall, name="源潭合作社").organisation == stall.organisation
    with pytest.raises(NotFound):
        suppliers.remember(clerk, place=StallFactory(), name="x")


def test_a_supplier_is_corrected_by_its_own_trader_only(trader, stall):
    own = SupplierFactory(organisation=stall.organisation, id_number="11010519491231002X")
    changed = suppliers.correct(trader, supplier=own, name="新名", phone="13900000002")
    assert (changed.name, changed.id_number) == ("新名", "11010519491231002X")
    with pytest.raises(NotFound):
        suppliers.correct(trader, supplier=SupplierFactory(), name="x")


def test_two_suppliers_of_one_trader_are_not_the_same(trader, stall):
    suppliers.remember(trader, place=stall, name="甲")
    other = suppliers.remember(trader, place=stall, name="乙")
    with pytest.raises(Invalid) as refusal:
        suppliers.correct(trader, supplier=other, name="甲")
    assert set(refusal.value.fields) == {"name"}


def test_who_was_bought_from_last_stands_first(trader, stall):
    SupplierFactory(organisation=stall.organisation, name="甲")
    last = SupplierFactory(organisation=stall.organisation, name="乙", phone="13900000003")
    SupplierFactory(name="别人的")
    suppliers.used(last)
    assert [row.name for row in source_reads.suppliers_for(trader)] == ["乙", "甲"]


@pytest.mark.parametrize("q", ["源潭", "13900008000", "8000"])
def test_a_supplier_is_found_by_name_and_phone(trader, stall, q):
    suppliers.remember(trader, place=stall, name="源潭合作社", phone="13900008000")
    suppliers.remember(trader, place=stall, name="别的", phone="13900009000")
    assert [row.name for row in source_reads.suppliers_for(trader, q=q)] == ["源潭合作社"]


# Bases


def base(**changes):
    return bases.Details(**{"name": "源潭菜场", "region": CountyFactory()} | changes)


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    file.seek(0)
    return images.reencode(file)


def test_a_base_with_its_contract_is_verified_by_the_market_and_again_after_a_change(trader, stall, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = bases.register(trader, place=stall, details=base(products=[ProductFactory()], contract=picture()))
    assert (tmp_path / made.contract_image).read_bytes().startswith(b"\xff\xd8")
    clerk = actor_with(Role.MARKET_MANAGER, market=stall.market)
    verified = bases.verify(clerk, base=made)
    assert (verified.verified_at, verified.verified_by_id) == (clock.now(), clerk.account_id)
    changed = bases.change(trader, base=made, details=base(name="源潭二场"))
    assert (changed.verified_at, changed.contract_image) == (None, made.contract_image)


def test_another_market_verifies_nothing(trader, stall):
    made = bases.register(trader, place=stall, details=base())
    with pytest.raises(NotFound):
        bases.verify(actor_with(Role.MARKET_MANAGER, market=MarketFactory()), base=made)
    with pytest.raises(NotYourJob):
        bases.verify(trader, base=made)


def test_an_ended_base_is_changed_no_more_and_its_name_is_free(trader, stall):
    made = bases.register(trader, place=stall, details=base())
    with pytest.raises(Invalid):
        bases.register(trader, place=stall, details=base())
    bases.end(trader, base=made)
    with pytest.raises(StaleState):
        bases.change(trader, base=made, details=base())
    bases.register(trader, place=stall, details=base())
    assert [row.state for row in source_reads.bases_for(trader)] == ["active", "ended"]


def test_a_base_names_its_county_and_an_own_supplier(trader, stall):
    wrong = base(name="", region=TownFactory(), supplier=SupplierFactory(), contract_starts_on=TODAY,
                 contract_ends_on=TODAY - dt.timedelta(days=1))  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        bases.register(trader, place=stall, details=wrong)
    assert set(refusal.value.fields) == {"name", "region", "supplier", "contract_ends_on"}


def test_the_bases_to_choose_from_are_the_traders_own_in_force(trader, stall):
    own = BaseFactory(organisation=stall.organisation)
    BaseFactory(organisation=stall.organisation, name="旧", state="ended")
    BaseFactory()
    assert list(source_reads.bases_at(stall)) == [own]
