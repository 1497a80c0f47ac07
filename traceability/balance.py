"""Mass balance: where the kilograms of a batch are.

A wholesaler's sales are recorded, so that `sold_kg <= admitted_kg + overdrawn_kg` always holds: a person
cannot oversell, a scale that did raises `overdrawn_kg` and is asked for a supplementary declaration 补报.
At retail nobody records sales: what is left when the shelf life ends is presumed sold 推定已售, and
no page claims more than that.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)


def expires_on(day: date, shelf_days: int) -> date:
    """The last trade day on which goods taken in on `day` may be on sale.

    Meat with one shelf day, taken in on the 20th, is on sale on the 20th and gone from the page on the 21st.
    """
    if shelf_days < 1:
        raise ValueError("goods keep for at least their own day")
    return day + timedelta(days=shelf_days - 1)


def expired(expires_on: date, today: date) -> bool:
    return today > expires_on


@dataclass(frozen=True, kw_only=True)
class Movements:
    """What is recorded of the kilograms of one batch. All at least zero.

    `received_kg`: admitted at the gate, or taken in from a voucher. `sold_kg`: on vouchers of its own.
    `withdrawn_kg`: taken off sale 下架 and still there. `disposed_kg`: destroyed. `returned_kg`: back to
    the supplier. `lost_kg`: waste the keeper reported 损耗. `overdrawn_kg`: sold by a scale beyond what
    was received.
    """

    received_kg: Decimal
    sold_kg: Decimal = ZERO
    withdrawn_kg: Decimal = ZERO
    disposed_kg: Decimal = ZERO
    returned_kg: Decimal = ZERO
    lost_kg: Decimal = ZERO
    overdrawn_kg: Decimal = ZERO

    def __post_init__(self):
        if any(getattr(self, field.name) < 0 for field in fields(self)):
            raise ValueError("kilograms are never below zero")

    @property
    def left_kg(self) -> Decimal:
        """What no record has taken away; never below zero, an overdraft is not stock."""
        gone = self.sold_kg + self.withdrawn_kg + self.disposed_kg + self.returned_kg + self.lost_kg
        return max(ZERO, self.received_kg + self.overdrawn_kg - gone)


def overdraft_kg(movements: Movements, weight_kg: Decimal) -> Decimal:
    """By how much `overdrawn_kg` must rise for a device's sale of `weight_kg` to be recorded."""
    return max(ZERO, weight_kg - movements.left_kg)


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Every received kilogram is in exactly one of these (sales of a scale beyond it aside)."""

    on_hand_kg: Decimal = ZERO
    sold_kg: Decimal = ZERO
    withdrawn_kg: Decimal = ZERO
    disposed_kg: Decimal = ZERO
    returned_kg: Decimal = ZERO
    lost_kg: Decimal = ZERO
    presumed_sold_kg: Decimal = ZERO
    unaccounted_kg: Decimal = ZERO


def whereabouts(
    movements: Movements,
    *,
    today: date,
    expires_on: date,
    retail: bool,
    held_on: date | None = None,
    found_kg: Decimal | None = None,
) -> Whereabouts:
    """Where the kilograms are on trade day `today`.

    Only at `retail` may the rest be presumed sold, and only if its shelf life ended before it was held
    (`held_on`, the trade day of the earliest open hold). A wholesaler's rest stays on hand: its sales are
    all recorded. `found_kg` is what a person counted under the hold: the rest is then presumed sold, if
    the shelf life had ended before the hold, and otherwise unaccounted for.
    """
    left_kg = movements.left_kg
    sellable_until_expiry = retail and expired(expires_on, held_on or today)
    on_hand_kg = min(found_kg, left_kg) if found_kg is not None else ZERO if sellable_until_expiry else left_kg
    gone_kg = left_kg - on_hand_kg
    return Whereabouts(
        on_hand_kg=on_hand_kg,
        sold_kg=movements.sold_kg,
        withdrawn_kg=movements.withdrawn_kg,
        disposed_kg=movements.disposed_kg,
        returned_kg=movements.returned_kg,
        lost_kg=movements.lost_kg,
        presumed_sold_kg=gone_kg if sellable_until_expiry else ZERO,
        unaccounted_kg=ZERO if sellable_until_expiry else gone_kg,
    )
