"""The smallest legal people and places. Traits name situations.

Everything lies in one district (440607) and one of its towns unless a test says otherwise.
"""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory
from stdnum.cn import uscc

from kit import clock, device_signing, public_codes
from registry.actors import Actor
from registry.business_types import BusinessType
from registry.models import (
    Account,
    Base,
    Device,
    Grant,
    Market,
    Occupancy,
    Organisation,
    Place,
    Product,
    ProductCategory,
    Region,
    Supplier,
)
from registry.models.contact import phone_fields
from registry.pinyin import initials, pinyin
from registry.roles import BUSINESS_ROLES, Role
from registry.selectors.actors import actor_for
from registry.selectors.organisations import id_number_index

DISTRICT = "440607"
TOWN = "440607001"
PASSWORD = "a long pass phrase"


class RegionFactory(DjangoModelFactory):
    """`CountyFactory` and `TownFactory` are the two that places need."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    full_name = factory.LazyAttribute(lambda region: f"广东省佛山市{region.name}")
    pinyin = factory.LazyAttribute(lambda region: pinyin(region.name))
    initials = factory.LazyAttribute(lambda region: initials(region.name))


class CountyFactory(RegionFactory):
    code = DISTRICT
    name = "三水区"
    level = Region.Level.COUNTY


class TownFactory(RegionFactory):
    code = TOWN
    name = "西南街道"
    level = Region.Level.TOWN
    parent = factory.SubFactory(CountyFactory)


class OtherTownFactory(TownFactory):
    code = "440607103"
    name = "乐平镇"


class ElsewhereFactory(TownFactory):
    """A town of another district."""

    code = "440605001"
    name = "桂城街道"
    parent = factory.SubFactory(CountyFactory, code="440605", name="南海区")


def credit_code(number: int) -> str:
    """A unified social credit code with the right check character."""
    body = f"91440607MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def phone(number: int) -> str:
    return f"139{number:08d}"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        person = factory.Trait(
            kind=Organisation.Kind.NATURAL_PERSON,
            name="张小农",
            uscc=None,
            id_number="11010519491231002X",
            id_number_index=factory.LazyAttribute(lambda person: id_number_index(person.id_number)),
        )

    kind = Organisation.Kind.INDIVIDUAL_BUSINESS
    name = factory.Sequence(lambda n: f"三水区旺记蔬菜档{n}")
    uscc = factory.Sequence(credit_code)
    legal_person = "陈旺"


class MarketFactory(DjangoModelFactory):
    class Meta:
        model = Market

    class Params:
        wholesale = factory.Trait(kind=Market.Kind.WHOLESALE, name=factory.Sequence(lambda n: f"批发市场{n}"))

    name = factory.Sequence(lambda n: f"河口农贸市场{n}")
    kind = Market.Kind.RETAIL
    organisation = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.ENTERPRISE)
    town = factory.SubFactory(TownFactory)
    district_id = factory.LazyAttribute(lambda market: market.town.code[:6])
    address = "西南街道河口路1号"
    complaint_phone = "0757-87700001"
    zones = ["蔬菜区", "水产区"]


class PlaceFactory(DjangoModelFactory):
    """A place with its code and, when somebody keeps it, the occupancy."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    class Params:
        vacant = factory.Trait(state=Place.State.VACANT, organisation=None, name="")

    organisation = factory.SubFactory(OrganisationFactory)
    name = "旺记蔬菜"
    name_pinyin = factory.LazyAttribute(lambda place: pinyin(place.name))
    name_initials = factory.LazyAttribute(lambda place: initials(place.name))
    district_id = factory.LazyAttribute(lambda place: place.town.code[:6])

    @factory.post_generation
    def code(place, create, given, **kwargs):  # noqa: N805
        code = public_codes.issue(place.page_kind, place.district_id, place.id, clock.now())
        place.token, place.typed_code = code.token, code.typed_code
        place.save()

    @factory.post_generation
    def occupancy(place, create, started_on, **kwargs):  # noqa: N805
        if place.organisation_id:
            OccupancyFactory(place=place, started_on=started_on or dt.date(2026, 1, 1), **kwargs)


class StallFactory(PlaceFactory):
    kind = Place.Kind.STALL
    market = factory.SubFactory(MarketFactory)
    town = factory.SelfAttribute("market.town")
    stall_no = factory.Sequence(lambda n: f"A{n:02d}")


class StoreFactory(PlaceFactory):
    kind = Place.Kind.STORE
    town = factory.SubFactory(TownFactory)
    name = "三水实验小学食堂"
    business_type = BusinessType.SCHOOL_CANTEEN
    address = "西南街道文锋路2号"


class OccupancyFactory(DjangoModelFactory):
    class Meta:
        model = Occupancy

    district_id = factory.SelfAttribute("place.district_id")
    organisation = factory.SelfAttribute("place.organisation")
    trade_name = factory.SelfAttribute("place.name")
    started_on = dt.date(2026, 1, 1)


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = "陈旺"

    @classmethod
    def _create(cls, model_class, *args, phone="", password=PASSWORD, **kwargs):
        account = model_class(**phone_fields(phone), **kwargs)
        account.set_password(password)
        account.save()
        return account


class GrantFactory(DjangoModelFactory):
    """`GrantFactory(role=Role.VENDOR, place=stall)`, `(role=Role.MARKET_MANAGER, market=market)`, …"""

    class Meta:
        model = Grant

    account = factory.SubFactory(AccountFactory)
    granted_at = factory.LazyFunction(clock.now)
    district_id = DISTRICT

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        if kwargs["role"] in BUSINESS_ROLES:
            kwargs.setdefault("organisation", kwargs["place"].organisation)
        within = kwargs.get("place") or kwargs.get("market")
        if within:
            kwargs["district_id"] = within.district_id
        return kwargs


def account_with(role: Role, **scope) -> Account:
    """A person who holds this role: `account_with(Role.VENDOR, place=stall)`."""
    return GrantFactory(role=role, **scope).account


def actor_with(role: Role, **scope) -> Actor:
    """The actor of such a person."""
    return actor_for(account_with(role, **scope))


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = ProductCategory
        django_get_or_create = ("code",)

    code = "12"
    name = "茄果类"
    name_en = "Fruiting vegetables"
    position = 12


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product
        django_get_or_create = ("code",)

    code = "12001"
    category = factory.SubFactory(CategoryFactory)
    name = "辣椒"
    name_en = "Chilli pepper"
    pinyin = factory.LazyAttribute(lambda product: pinyin(product.name))
    initials = factory.LazyAttribute(lambda product: initials(product.name))
    shelf_days = 5


class DeviceFactory(DjangoModelFactory):
    class Meta:
        model = Device

    class Params:
        at_market = factory.Trait(place=None, market=factory.SubFactory(MarketFactory))

    kind = Device.Kind.SCALE
    name = "一号秤"
    place = factory.SubFactory(StallFactory)
    market = factory.LazyAttribute(lambda device: device.place.market)
    district_id = factory.LazyAttribute(lambda device: (device.place or device.market).district_id)
    key = factory.LazyFunction(device_signing.new_key)


class SupplierFactory(DjangoModelFactory):
    class Meta:
        model = Supplier

    organisation = factory.SubFactory(OrganisationFactory)
    district_id = DISTRICT
    name = "乐平蔬菜合作社"
    address = "乐平镇源潭村"


class BaseFactory(DjangoModelFactory):
    class Meta:
        model = Base

    organisation = factory.SubFactory(OrganisationFactory)
    district_id = DISTRICT
    name = "源潭菜场"
    region = factory.SubFactory(CountyFactory)
