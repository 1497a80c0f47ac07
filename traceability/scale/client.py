"""A smart scale: weighs, prints at once, and tells the platform when it can.

Selling needs no network. A sale gets a code that was reserved in advance and the next sequence number, and
is on the disk before its slip is returned; `Sync` sends it. The protocol is docs/device-api.md.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kit.codes import grouped, read_token
from kit.tradeday import CHINA, trade_day
from kit.words import gettext_noop
from traceability.kilos import amount_fen, read_kg
from traceability.scale.memory import Memory, Row
from traceability.scale.slip import Slip, SlipLine, plain

_ADDRESS = re.compile(r"/([sd])/([^/?#.]+)")


class CannotSell(Exception):
    """The scale does not print. `code` names the situation, `words` is an English message id."""

    WORDS = {
        "unknown_button": gettext_noop("There is no such product button."),
        "unknown_seller": gettext_noop("Say which stall is selling."),
        "no_batch": gettext_noop("This product has no admitted batch. Declare it first."),
        "on_hold": gettext_noop("Sales of this product are paused."),
        "expired": gettext_noop("The shelf life of this product has ended."),
        "no_codes": gettext_noop("No voucher codes are left. Connect the scale to the network."),
        "no_lines": gettext_noop("Weigh something first."),
        "bad_weight": gettext_noop("A weight is written like 25.40."),
        "bad_price": gettext_noop("A price is written like 6.50."),
        "no_buyer": gettext_noop("Scan the buyer's code, or write the buyer's name and phone."),
    }

    def __init__(self, code: str) -> None:
        self.code = code
        self.words = self.WORDS[code]
        super().__init__(code)


@dataclass(frozen=True)
class Buyer:
    """Who buys: a stall or store by its token, or a walk-in customer 散客 by name and phone."""

    kind: str
    token: str = ""
    name: str = ""
    phone: str = ""

    @classmethod
    def scanned(cls, text: str) -> "Buyer":
        """From the address in a stall's or store's code. Raises CannotSell."""
        found = _ADDRESS.search(text)
        token = read_token(found.group(2)) if found else None
        if not found or not token:
            raise CannotSell("no_buyer")
        return cls("stall" if found.group(1) == "s" else "store", token)

    @classmethod
    def walk_in(cls, name: str, phone: str = "") -> "Buyer":
        """Raises CannotSell."""
        if not name.strip():
            raise CannotSell("no_buyer")
        return cls("walk_in", name=name.strip(), phone=phone.strip())

    def as_sent(self) -> Row:
        if self.kind == "walk_in":
            return {"walk_in": {"name": self.name, "phone": self.phone}}
        return {f"{self.kind}_token": self.token}


@dataclass(frozen=True)
class Weighing:
    """One press of a product button with something on the plate."""

    button: int
    weight_kg: str
    unit_price_fen: int | None = None


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Scale:
    """What the person at the scale can do. `clock` is the scale's own clock, right or wrong."""

    def __init__(self, memory: Memory, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.memory = memory
        self.clock = clock
        self.online = False

    @property
    def state(self):
        return self.memory.state

    def now(self) -> dt.datetime:
        """The time as the platform would say it, in China."""
        return (self.clock() + dt.timedelta(seconds=self.state.clock_offset)).astimezone(CHINA)

    def buttons(self) -> list[Row]:
        return sorted(self.state.buttons.values(), key=lambda button: button["number"])

    def buyers(self, seller: str | None = None) -> list[Buyer]:
        """Recent buyers of a stall, latest first."""
        place = self._seller(seller)["token"]
        recent = [row for row in self.state.buyers.values() if row["seller_place"] == place]
        recent.sort(key=lambda row: row["last_sold_at"], reverse=True)
        return [Buyer(row["kind"], row["token"], row["name"]) for row in recent]

    def left_kg(self, batch: Row) -> Decimal:
        """What is left of a batch: the platform's figure without the sales still in the queue."""
        unsent = (
            Decimal(line["weight_kg"])
            for sale in self.state.queue
            for line in sale["lines"]
            if line["batch_token"] == batch["token"]
        )
        return Decimal(batch["left_kg"]) - sum(unsent, Decimal(0))

    def on_hold(self, batch: Row) -> bool:
        return any(hold["batch_token"] == batch["token"] for hold in self.state.holds.values())

    def batch_for(self, button: int, weight_kg: Decimal, *, seller: str | None = None) -> Row:
        """The oldest saleable batch with enough left, or else the one with the most left. Raises CannotSell."""
        place = self._seller(seller)
        product = self._product(button)
        today = trade_day(self.now(), dt.time.fromisoformat(place["trade_day_starts_at"]))
        own = [
            row
            for row in self.state.batches.values()
            if row["seller_place"] == place["token"] and row["product_code"] == product
        ]
        free = [row for row in own if not self.on_hold(row)]
        fresh = [row for row in free if dt.date.fromisoformat(row["expires_on"]) >= today]
        if not fresh:
            raise CannotSell("expired" if free else "on_hold" if own else "no_batch")
        fresh.sort(key=lambda row: dt.datetime.fromisoformat(row["made_at"]))
        enough = (row for row in fresh if self.left_kg(row) >= weight_kg)
        return next(enough, None) or max(fresh, key=self.left_kg)

    def weigh(
        self,
        button: int,
        weight_kg: str,
        buyer: Buyer,
        *,
        seller: str | None = None,
        unit_price_fen: int | None = None,
    ) -> Slip:
        """Sell one product. As `sell`."""
        return self.sell([Weighing(button, weight_kg, unit_price_fen)], buyer, seller=seller)

    def sell(self, weighings: Sequence[Weighing], buyer: Buyer, *, seller: str | None = None) -> Slip:
        """Sell, and return the slip to print. `seller` is a stall's token; needed where the scale serves several.

        Raises CannotSell, and OSError when the disk does not take it; then nothing has changed.
        """
        if not weighings:
            raise CannotSell("no_lines")
        if not self.state.codes:
            raise CannotSell("no_codes")
        place = self._seller(seller)
        slip_lines: list[SlipLine] = []
        sent_lines: list[Row] = []
        for weighing in weighings:
            slip_line, sent_line = self._line(weighing, place["token"], sent_lines)
            slip_lines.append(slip_line)
            sent_lines.append(sent_line)
        code = self.state.codes[0]
        sold_at = self.now().replace(microsecond=0)
        self._keep(
            {
                "sequence": self.state.sequence + 1,
                "token": code["token"],
                "typed_code": code["typed_code"],
                "sold_at": sold_at.isoformat(),
                "offline": not self.online,
                "cursor": self.state.cursor,
                "seller_place": place["token"],
                "buyer": buyer.as_sent(),
                "lines": sent_lines,
            }
        )
        return Slip(
            sequence=self.state.sequence,
            token=code["token"],
            code=grouped(code["typed_code"]),
            url=self.state.voucher_url + code["token"],
            market_name=place["market_name"],
            seller_name=place["seller_name"],
            stall_no=place["stall_no"],
            seller_phone=place["seller_phone"],
            buyer_name=buyer.name or self._name_of(buyer.token),
            sold_at=sold_at,
            lines=tuple(slip_lines),
            offline=not self.online,
        )

    def _keep(self, sale):
        state = self.state
        before = (state.sequence, state.codes, state.queue)
        state.sequence, state.codes, state.queue = sale["sequence"], state.codes[1:], [*state.queue, sale]
        try:
            self.memory.save()
        except OSError:
            state.sequence, state.codes, state.queue = before
            raise

    def _line(self, weighing, seller, earlier):
        try:
            weight_kg = read_kg(weighing.weight_kg)
        except ValueError as error:
            raise CannotSell("bad_weight") from error
        batch = self.batch_for(weighing.button, weight_kg, seller=seller)
        price = weighing.unit_price_fen
        amount = None if price is None else amount_fen(weight_kg, price)
        same_slip = (Decimal(line["weight_kg"]) for line in earlier if line["batch_token"] == batch["token"])
        slip_line = SlipLine(
            product_name=batch["product_name"],
            origin_text=batch["origin_text"],
            weight_kg=weight_kg,
            batch_code=grouped(batch["typed_code"]),
            test_text=batch["test_text"],
            unit_price_fen=price,
            amount_fen=amount,
            overdrawn=weight_kg + sum(same_slip, Decimal(0)) > self.left_kg(batch),
        )
        sent_line = {
            "batch_token": batch["token"],
            "weight_kg": plain(weight_kg),
            "unit_price_fen": price,
            "amount_fen": amount,
        }
        return slip_line, sent_line

    def _seller(self, token):
        places = self.state.places
        if token is None and len(places) == 1:
            return next(iter(places.values()))
        if token not in places:
            raise CannotSell("unknown_seller")
        return places[token]

    def _product(self, number):
        for button in self.state.buttons.values():
            if button["number"] == number:
                return button["product_code"]
        raise CannotSell("unknown_button")

    def _name_of(self, token):
        return next((row["name"] for row in self.state.buyers.values() if row["token"] == token), token)
