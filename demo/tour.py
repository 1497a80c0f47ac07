"""Follow this pepper, follow a positive: two ways through the district, with live codes."""

from dataclasses import dataclass

from demo import story
from demo.cast import named
from registry.models import Place
from registry.roles import Role
from traceability.models import Batch, PositiveCase, Voucher, VoucherLine
from traceability.selectors.lineage import way_to

PEPPER = "辣椒"


@dataclass(frozen=True)
class Tour:
    """The stops of one product: its batch at the gate, the slip, the stall, and a canteen beside it."""

    batch: Batch
    voucher: Voucher
    child: Batch
    stall: Place
    store: Place | None


@dataclass(frozen=True)
class Positive:
    """A canteen's positive: its goods' way from the gate down, who else bought of them, and who can be signed in as
    to follow it (with the role's grant)."""

    case: PositiveCase
    way: list[Batch]
    others: list[Place]
    people: list

    @property
    def base(self):
        declaration = self.way[0].declaration
        return declaration and declaration.base


def positive() -> Positive | None:
    case = story.latest()
    if case is None:
        return None
    way = story.way_back(case)
    concerned = {batch.place_id for batch in way}
    traders = [*named(Role.STORE_MANAGER), *named(Role.WHOLESALER)]
    people = [grant for grant in traders if grant.place_id in concerned] + list(named(Role.DISTRICT_OFFICER)[:1])
    return Positive(case=case, way=way, others=story.others(case), people=people)


def tour() -> Tour | None:
    """The freshest goods that went the whole way, peppers before all else; None in a district without trade."""
    child = _children().filter(product__name__contains=PEPPER).first() or _children().first()
    if child is None:
        return None
    line = VoucherLine.objects.select_related("voucher").get(
        district_id=child.source_district_id, pk=child.source_line_id
    )
    way = way_to(child.pk, Batch.objects.select_related("place__market", "product", "origin_region"))
    store = Place.objects.filter(kind="store", state="active", intakes__isnull=False).order_by("-intakes__taken_at")
    return Tour(batch=way[0], voucher=line.voucher, child=way[-1], stall=way[-1].place, store=store.first())


def _children():
    stalls = Batch.objects.filter(parent_id__isnull=False, state="admitted", place__kind="stall")
    return stalls.select_related("place__market", "product", "origin_region").order_by("-made_at")
