"""What the steps of a sale show: the buyer, the goods there are, the lines so far."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kit.refusals import NotFound
from registry.models import Place, Product
from traceability import kilos
from traceability.models import Batch
from traceability.selectors.buyers import buyer_of_code
from traceability.selectors.ledgers import sales_at
from traceability.selectors.stock import ProductStock, state_of, stock_at
from traceability.services.sell import Buyer
from traceability.web import slip_draft, words
from traceability.web.slip_draft import DraftLine, SlipDraft

ZERO = Decimal(0)


@dataclass(frozen=True)
class BuyerShown:
    """Who buys, as far as it is known yet. `wrong` says why this buyer cannot buy here."""

    label: str
    note: str = ""
    place: Place | None = None
    name: str = ""
    phone: str = ""
    wrong: str = ""

    def named(self, form) -> Buyer:
        """The buyer as the service takes it; a walk-in is named on the form."""
        if self.place:
            return Buyer(place=self.place)
        return Buyer(name=form.cleaned_data["name"], phone=form.cleaned_data["phone"])


def buyer_named(place: Place, reference: str) -> BuyerShown | None:
    """The buyer a slip draft means; None when nobody is meant yet, or nobody is found."""
    if reference == slip_draft.WALK_IN:
        return BuyerShown(_("Walk-in customer"))
    if reference.startswith(slip_draft.KNOWN):
        return _known(place, reference.removeprefix(slip_draft.KNOWN))
    buyer = buyer_of_code(reference) if reference else None
    if buyer is None:
        return None
    wrong = ""
    if buyer.pk == place.pk:
        wrong = _("This is your own stall. Scan the buyer's code.")
    elif buyer.state != Place.State.ACTIVE:
        wrong = _("This stall or store is not in use.")
    return BuyerShown(str(buyer), buyer.market.name if buyer.market_id else buyer.address, place=buyer, wrong=wrong)


def _known(place, text):
    try:
        earlier = sales_at(place).filter(pk=uuid.UUID(text), buyer_place_id__isnull=True).first()
    except ValueError:
        return None
    if earlier is None:
        return None
    name = earlier.buyer_name
    return BuyerShown(name, _("Walk-in customer"), name=name, phone=earlier.phone)


@dataclass(frozen=True)
class Item:
    """What one line draws on; `left_kg` is what other lines of the slip leave of it."""

    product: Product
    left_kg: Decimal
    batch: Batch | None = None
    oldest: Batch | None = None


@dataclass(frozen=True)
class Goods:
    """The stock of a stall beside the slip that is being written. `named`: the products and batches on the
    slip, by their code or id, whether or not any is left."""

    stock: Sequence[ProductStock]
    draft: SlipDraft
    today: dt.date
    named: Mapping[str, Product | Batch]

    def asked(self, query: Mapping[str, str]) -> tuple[str, str, int | None] | None:
        """Which product or batch is to be weighed: a new line, or one being changed."""
        at = slip_draft.index(query, "edit", self.draft)
        if at is not None:
            return self.draft.lines[at].kind, self.draft.lines[at].target, at
        for kind, name in (("b", "batch"), ("p", "product")):
            if target := query.get(name):
                return kind, target, self._line_of(kind, target)
        return None

    def _line_of(self, kind, target):
        """A product stands on a slip once: choosing it again changes its line."""
        found = (at for at, line in enumerate(self.draft.lines) if (line.kind, line.target) == (kind, target))
        return next(found, None)

    def item(self, kind: str, target: str, *, but: int | None) -> Item:
        """Raises NotFound for what this stall does not have."""
        for product in self.stock:
            if kind == "p" and product.product.pk == target:
                oldest = next((batch for batch in product.batches if self._saleable(batch)), None)
                return Item(product.product, product.left_kg - self._taken(product.product.pk, but), oldest=oldest)
            for batch in product.batches:
                if kind == "b" and str(batch.pk) == target:
                    left = batch.on_hand_kg if self._saleable(batch) else ZERO
                    return Item(product.product, left - self._taken(target, but), batch=batch, oldest=batch)
        raise NotFound

    def _saleable(self, batch):
        return state_of(batch, self.today) == "saleable"

    def _taken(self, target, but):
        """Kilos other lines of the slip draw on the same product or batch."""
        others = (line for at, line in enumerate(self.draft.lines) if at != but)
        return sum((line.weight_kg for line in others if line.target == target), ZERO)

    def button_url(self, product: ProductStock, path: str) -> str:
        return self.draft.url(path, product=product.product.pk)

    def product_of(self, line: DraftLine) -> Product | None:
        found = self.named.get(line.target)
        return found.product if isinstance(found, Batch) else found

    def taken_from(self, line: DraftLine) -> dict[str, Any]:
        """The batch or the product of a line, as the service takes it. Raises NotFound for what never was here."""
        if line.target not in self.named:
            raise NotFound
        return {"product" if line.kind == "p" else "batch": self.named[line.target]}


def goods_of(place: Place, today: dt.date, draft: SlipDraft) -> Goods:
    products = {line.target for line in draft.lines if line.kind == "p"}
    batches = {line.target for line in draft.lines if line.kind == "b"}
    own = Batch.objects.filter(district_id=place.district_id, place=place, organisation_id=place.organisation_id)
    named: dict[str, Product | Batch] = {}
    if products:
        named |= Product.objects.in_bulk(products)
    if batches:
        named |= {str(batch.pk): batch for batch in own.filter(pk__in=batches).select_related("product")}
    return Goods(stock_at(place, today), draft, today, named)


@dataclass(frozen=True)
class LineShown:
    name: str
    weight_kg: Decimal
    unit_price_fen: int | None
    amount_fen: int | None
    edit_url: str
    remove_url: str
    wrong: str = ""


def lines_of(draft: SlipDraft, goods: Goods, shortages=()) -> list[LineShown]:
    """The lines of the slip; what is short is said at its line."""
    return [_shown(draft, goods, at, line, shortages) for at, line in enumerate(draft.lines)]


def _shown(draft, goods, at, line, shortages):
    path = reverse("sell")
    product = goods.product_of(line)
    name = product.name if product else _("no longer in stock")
    fen = line.unit_price_fen
    return LineShown(
        name=name,
        weight_kg=line.weight_kg,
        unit_price_fen=fen,
        amount_fen=None if fen is None else kilos.amount_fen(line.weight_kg, fen),
        edit_url=draft.url(path, edit=at),
        remove_url=draft.without(at).url(path),
        wrong=" ".join(
            _short(each) for each in shortages if name == each["product"] or line.target == each.get("batch")
        ),
    )


def _short(shortage):
    left = Decimal(shortage["left_kg"])
    if shortage["why"] != "not_enough":
        return str(words.SHORTAGES[shortage["why"]])
    if left <= 0:
        return _("Nothing is left to sell.")
    return _("Only %(kg)s kg are left.") % {"kg": f"{left.normalize():f}"}
