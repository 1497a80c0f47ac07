"""Who trades and tests in a history, and by which rules: read once, kept as plain values."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from demo.dice import Dice
from demo.goods import demo_trade
from demo.names import table
from registry.models import Grant, Occupancy, Place, Product, Region
from registry.roles import BUSINESS_ROLES, Role
from traceability.models import PointStaff, TestItem, TestLimit, TestMethod, TestPoint
from traceability.selectors.standards import standard_for


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did it, as an event names him."""

    account_id: str
    device_id: None = None


@dataclass(eq=False, slots=True)
class Stand:
    """A place that trades. `id` and `district_id` are what events ask of a place."""

    id: str
    district_id: str
    organisation_id: str
    place: Place
    title: str
    seller_name: str
    seller_phone: str
    hand: Hand | None
    agreed: tuple[dt.date, dt.date | None] | None
    bench: "Bench | None" = None
    held: list = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Bench:
    id: str
    point: TestPoint
    hands: list[Hand]


class Stage:
    """`sellers` are wholesalers, `stalls` and `canteens` buy and keep books here; others are customers by name."""

    def __init__(self, dice: Dice):
        self.dice = dice
        self.accounts = _accounts()
        self.benches = _benches()
        agreed = _agreements()
        self.stands = {}
        for place in (
            Place.objects.filter(state="active").select_related("market", "organisation", "town").order_by("id")
        ):
            self.stands[place.pk] = _stand(place, self.accounts.get(place.pk), agreed.get(place.pk), self.benches)
        self.by_id = {stand.id: stand for stand in self.stands.values()}
        kept = [stand for stand in self.stands.values() if stand.hand]
        self.sellers = [stand for stand in kept if _wholesale(stand)]
        self.stalls = [stand for stand in kept if stand.place.kind == "stall" and not _wholesale(stand)]
        self.canteens = [stand for stand in kept if stand.bench and stand.bench.point.place_id]
        self.markets = [bench for bench in self.benches.values() if bench.point.market_id]
        self.regulators = [bench for bench in self.benches.values() if bench.point.kind in ("station", "vehicle")]
        self.clerks = _at_wholesale(Role.MARKET_MANAGER)
        self.officers = _by_town(Role.TOWN_OFFICER)
        self.managers = _by_market(Role.MARKET_MANAGER)
        self.products = Product.objects.in_bulk()
        self.trade = [each for each in demo_trade() if each.product in self.products]
        self.prices = {each.product: (each.low_fen_per_kg, each.high_fen_per_kg) for each in self.trade}
        self.items = TestItem.objects.in_bulk()
        self.changes = _changes()
        self.own_limits = set(TestLimit.objects.exclude(product=None).values_list("item", "product"))
        self.regions, self.known = {}, {}
        self.customers = [(dice.person(), dice.phone()) for _ in range(400)]

    def region(self, code: str) -> Region:
        if code not in self.regions:
            self.regions[code] = Region.objects.get(pk=code)
        return self.regions[code]

    @cache  # noqa: B019 - one stage a history
    def goods(self, zone: str, month: int):
        """What a zone trades in a month."""
        wanted = table()["zones"].get(zone, ["11"])
        return [each for each in self.trade if each.product[:2] in wanted and month in each.months]

    def standard(self, item: TestItem, product: Product, day: dt.date, method_no: str = ""):
        """The method and limit in force; they change only on the days a version begins."""
        version = sum(change <= day for change in self.changes[item.pk])
        goods = product.pk if (item.pk, product.pk) in self.own_limits else product.category_id
        key = item.pk, goods, version, method_no
        if key not in self.known:
            self.known[key] = standard_for(item, product, day, method_no)
        return self.known[key]


def _stand(place, account, agreed, benches):
    bench = benches.get(place.pk) or benches.get(place.market_id or place.pk)
    return Stand(
        id=str(place.pk), district_id=place.district_id, organisation_id=str(place.organisation_id), place=place,
        title=str(place), seller_name=place.name or place.organisation.name,
        seller_phone=place.public_phone or place.organisation.phone, hand=account and Hand(str(account.pk)),
        agreed=agreed, bench=bench,
    )  # fmt: skip


def _wholesale(stand):
    return stand.place.market_id is not None and stand.place.market.kind != "retail"


def _accounts():
    """Who signs in for a place."""
    grants = Grant.objects.current().filter(role__in=BUSINESS_ROLES).select_related("account").order_by("-id")
    return {grant.place_id: grant.account for grant in grants}


def _agreements():
    kept = Occupancy.objects.filter(ended_on=None, agreement_signed_on__isnull=False)
    rows = kept.values_list("place_id", "agreement_signed_on", "agreement_ends_on")
    return {place_id: (signed_on, ends_on) for place_id, signed_on, ends_on in rows}


def _benches():
    """Active points with somebody who tests, by the place or market they stand at, or by themselves."""
    staff = defaultdict(list)
    for point_id, account_id in PointStaff.objects.filter(ended_on=None).order_by("id").values_list("point", "account"):
        staff[point_id].append(Hand(str(account_id)))
    points = TestPoint.objects.filter(state="active", pk__in=staff).select_related("market", "place").order_by("code")
    return {
        point.place_id or point.market_id or point.pk: Bench(str(point.pk), point, staff[point.pk]) for point in points
    }


def _at_wholesale(role):
    grants = Grant.objects.current().filter(role=role, market__kind__in=["wholesale", "mixed"]).order_by("id")
    return [Hand(str(account_id)) for account_id in grants.values_list("account", flat=True)]


def _by_town(role):
    grants = Grant.objects.current().filter(role=role).order_by("-id")
    return {town: Hand(str(account_id)) for town, account_id in grants.values_list("town", "account")}


def _by_market(role):
    grants = Grant.objects.current().filter(role=role).order_by("-id")
    return {market: Hand(str(account_id)) for market, account_id in grants.values_list("market", "account")}


def _changes():
    """The days on which a version of an item's method or limit begins."""
    days = defaultdict(set)
    for model in (TestMethod, TestLimit):
        for item, day in model.objects.values_list("item", "effective_from"):
            days[item].add(day)
    return days
