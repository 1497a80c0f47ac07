"""A scale in a terminal: buttons, a plate that is typed, and the slip on the screen."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from kit import qr
from traceability.scale.client import Buyer, CannotSell, Scale
from traceability.scale.slip import Slip, plain, slip_text
from traceability.scale.sync import Sync

NOTHING = Decimal(0)


class Terminal:
    """Reads one line at a time, writes to `write`. `cable` is the network cable: it can be pulled."""

    def __init__(self, scale: Scale, sync: Sync, write: Callable[[str], None]) -> None:
        self.scale = scale
        self.sync = sync
        self.write = write
        self.cable = True
        self.seller: str | None = None

    def start(self) -> None:
        self.refresh(at_once=True)
        self.show()

    def refresh(self, *, at_once: bool = False) -> None:
        """Send and fetch, if the cable is in."""
        if not self.cable:
            self.scale.online = False
            return
        report = self.sync.run(at_once=at_once)
        if report.sent:
            self.write(_("Sent: %(count)d") % {"count": report.sent})
        for notice in report.notices:
            words = ", ".join(filter(None, [notice["code"], *(notice["flags"] or [])]))
            self.write(_("Sale #%(sequence)d needs attention: %(words)s") % {**notice, "words": words})
        if report.refused:
            self.write(_("The platform refuses this scale: %(code)s") % {"code": report.refused})

    def show(self) -> None:
        """Buttons, recent buyers and what is waiting."""
        places = self.scale.state.places
        self.seller = self.seller if self.seller in places else next(iter(places), None)
        if not self.seller:
            self.write(_("This scale serves no stall yet. Connect it to the network."))
            return
        place = places[self.seller]
        self.write(f"{place['market_name']} · {place['stall_no']} · {place['seller_name']}")
        for button in self.scale.buttons():
            self.write(f"  [{button['number']}] {button['label']}  {self._stock(button['number'])}")
        for number, buyer in enumerate(self.scale.buyers(self.seller), 1):
            self.write(f"  @{number} {buyer.name}")
        state = self.scale.state
        self.write(
            _("%(link)s · %(queue)d waiting · %(codes)d codes left")
            % {
                "link": _("online") if self.scale.online else _("offline"),
                "queue": len(state.queue),
                "codes": len(state.codes),
            }
        )
        self.write(
            _("Type: button kg @buyer [yuan/kg]  e.g. 3 25.40 @1 6.5 · s sync · n network · m market stalls · q quit")
        )

    def handle(self, line: str) -> bool:
        """Do what a line says; False when it says to quit."""
        match line.split():
            case []:
                self.refresh()
                self.show()
            case ["q"]:
                return False
            case ["s"]:
                self.refresh(at_once=True)
                self.show()
            case ["n"]:
                self.cable = not self.cable
                self.refresh(at_once=True)
                self.show()
            case ["m", *rest]:
                self._stalls(rest)
            case [button, weight_kg, buyer, *price]:
                self._sell(button, weight_kg, buyer, price)
            case _:
                self.show()
        return True

    def _stock(self, number):
        try:
            batch = self.scale.batch_for(number, NOTHING, seller=self.seller)
        except CannotSell as refusal:
            return _(refusal.words)
        return f"{batch['origin_text']} {plain(self.scale.left_kg(batch))} kg"

    def _stalls(self, rest):
        places = list(self.scale.state.places.values())
        if rest and rest[0].isdecimal() and 1 <= int(rest[0]) <= len(places):
            self.seller = places[int(rest[0]) - 1]["token"]
            self.show()
            return
        for number, place in enumerate(places, 1):
            self.write(f"  m {number}  {place['stall_no']} {place['seller_name']}")

    def _sell(self, button, weight_kg, buyer, price):
        try:
            slip = self.scale.weigh(
                int(button) if button.isdecimal() else 0,
                weight_kg,
                self._buyer(buyer),
                seller=self.seller,
                unit_price_fen=_fen(price),
            )
        except CannotSell as refusal:
            self.write(_(refusal.words))
            return
        self._print(slip)
        self.refresh()

    def _buyer(self, text):
        """`@2` is a tile, an address is a scan, `name/phone` is a walk-in customer."""
        if text.startswith("@"):
            tiles = self.scale.buyers(self.seller)
            number = text[1:]
            if not (number.isdecimal() and 1 <= int(number) <= len(tiles)):
                raise CannotSell("no_buyer")
            return tiles[int(number) - 1]
        if "://" in text:
            return Buyer.scanned(text)
        name, _separator, phone = text.partition("/")
        return Buyer.walk_in(name, phone)

    def _print(self, slip: Slip) -> None:
        self.write(slip_text(slip))
        self.write(qr_text(slip.url))
        if slip.overdrawn:
            self.write(_("More than the declared weight: file a supplementary declaration."))


def qr_text(url: str) -> str:
    """A QR in half blocks, its light modules drawn bright: made for a terminal with a dark background."""
    dark = qr.modules(url)
    side = (False,) * qr.QUIET_ZONE
    blank = (False,) * (len(dark) + 2 * qr.QUIET_ZONE)
    rows = [*[blank] * qr.QUIET_ZONE, *((*side, *row, *side) for row in dark), *[blank] * (qr.QUIET_ZONE + 1)]
    blocks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    pairs = zip(rows[::2], rows[1::2], strict=False)
    return "\n".join("".join(blocks[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


def _fen(price):
    """`["6.5"]` as 650; None when no price was typed."""
    if not price:
        return None
    whole, _point, decimals = price[0].partition(".")
    if not (whole.isdecimal() and len(decimals) <= 2 and (decimals or "0").isdecimal()):
        raise CannotSell("bad_price")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))
