"""Load the reference data as shipped. Safe to run at every start, and by two processes at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db import transaction

from kit import clock
from kit.refusals import Conflict
from registry import reference
from registry.models import Product, ProductAlias, ProductCategory, ReferenceSet, Region
from registry.pinyin import READINGS, initials, pinyin
from registry.romanise import TABLE, english_name


class ProductNameTaken(Conflict):
    """A product that somebody added by hand bears the name of one that is shipped."""

    code = "product_name_taken"


@dataclass(frozen=True)
class Loaded:
    """`written` rows were new or had changed; `retired` ones are no longer shipped."""

    name: str
    shipped: int
    written: int
    retired: int


@transaction.atomic
def load_reference() -> tuple[Loaded, ...]:
    """Write every row whose shipped form changed since it was last loaded, and no other.

    What people added or changed by hand stays until its shipped row changes. A product no longer
    shipped is switched off, an alias removed; regions and categories stay, since records name them.
    Raises ProductNameTaken.
    """
    return (
        load_set("regions", reference.regions(), write=_write_regions),
        load_set("categories", reference.categories(), write=_write_categories),
        load_set("products", reference.products(), write=_write_products, retire=_retire_products),
        load_set("aliases", reference.aliases(), write=_write_aliases, retire=_retire_aliases),
    )


def load_set(name: str, records: Sequence, *, write: Callable, retire: Callable | None = None) -> Loaded:
    """Write what changed of one set of reference data since it was last loaded, by the digest of each record's code."""
    ReferenceSet.objects.get_or_create(name=name, defaults={"loaded_at": clock.now})
    known = ReferenceSet.objects.select_for_update().get(name=name)
    shipped = {record.code: _digest(record) for record in records}
    changed = [record for record in records if known.digests.get(record.code) != shipped[record.code]]
    gone = sorted(known.digests.keys() - shipped.keys())
    if gone and retire:
        retire(gone)
    if changed:
        write(changed)
    if changed or gone:
        known.digests, known.loaded_at = shipped, clock.now()
        known.save()
    return Loaded(name, shipped=len(shipped), written=len(changed), retired=len(gone))


def _write_regions(records):
    upsert(
        Region,
        ("code",),
        (
            Region(
                code=record.code,
                name=record.name,
                full_name=record.full_name,
                name_en=record.name_en or english_name(record.name),
                level=record.level,
                parent_id=record.parent,
                pinyin=pinyin(record.name),
                initials=initials(record.name),
            )
            for record in records
        ),
    )


def _write_categories(records):
    upsert(
        ProductCategory,
        ("code",),
        (
            ProductCategory(code=each.code, name=each.name, name_en=each.name_en, position=int(each.code))
            for each in records
        ),
    )


def _write_products(records):
    names = {record.name: record.code for record in records}
    taken = Product.objects.filter(name__in=names).values_list("name", "code")
    clashes = sorted(name for name, code in taken if names[name] != code)
    if clashes:
        raise ProductNameTaken(f"Products added by hand bear shipped names: {', '.join(clashes)}", names=clashes)
    upsert(
        Product,
        ("code",),
        (
            Product(
                code=record.code,
                category_id=record.category,
                name=record.name,
                name_en=record.name_en,
                pinyin=pinyin(record.name),
                initials=initials(record.name),
                unit=record.unit,
                kg_per_unit=record.kg_per_unit,
                shelf_days=record.shelf_days,
                is_meat=record.is_meat,
                required_papers=[paper.value for paper in record.required_papers],
                commitment_certificate=record.commitment_certificate,
                position=record.position,
            )
            for record in records
        ),
        kept=("active",),
    )


def _write_aliases(records):
    upsert(
        ProductAlias,
        ("product", "alias"),
        (
            ProductAlias(
                product_id=record.product,
                alias=record.alias,
                pinyin=pinyin(record.alias),
                initials=initials(record.alias),
            )
            for record in records
        ),
        kept=("id",),
    )


def _retire_products(codes):
    Product.objects.filter(code__in=codes).update(active=False)


def _retire_aliases(codes):
    for code in codes:
        product, _, alias = code.partition("/")
        ProductAlias.objects.filter(product=product, alias=alias).delete()


def upsert(model, unique_fields, rows: Iterable, kept=()):
    """Insert, or update every column but the unique and the kept ones."""
    columns = [field.name for field in model._meta.concrete_fields]
    model.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=unique_fields,
        update_fields=[column for column in columns if column not in (*unique_fields, *kept)],
    )


def _digest(record) -> str:
    return blake2b(repr(record).encode() + _WRITING, digest_size=8).hexdigest()


_WRITING = READINGS.read_bytes() + TABLE.read_bytes()
"""Readings and English names are worked out while writing: when their tables change, every row does."""
