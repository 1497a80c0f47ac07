"""Follow this pepper: one product's way through the district, with live codes."""

from dataclasses import dataclass

from registry.models import Place
from traceability.models import Batch, Voucher, VoucherLine
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
