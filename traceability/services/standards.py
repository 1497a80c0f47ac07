"""What is tested, how and against which limit, in the hands of the district. A version is added, never changed:
a test of last week stays readable with the rule of its day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from kit import clock, locks
from kit.transitions import StaleState
from registry.actors import Actor
from registry.models import Product, ProductCategory
from registry.permissions import require_role
from registry.services.checks import Checks, unique
from traceability.judging import PERCENT, UNITS
from traceability.models import TestItem, TestLimit, TestMethod
from traceability.models.test_standards import Versioned
from traceability.selectors.standard_versions import chain_of


@dataclass(frozen=True, kw_only=True)
class From:
    """The first day of a version and what it rests on; `verified`: somebody compared it with that text."""

    effective_from: dt.date
    source: str
    verified: bool = False


@dataclass(frozen=True, kw_only=True)
class MethodDetails:
    method_no: str
    title: str
    principle: str
    lod: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class LimitDetails:
    """For a product, for a category, or for all goods when neither is named."""

    kind: str
    value: Decimal | None = None
    unit: str = ""
    category: ProductCategory | None = None
    product: Product | None = None


@dataclass(frozen=True, kw_only=True)
class ItemDetails:
    name: str
    name_en: str
    group: str
    banned: bool = False
    categories: Sequence[str] = ()
    active: bool = True


@transaction.atomic
def add_item(actor: Actor, *, code: str, details: ItemDetails) -> TestItem:
    """A further thing to test for; sent twice, it is one. Raises `Invalid` for a code or a name that is taken."""
    require_role(actor, "manage_test_standards")
    code = code.strip().upper()
    if earlier := TestItem.objects.filter(pk=code, name=details.name.strip()).first():
        return earlier
    checks = Checks()
    checks.require("code", code.isascii() and code.replace("_", "").isalnum(), gettext("Letters and digits only."))
    checks.require("code", not TestItem.objects.filter(pk=code).exists(), gettext("There is an item of this code."))
    checks.done()
    item = TestItem(code=code, position=TestItem.objects.count() + 1)
    return _kept(item, details, force_insert=True)


@transaction.atomic
def change_item(actor: Actor, *, item: TestItem, details: ItemDetails) -> TestItem:
    """What is said of an item; switched off, it is offered no more, and what was tested stays."""
    require_role(actor, "manage_test_standards")
    return _kept(TestItem.objects.select_for_update().get(pk=item.pk), details)


def _kept(item, details, **how):
    checks = Checks()
    checks.require("name", details.name.strip(), gettext("Give the item its name."))
    checks.done()
    item.name, item.name_en = details.name.strip(), details.name_en.strip() or details.name.strip()
    item.group, item.banned, item.active = details.group, details.banned, details.active
    item.categories = sorted(details.categories)
    with unique("traceability_testitem_name_key", "name", gettext("There is an item of this name.")):
        item.save(**how)
    return item


@transaction.atomic
def add_method(
    actor: Actor, *, item: TestItem, details: MethodDetails, version: From, client_key: uuid.UUID
) -> TestMethod:
    """A method, or a new version of one. `client_key` becomes its id: sent twice, it is one."""
    checks = Checks()
    checks.require("method_no", details.method_no.strip(), gettext("Give the method its number."))
    checks.require("title", details.title.strip(), gettext("Give the method its title."))
    checks.require("lod", details.lod is None or details.lod > 0, gettext("More than nothing."))
    checks.require("unit", details.lod is None or details.unit in UNITS, gettext("Say in which unit."))
    unit = details.unit if details.lod is not None else ""
    fields = asdict(details) | {"method_no": details.method_no.strip(), "title": details.title.strip(), "unit": unit}
    row = TestMethod(id=client_key, item=item, **fields)
    return _added(actor, row, version, checks, "test_method_version_once")


@transaction.atomic
def add_limit(
    actor: Actor, *, item: TestItem, details: LimitDetails, version: From, client_key: uuid.UUID
) -> TestLimit:
    """A limit for some goods, or a new version of one. `client_key` becomes its id: sent twice, it is one."""
    checks = Checks()
    checks.require(
        "category", not (details.category and details.product), gettext("A category or a product, not both.")
    )
    value, unit = details.value, details.unit
    if details.kind == TestLimit.Kind.NOT_DETECTED:
        value, unit = None, ""
    else:
        checks.require("value", value is not None and value > 0, gettext("Give the number."))
        known = {PERCENT} if details.kind == TestLimit.Kind.INHIBITION else set(UNITS)
        checks.require("unit", unit in known, gettext("Say in which unit; an inhibition rate is in percent."))
    row = TestLimit(
        id=client_key, item=item, category=details.category, product=details.product, kind=details.kind, value=value,
        unit=unit,
    )  # fmt: skip
    return _added(actor, row, version, checks, "test_limit_version_once")


@transaction.atomic
def retire(actor: Actor, *, version: Versioned, at: From, client_key: uuid.UUID) -> Versioned:
    """From a day on this method or limit is no more; what was tested before stays judged by it.

    Raises `StaleState` when the last word on it is that it ends.
    """
    require_role(actor, "manage_test_standards")
    newest = chain_of(version).order_by("effective_from").last()
    if newest.retired and newest.pk != client_key:
        raise StaleState(state="retired", to="retired", kind=type(version).__name__)
    kept = {
        field.attname: getattr(version, field.attname)
        for field in version._meta.concrete_fields
        if field.name not in ("id", "effective_from", "retired", "source", "verified", "made_at", "made_by")
    }
    constraint = "test_method_version_once" if isinstance(version, TestMethod) else "test_limit_version_once"
    return _added(actor, type(version)(id=client_key, retired=True, **kept), at, Checks(), constraint)


def _added(actor, row, version, checks, constraint):
    require_role(actor, "manage_test_standards")
    locks.one_request(row.pk)
    if earlier := type(row).objects.filter(pk=row.pk).first():
        return earlier
    at = clock.now()
    checks.require(
        "effective_from", version.effective_from >= at.date(),
        gettext("A version begins today or later: what was tested before was judged by the rule of its day."),
    )  # fmt: skip
    checks.require("source", version.source.strip(), gettext("Name the standard or announcement it rests on."))
    checks.done()
    row.effective_from, row.source, row.verified = version.effective_from, version.source.strip(), version.verified
    row.made_at, row.made_by = at, actor.account_id
    with unique(constraint, "effective_from", gettext("There is already a version that begins on this day.")):
        row.save(force_insert=True)
    return row
