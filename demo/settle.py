"""The district before its first day of trade: markets, stalls, stores and everybody in every role."""

import datetime as dt
import itertools

from demo.dice import Dice
from demo.names import table
from kit import clock
from kit.ids import uuid7
from registry.actors import Actor, Scope
from registry.business_types import BusinessType
from registry.models import Account, Grant, Market, Organisation, Place, Product, ProductCategory, Region
from registry.models.contact import phone_fields
from registry.roles import Role
from registry.services import accounts, devices, markets, occupancies, organisations, stalls, stores

DISTRICT = "440607"
FOUNDER = "support1"
SETTLED_ON = dt.timedelta(days=200)
"""How long ago the district began, so that agreements and permits have an age."""

WHOLESALE_ZONES = {"蔬菜": 0.55, "水果": 0.15, "水产": 0.12, "鲜肉": 0.1, "干货": 0.08}
KEEPERS_WITH_PHONE = 0.55
"""Share of retail keepers who sign in; the others' pages say that nothing is recorded."""

CANTEENS = ("school_canteen", "kindergarten_canteen", "staff_canteen", "hospital_canteen", "nursing_home_canteen")
RESTAURANTS = {
    "large_restaurant": 12, "medium_restaurant": 26, "small_restaurant": 34, "fast_food": 18, "snack_shop": 22,
    "drink_shop": 10, "bakery": 10, "small_catering": 14,
}  # fmt: skip
SHOPS = {"supermarket": 14, "convenience_store": 22, "distribution_company": 6, "cold_store": 3, "workshop": 12}


class Settlement:
    """Everything goes through the services, as a support person would enter it."""

    def __init__(self, seed: int, scale: float, tell):
        self.dice, self.scale, self.tell = Dice(seed), scale, tell
        self.day = clock.now().date() - SETTLED_ON
        self.actor = found_district()
        self.towns = {town.code: town for town in Region.objects.filter(parent_id=DISTRICT)}
        self.categories = {category.code: category for category in ProductCategory.objects.all()}

    def settle(self):
        self.officials()
        for spec in table()["markets"]:
            self.market(spec)
        self.stores()
        self.tell(f"{Market.objects.count()} markets, {Place.objects.count()} places, {Account.objects.count()} people")

    def officials(self):
        """District and towns, finance, audit, and the 208 people of co-management (the pilot's number)."""
        for role, count in (
            (Role.DISTRICT_OFFICER, 4), (Role.FINANCE, 2), (Role.AUDITOR, 2), (Role.REVIEWER, 4), (Role.SUPPORT, 1),
        ):  # fmt: skip
            for _ in range(count):
                self.enrol(role)
        for town in self.towns.values():
            for _ in range(3):
                self.enrol(Role.TOWN_OFFICER, town=town)
        titles = [("食品安全主任", 7), ("协管员", 131), ("信息员", 60)]
        towns = itertools.cycle(self.towns.values())
        for title, count in titles:
            for _ in range(self.scaled(count)):
                self.enrol(Role.COORDINATOR, town=next(towns), title=title)
        for _ in range(self.scaled(10)):
            self.enrol(Role.COORDINATOR, title="区级专业巡查员")

    def market(self, spec):
        wholesale = spec["kind"] == "wholesale"
        zones = list(WHOLESALE_ZONES) if wholesale else list(table()["zones"])
        market = markets.open_market(
            self.actor,
            standing=markets.Standing(
                organisation=self.organisation(f"佛山市三水区{spec['name']}管理有限公司"),
                town=self.towns[spec["town"]],
                name=spec["name"],
                kind=spec["kind"],
                star_level=spec["star_level"],
            ),
            profile=markets.Profile(
                address=f"三水区{self.towns[spec['town']].name}{spec['address']}",
                complaint_phone=f"0757-8777{self.dice.randrange(10000):04d}",
                area_m2=spec["area_m2"],
                safety_officer=self.dice.person(),
                safety_director=self.dice.person() if wholesale else "",
                has_lab=wholesale or spec["star_level"] >= 3,
                trade_day_starts_at=dt.time(20, 0) if wholesale else dt.time(0, 0),
                zones=zones,
            ),
        )
        for _ in range(3 if wholesale else 1):
            self.enrol(Role.MARKET_MANAGER, market=market)
        if market.has_lab:
            for _ in range(2 if wholesale else 1):
                self.enrol(Role.TESTER, market=market)
        self.stalls(market, zones, self.scaled(spec["stalls"]), wholesale)

    def stalls(self, market, zones, count, wholesale):
        shares = self.zone_shares(zones, wholesale)
        left, letters = count, iter("ABCDEFGHJKLMNP")
        for zone, share in shares.items():
            size = min(left, max(1, round(count * share)))
            if size <= 0:
                continue
            left -= size
            letter = next(letters)
            opened = stalls.open_stalls(
                self.actor,
                market=market,
                numbers=f"{letter}01-{letter}{size:02d}" if size > 1 else f"{letter}01",
                zone=zone,
                categories=[
                    self.categories[code] for code in table()["zones"].get(zone, []) if code in self.categories
                ],
            )
            for stall in opened:
                if not self.dice.chance(0.04):
                    self.keeper(stall, zone, wholesale)

    def zone_shares(self, zones, wholesale):
        if wholesale:
            return WHOLESALE_ZONES
        weights = {"蔬菜": 0.3, "水果": 0.1, "鲜肉": 0.16, "三鸟": 0.1, "水产": 0.13}
        rest = (1 - sum(weights.values())) / max(1, len(zones) - len(weights))
        return {zone: weights.get(zone, rest) for zone in zones}

    def keeper(self, stall, zone, wholesale):
        person = self.dice.person()
        name = self.dice.names.wholesaler(zone) if wholesale else self.dice.names.trade_name(zone)
        signed = self.day + dt.timedelta(days=self.dice.randrange(60))
        length = 365 if self.dice.chance(0.97) else 120
        signs_in = wholesale or self.dice.chance(KEEPERS_WITH_PHONE)
        occupancies.move_in(
            self.actor,
            place=stall,
            organisation=self.organisation(name, person=person, small=True),
            trade_name=name,
            started_on=self.day,
            agreement=occupancies.Agreement(signed_on=signed, ends_on=signed + dt.timedelta(days=length)),
            keeper=occupancies.Keeper(
                name=person, phone=self.dice.phone(), role=Role.WHOLESALER if wholesale else Role.VENDOR
            )
            if signs_in
            else None,
        )

    def stores(self):
        for kind in CANTEENS:
            for town, canteens in table()["testing_canteens"].get(kind, {}).items():
                for name in canteens[: self.scaled(len(canteens))]:
                    self.store(name, kind, town, signs_in=True)
        for kind, count in {**RESTAURANTS, **SHOPS}.items():
            for _ in range(self.scaled(count)):
                town = self.dice.choice(list(self.towns))
                self.store(self.dice.names.business(kind), kind, town, signs_in=self.dice.chance(0.5))

    def store(self, name, kind, town, *, signs_in):
        person = self.dice.person()
        canteen = kind in CANTEENS
        body = name.removesuffix("食堂") if canteen else name
        expires = self.day + dt.timedelta(days=self.dice.choice((230, 420, 700, 1200, 1500)))
        number = {"workshop": "粤作坊", "small_catering": "粤小餐饮"}.get(kind)
        serial = f"{self.dice.randrange(10**8):08d}"
        place = stores.open_store(
            self.actor,
            organisation=self.organisation(body, person=person, institution=canteen and kind != "staff_canteen"),
            details=stores.Details(
                name=name,
                business_type=BusinessType(kind),
                town=self.towns[town],
                address=f"三水区{self.towns[town].name}{self.dice.names.address(town)}",
                permit_no=f"{number}{serial}" if number else self.dice.permit("3" if canteen else "2"),
                permit_expires_on=expires,
                safety_officer=person,
            ),
            client_key=uuid7(),
        )
        if signs_in:
            self.enrol(Role.STORE_MANAGER, place=place, name=person)

    def scales(self):
        """A smart scale at a few wholesale stalls, with buttons for what they sell."""
        wholesale = Place.objects.filter(market__kind="wholesale", state="active").order_by("stall_no")[:6]
        products = list(Product.objects.filter(category_id__in=("11", "12", "13", "14"))[:12])
        for number, place in enumerate(wholesale, 1):
            device = devices.register(
                self.actor,
                kind="scale",
                details=devices.Details(
                    name=f"{place.stall_no} 溯源秤",
                    serial_no=f"TS-{number:04d}",
                    calibrated_on=self.day,
                    calibration_ends_on=self.day + dt.timedelta(days=365),
                ),
                market=None,
                place=place,
                client_key=uuid7(),
            )
            devices.set_buttons(self.actor, device=device, products=dict(enumerate(products, 1)))

    def organisation(self, name, *, person=None, small=False, institution=False):
        kind = Organisation.Kind.INDIVIDUAL_BUSINESS if small else Organisation.Kind.ENTERPRISE
        if institution:
            kind = Organisation.Kind.INSTITUTION
        return organisations.register(
            self.actor,
            kind=kind,
            name=name,
            uscc=self.dice.uscc("92" if small else "12" if institution else "91"),
            phone=self.dice.phone(),
            legal_person=person or self.dice.person(),
        )

    def enrol(self, role, *, name="", **scope):
        return accounts.enrol(
            self.actor,
            name=name or self.dice.person(),
            phone=self.dice.phone(),
            role=role,
            district_id=DISTRICT,
            **scope,
        )

    def scaled(self, count):
        return max(1, round(count * self.scale))


def found_district() -> Actor:
    """The first support person, from whom every other role comes."""
    account, made = Account.objects.get_or_create(
        username=FOUNDER, defaults={"name": "运维小组", **phone_fields("13800000000")}
    )
    if made:
        Grant.objects.create(district_id=DISTRICT, account=account, role=Role.SUPPORT, granted_at=clock.now())
    return Actor(account.id, account.name, (Scope(Role.SUPPORT, DISTRICT), Scope(Role.DISTRICT_OFFICER, DISTRICT)))
