"""Whom the traders of a history buy from: remembered per trader, as `services.suppliers.remember` would."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from registry.models import Product, Region, Supplier
from registry.models.contact import phone_fields

from .stage import Stand

Past = Supplier.history.model
_USED = """
UPDATE registry_supplier SET last_used_at = used.at
  FROM (SELECT supplier_id, max(at) AS at
          FROM (SELECT supplier_id, declared_at AS at FROM traceability_declaration WHERE district_id = %s
                UNION ALL
                SELECT supplier_id, taken_at FROM traceability_intake WHERE district_id = %s) AS goods
         GROUP BY supplier_id) AS used
 WHERE registry_supplier.id = used.supplier_id
"""


@dataclass(frozen=True, slots=True)
class Known:
    pk: str
    name: str
    address: str
    phone: str


class Suppliers:
    """Goods of one kind and county come from one supplier, whoever buys them."""

    def __init__(self, ledger):
        self.ledger, self.dice = ledger, ledger.dice
        self.contacts: dict = {}
        self.known: dict = {}

    def of(self, stand: Stand, product: Product, region: Region, at: dt.datetime) -> Known:
        key = product.category_id, region.pk
        if key not in self.contacts:
            self.contacts[key] = self.contact(product, region)
        name, address, phone = self.contacts[key]
        known = stand.organisation_id, name, phone["phone"]
        if known not in self.known:
            self.known[known] = self.remember(stand, at, name, address, phone)
        return self.known[known]

    def contact(self, product, region):
        if region.level == "country":
            return self.dice.names.importer(), "广州市南沙区", phone_fields(self.dice.phone())
        name = self.dice.names.supplier(product.category_id, region.name)
        return name, region.full_name, phone_fields(self.dice.phone())

    def remember(self, stand, at, name, address, phone) -> Known:
        row = self.ledger.add(
            Supplier, at, district_id=stand.district_id, organisation_id=stand.organisation_id, name=name,
            address=address, last_used_at=at, **phone,
        )  # fmt: skip
        past = {each: value for each, value in row.items() if each != "last_used_at"}
        past.update(history_id=self.ledger.ids.at(at), history_date=at, history_type="+")
        self.ledger.writers[Past].add(past)
        return Known(row["id"], name, address, phone["phone"])


def say_when_used(district_id: str) -> None:
    """The last time goods came from each of them."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [district_id, district_id])
