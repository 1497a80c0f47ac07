"""Load test items, methods and limits as shipped. Safe to run at every start, and by two processes at once."""

from django.db import transaction

from kit import clock
from kit.refusals import Conflict
from registry.services.load_reference import Loaded, load_set, upsert
from traceability import reference
from traceability.models import TestItem, TestLimit, TestMethod


class ItemNameTaken(Conflict):
    """An item that somebody added by hand bears the name of one that is shipped."""

    code = "item_name_taken"


@transaction.atomic
def load_standards() -> tuple[Loaded, ...]:
    """Write the items whose shipped form changed, and add the versions that are not there yet.

    What the district changed by hand stays: an item until its shipped row changes, a version for good, since a
    version is never changed. An item no longer shipped is switched off. Needs the catalogue of goods.
    Raises ItemNameTaken.
    """
    return (
        load_set("test_items", reference.items(), write=_write_items, retire=_retire_items),
        load_set("test_methods", reference.methods(), write=_add_methods),
        load_set("test_limits", reference.limits(), write=_add_limits),
    )


def _write_items(records):
    names = {each.name: each.code for each in records}
    taken = TestItem.objects.filter(name__in=names).values_list("name", "code")
    clashes = sorted(name for name, code in taken if names[name] != code)
    if clashes:
        raise ItemNameTaken(f"Items added by hand bear shipped names: {', '.join(clashes)}", names=clashes)
    upsert(
        TestItem,
        ("code",),
        (
            TestItem(
                code=each.code,
                name=each.name,
                name_en=each.name_en,
                group=each.group,
                banned=each.banned,
                categories=list(each.categories),
                position=each.position,
            )
            for each in records
        ),
        kept=("active",),
    )


def _retire_items(codes):
    TestItem.objects.filter(code__in=codes).update(active=False)


def _add_methods(records):
    at = clock.now()
    TestMethod.objects.bulk_create(
        [
            TestMethod(
                item_id=each.item,
                method_no=each.method_no,
                title=each.title,
                principle=each.principle,
                lod=each.lod,
                unit=each.unit,
                made_at=at,
                **_version(each),
            )
            for each in records
        ],
        ignore_conflicts=True,
    )


def _add_limits(records):
    at = clock.now()
    TestLimit.objects.bulk_create(
        [
            TestLimit(
                item_id=each.item,
                category_id=each.category,
                product_id=each.product,
                kind=each.kind,
                value=each.value,
                unit=each.unit,
                made_at=at,
                **_version(each),
            )
            for each in records
        ],
        ignore_conflicts=True,
    )


def _version(record):
    return {"effective_from": record.effective_from, "source": record.source, "verified": record.verified}
