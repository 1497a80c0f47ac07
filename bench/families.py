"""Goods for measurements, written by COPY: batches of a wholesale market and everything that came from them.

A family is one wholesale batch, its ten second-tier buyers, and the stalls and canteens these sold to. Everybody who
holds goods has a stall, an account and a code, as in the platform.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from django.core.management import call_command
from django.db import connection, models, transaction

from kit import clock, codes
from kit.ids import uuid7
from kit.models import PublicCode
from registry.models import Account, Grant, Market, Organisation, Place, Product, Region
from registry.roles import Role
from traceability.models import Batch, Intake, TestItem, TestPoint, Voucher, VoucherLine

DISTRICT = "440607"
SECOND_TIER = 10
SOLD_KG = Decimal(5)
A_WRITE = 20_000


def prepare() -> None:
    """An empty database with its tables and reference data."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    empty()


def empty() -> None:
    """Take away what an earlier measurement left; the owner may."""
    tables = [model._meta.db_table for model in (Batch, PublicCode, Place, Account, Organisation, Market)]
    with psycopg.connect(os.environ["MIGRATE_DATABASE_URL"], autocommit=True) as owner:
        owner.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def copy(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows by COPY; fields not named take their defaults."""
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    rows = iter(rows)
    while some := list(itertools.islice(rows, A_WRITE)):
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(into) as stream:
            for row in some:
                stream.write_row([_value(field, row) for field in fields])


def _value(field: models.Field, row: dict[str, Any]) -> Any:
    value = row[field.attname] if field.attname in row else field.get_default()
    return field.get_db_prep_save(value, connection)


@dataclass
class Trade:
    """What every family shares: one wholesale and one retail market, a product, a point with its tester."""

    at: dt.datetime
    market: Market
    retail: Market
    organisation: Organisation
    product: Product
    town: Region
    point: TestPoint
    tester: Account
    item: TestItem

    @property
    def day(self) -> dt.date:
        return self.at.date()


def start_trade() -> Trade:
    at = clock.now()
    town = Region.objects.filter(parent_id=DISTRICT).order_by("code").first()
    organisation = Organisation.objects.create(
        name="百旺城市场", kind="enterprise", uscc="91440607MA4UABCD12", address="百旺大道 1 号"
    )
    where = {"district_id": DISTRICT, "organisation": organisation, "town": town, "address": "百旺大道 1 号"}
    market = Market.objects.create(name="百旺城批发市场", kind="wholesale", **where)
    retail = Market.objects.create(name="西南农贸市场", kind="retail", **where)
    tester = Account.objects.create(username="bench-tester", name="检测员")
    Grant.objects.create(district_id=DISTRICT, account=tester, role=Role.TESTER, market=market, granted_at=at)
    point = TestPoint.objects.create(
        district_id=DISTRICT, market=market, kind="wholesale", code="000001", name="百旺城快检室", town=town,
        organisation=organisation, opened_on=at.date(),
    )  # fmt: skip
    item, _ = TestItem.objects.get_or_create(
        code="MEASURED",
        defaults={"name": "测试用禁用药物", "name_en": "Measured", "group": "veterinary", "banned": True},
    )
    product = Product.objects.order_by("code").first()
    return Trade(at, market, retail, organisation, product, town, point, tester, item)


def add_families(trade: Trade, families: int, size: int) -> list[UUID]:
    """`families` of `size` batches below one wholesale batch each; the ids of the wholesale batches."""
    whole = [Family(trade, size) for _ in range(families)]
    for model in (PublicCode, Account, Place, Grant, Batch, Voucher, VoucherLine, Intake):
        copy(model, (row for family in whole for row in family.rows[model]))
    with psycopg.connect(os.environ["MIGRATE_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
    return [family.root for family in whole]


class Family:
    def __init__(self, trade: Trade, size: int) -> None:
        self.trade = trade
        self.rows: dict[type[models.Model], list[dict[str, Any]]] = {
            model: [] for model in (PublicCode, Account, Place, Grant, Batch, Voucher, VoucherLine, Intake)
        }
        self.root, place = self.batch(trade.market, None, weight_kg=SOLD_KG * size * 2)
        middlemen = [self.sale(trade.market, self.root, place, SOLD_KG * size) for _ in range(min(SECOND_TIER, size))]
        sellers = itertools.islice(itertools.cycle(middlemen), size - len(middlemen))
        for batch_id, seller in sellers:
            self.sale(trade.retail, batch_id, seller, SOLD_KG)

    def sale(self, market: Market, parent: UUID, seller: UUID, weight_kg: Decimal) -> tuple[UUID, UUID]:
        """A voucher of one line, taken in at a new stall."""
        line, voucher = uuid7(), uuid7()
        batch_id, place = self.batch(market, parent, weight_kg=weight_kg, line=line)
        trade, common = self.trade, {"district_id": DISTRICT}
        token, typed = self.code("v", voucher)
        self.rows[Voucher].append(common | {
            "id": voucher, "token": token, "typed_code": typed, "place_id": seller, "seller_name": "批发档",
            "organisation_id": trade.organisation.pk, "market_name": trade.market.name, "stall_no": "A1",
            "trade_day": trade.day, "sold_at": trade.at, "recorded_at": trade.at, "buyer_place_id": place,
            "buyer_district_id": DISTRICT, "buyer_organisation_id": trade.organisation.pk, "buyer_name": "买家",
            "sold_by_id": None,
        })  # fmt: skip
        self.rows[VoucherLine].append(common | {
            "id": line, "voucher_id": voucher, "position": 1, "batch_id": parent, "product_id": trade.product.pk,
            "product_name": trade.product.name, "origin_text": trade.town.full_name, "weight_kg": weight_kg,
            "accepted_kg": weight_kg,
        })  # fmt: skip
        self.rows[Intake].append(common | {
            "id": uuid7(), "source": "voucher", "place_id": place, "organisation_id": trade.organisation.pk,
            "batch_id": batch_id, "voucher_line_id": line, "voucher_district_id": DISTRICT,
            "product_id": trade.product.pk, "quantity": weight_kg, "unit": "kg", "weight_kg": weight_kg,
            "origin_region_id": trade.town.pk, "supplier_name": "批发档", "trade_day": trade.day, "taken_at": trade.at,
            "taken_by_id": trade.tester.pk, "client_key": uuid7(),
        })  # fmt: skip
        return batch_id, place

    def batch(self, market: Market, parent: UUID | None, *, weight_kg: Decimal, line: UUID | None = None):
        trade, batch_id = self.trade, uuid7()
        token, typed = self.code("b", batch_id)
        place = self.place(market)
        self.rows[Batch].append({
            "id": batch_id, "district_id": DISTRICT, "token": token, "typed_code": typed, "state": "admitted",
            "place_id": place, "organisation_id": trade.organisation.pk, "product_id": trade.product.pk,
            "origin_region_id": trade.town.pk, "parent_id": parent, "source_line_id": line,
            "source_district_id": DISTRICT if line else "", "trade_day": trade.day, "made_at": trade.at,
            "expires_on": trade.day + dt.timedelta(days=3), "evidence_level": 1, "admitted_kg": weight_kg,
        })  # fmt: skip
        return batch_id, place

    def place(self, market: Market) -> UUID:
        """A stall with its keeper, who has an account."""
        trade, place, account = self.trade, uuid7(), uuid7()
        token, typed = self.code("s", place)
        self.rows[Place].append({
            "id": place, "district_id": DISTRICT, "token": token, "typed_code": typed, "kind": "stall",
            "organisation_id": trade.organisation.pk, "town_id": trade.town.pk, "market_id": market.pk,
            "stall_no": place.hex[-14:], "name": "测试档",
        })  # fmt: skip
        self.rows[Account].append({"id": account, "username": account.hex, "name": "档主", "created_at": trade.at})
        self.rows[Grant].append({
            "id": uuid7(), "district_id": DISTRICT, "account_id": account, "granted_at": trade.at, "place_id": place,
            "organisation_id": trade.organisation.pk,
            "role": Role.VENDOR if market is trade.retail else Role.WHOLESALER,
        })  # fmt: skip
        return place

    def code(self, kind: str, target: UUID) -> tuple[str, str]:
        token, typed = codes.new_token(), codes.new_typed_code()
        self.rows[PublicCode].append({
            "token": token, "typed_code": typed, "kind": kind, "district_id": DISTRICT, "target_id": target,
            "state": "active", "issued_at": self.trade.at,
        })  # fmt: skip
        return token, typed
