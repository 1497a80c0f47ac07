"""Who trades what in the demo district, and what they have in hand."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from demo.cast import first_of
from demo.goods import demo_trade
from demo.handling import Handling
from demo.lab import Lab
from demo.names import table
from kit import clock
from registry.models import Grant, Market, Place, Product, Region
from registry.roles import Role
from registry.selectors.actors import actor_for
from traceability.models import Batch

GUIDED = 0.15
"""Share of the trade that goes through the people who can be signed in as."""


@dataclass(frozen=True)
class Worker:
    place: Place
    actor: object


class Cast:
    """Who trades what, and what they have in hand."""

    def __init__(self):
        grants = Grant.objects.current().select_related("account", "place__market", "place__organisation")
        by_role = defaultdict(list)
        for grant in grants.filter(role__in=[Role.WHOLESALER, Role.VENDOR, Role.STORE_MANAGER]).order_by("id"):
            by_role[grant.role].append(grant)
        self.wholesalers = [Worker(grant.place, actor_for(grant.account)) for grant in by_role[Role.WHOLESALER]]
        buying = by_role[Role.VENDOR] + by_role[Role.STORE_MANAGER]
        self.buyers = [Worker(grant.place, actor_for(grant.account)) for grant in buying]
        self.guides = {grant.place_id for role in by_role for grant in first_of(role)}
        wholesale = Market.objects.exclude(kind=Market.Kind.RETAIL).values("id")
        at_market = Grant.objects.current().filter(market__in=wholesale).select_related("account").order_by("id")
        self.clerks = [actor_for(grant.account) for grant in at_market.filter(role=Role.MARKET_MANAGER)]
        self.lab = Lab()
        self.handling = Handling(self.lab)
        self.tested_stalls = [worker for worker in self.buyers if worker.place.market_id in self.lab.at]
        self.canteens = [worker for worker in self.buyers if worker.place.pk in self.lab.at]
        self.products = {product.pk: product for product in Product.objects.select_related("category")}
        self.regions = {}
        self.trade = {each.product: each for each in demo_trade() if each.product in self.products}
        self.suppliers, self.supplier_names, self.photos = {}, {}, {}

    def anyone(self, dice, people):
        """One of these; often somebody whom a visitor can sign in as, so that those desks are never bare."""
        known = [worker for worker in people if worker.place.pk in self.guides]
        return dice.choice(known if known and dice.chance(GUIDED) else people)

    def selling(self, zone):
        """Wholesalers of a zone, or of all where it has none."""
        return [trader for trader in self.wholesalers if trader.place.zone == zone] or self.wholesalers

    def stalls(self, zone):
        """Retail stalls of a zone, or all buyers where it has none."""
        return [buyer for buyer in self.buyers if buyer.place.zone == zone] or self.buyers

    def buying(self, zone):
        """Who buys from a wholesale zone: the same zone's retail stalls, and stores."""
        return [buyer for buyer in self.buyers if buyer.place.zone in (zone, "")] or self.buyers

    def goods(self, zone, month):
        """What a zone sells this month."""
        categories = table()["zones"].get(zone, ["11"])
        return [each for each in self.trade.values() if each.product[:2] in categories and month in each.months]

    def origin(self, dice, goods):
        codes, shares = zip(*goods.origins, strict=True)
        code = dice.choices(codes, shares)[0]
        if code not in self.regions:
            self.regions[code] = Region.objects.get(pk=code)
        return self.regions[code]

    def known_supplier(self, dice, category_id, region):
        """The name and phone of who brings goods of a category from a county."""
        key = category_id, region.pk
        if key not in self.supplier_names:
            imported = region.level == "country"
            name = dice.names.importer() if imported else dice.names.supplier(category_id, region.name)
            self.supplier_names[key] = name, dice.phone()
        return self.supplier_names[key]

    def price(self, dice, product_id):
        each = self.trade[product_id]
        return dice.randrange(each.low_fen_per_kg, each.high_fen_per_kg, 10)


@dataclass
class Stock:
    """What the night's wholesalers have left, so that nobody is asked for what is gone."""

    left: dict = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def standing(cls, cast):
        """What is left of earlier nights."""
        stock = cls()
        places = [worker.place.pk for worker in cast.wholesalers]
        found = Batch.objects.filter(place__in=places, state=Batch.State.ADMITTED, expires_on__gte=clock.now().date())
        for batch in found.with_stock().select_related("place__market", "product"):
            stock.left[batch.place_id].append([batch, batch.on_hand_kg])
        return stock

    def put(self, batch):
        self.left[batch.place_id].append([batch, batch.admitted_kg])

    def take(self, place, dice):
        """Up to three of the place's batches with a buyer's usual weight of each."""
        lots = [lot for lot in self.left[place.id] if lot[1] > 20]
        for lot in dice.sample(lots, min(len(lots), dice.choice((1, 1, 2, 2, 3)))):
            weight_kg = min(
                lot[1] / 2, Decimal(dice.choice((8, 12, 15, 20, 25, 40))) + Decimal(dice.randrange(100)) / 20
            )
            weight_kg = weight_kg.quantize(Decimal("0.05"))
            lot[1] -= weight_kg
            yield lot[0], weight_kg
