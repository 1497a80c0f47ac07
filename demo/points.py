"""The district's test points: markets with a laboratory, canteens, large restaurants, supermarkets, stations, vehicles.

226 of them at scale 1, the number the seed system reports, each with trained staff, kits and, at laboratories, an
instrument.
"""

import datetime as dt
from collections import defaultdict

from demo.bench import KITS
from kit import clock
from kit.ids import uuid7
from registry.models import Account, Device, Grant, Market, Organisation, Place
from registry.roles import Role
from registry.services import devices, organisations
from traceability.models import TestItem, TestPoint
from traceability.services import kits, points

Kind = TestPoint.Kind
OF_STORES = {
    "school_canteen": Kind.SCHOOL_CANTEEN,
    "kindergarten_canteen": Kind.SCHOOL_CANTEEN,
    "staff_canteen": Kind.STAFF_CANTEEN,
    "hospital_canteen": Kind.STAFF_CANTEEN,
    "nursing_home_canteen": Kind.STAFF_CANTEEN,
    "large_restaurant": Kind.RESTAURANT,
    "supermarket": Kind.SUPERMARKET,
}
TARGETS = {
    Kind.WHOLESALE: 60, Kind.RETAIL: 20, Kind.SCHOOL_CANTEEN: 9, Kind.STAFF_CANTEEN: 9, Kind.RESTAURANT: 6,
    Kind.SUPERMARKET: 12, Kind.STATION: 8, Kind.VEHICLE: 30,
}  # fmt: skip
SUPERMARKETS, VEHICLES = 8, 2
"""How many of the supermarkets test, and how many vehicles drive about."""

REGULATOR = "佛山市三水区市场监督管理局"
BRANDS = ("绿洲生化", "易瑞生物", "勤邦生物", "美正检测")
TRAINED = dt.timedelta(days=730)
LAPSING = dt.timedelta(days=415)


class Points:
    """Set up through the services by whoever settled the district, on the day it began."""

    def __init__(self, settlement):
        self.actor, self.dice, self.towns = settlement.actor, settlement.dice, settlement.towns
        self.day, self.scaled = clock.now().date(), settlement.scaled
        self.people = defaultdict(list)

    def open(self):
        self.find_people()
        for market in Market.objects.filter(has_lab=True).order_by("kind", "id").reverse():
            kind = Kind.RETAIL if market.kind == Market.Kind.RETAIL else Kind.WHOLESALE
            self.point(kind, f"{market.name}快检室", points.Stands(market=market), self.people[market.pk])
        for place in self.stores():
            kind = OF_STORES[place.business_type]
            self.point(kind, f"{place.name}快检点", points.Stands(place=place), self.people[place.pk])
        self.regulators()

    def find_people(self):
        """Who tests at a place, a market, or anywhere in the district."""
        testing = Grant.objects.current().filter(role__in=[Role.TESTER, Role.MARKET_MANAGER, Role.STORE_MANAGER])
        for grant in testing.select_related("account").order_by("-role", "id"):
            self.people[grant.place_id or grant.market_id].append(grant.account)

    def stores(self):
        """Canteens and large restaurants, all of them; the first few supermarkets. Each has somebody who signs in."""
        found = Place.objects.filter(kind="store", business_type__in=OF_STORES, grants__isnull=False).distinct()
        left = self.scaled(SUPERMARKETS)
        for place in found.select_related("organisation").order_by("id"):
            left -= place.business_type == "supermarket"
            if place.business_type != "supermarket" or left >= 0:
                yield place

    def regulators(self):
        """A station in every town, and vehicles that come to wherever they are wanted."""
        operator = organisations.register(
            self.actor, kind=Organisation.Kind.INSTITUTION, name=REGULATOR, uscc=self.dice.uscc("11"),
            phone=self.dice.phone(), legal_person=self.dice.person(),
        )  # fmt: skip
        towns = list(self.towns.values())
        stands = [(Kind.STATION, f"{town.name}市场监管所快检站", town) for town in towns]
        stands += [(Kind.VEHICLE, f"食品安全快检{number}号车", towns[0]) for number in range(1, VEHICLES + 1)]
        for number, (kind, name, town) in enumerate(stands):
            own = self.people[None]
            self.point(kind, name, points.Stands(town=town), own[number % len(own) :][:1], operator)

    def point(self, kind, name, stands, people, operator=None):
        details = points.Details(name=name, daily_target=TARGETS[kind], operator=operator)
        point = points.register(self.actor, kind=kind, stands=stands, details=details, client_key=uuid7())
        for account in people[:2]:
            self.trained(point, account)

    def trained(self, point, account: Account):
        """Two years from the training; a few are due for the next one."""
        lasts = LAPSING if self.dice.chance(0.04) else TRAINED
        training = points.Training(trained_on=self.day, trained_until=self.day + lasts)
        points.add_staff(self.actor, point=point, account=account, training=training, client_key=uuid7())


class Equipment:
    """What stands at the points today, with what runs out soon among it."""

    def __init__(self, settlement):
        self.actor, self.dice, self.today = settlement.actor, settlement.dice, clock.now().date()
        self.items = TestItem.objects.in_bulk()

    def place(self):
        found = TestPoint.objects.filter(state="active").select_related("market", "place", "town", "organisation")
        for point in found.order_by("code"):
            if point.market_id:
                self.instrument(point)
            for code in KITS[point.kind]:
                self.kit(point, self.items[code])

    def instrument(self, point):
        since = self.today - dt.timedelta(days=self.dice.randrange(20, 330))
        details = devices.Details(
            name=f"{point.market.name} 农残仪", serial_no=f"DY-3000-{point.code}", calibrated_on=since,
            calibration_ends_on=since + dt.timedelta(days=365),
        )  # fmt: skip
        device = devices.register(
            self.actor, kind=Device.Kind.INSTRUMENT, details=details, market=point.market, client_key=uuid7()
        )
        points.place_instrument(self.actor, point=point, device=device, client_key=uuid7())

    def kit(self, point, item):
        lasts = self.dice.choice((40, 120, 200, 260, 300, 340))
        details = kits.Details(
            item=item, brand=self.dice.choice(BRANDS), batch_no=f"{self.today:%Y%m}{self.dice.randrange(10**4):04d}",
            expires_on=self.today + dt.timedelta(days=lasts), tests_total=self.dice.choice((96, 200, 480)),
        )  # fmt: skip
        kits.receive(self.actor, point=point, details=details, client_key=uuid7())
