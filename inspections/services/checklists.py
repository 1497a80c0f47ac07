"""检查表: a draft is made from the version in use, put right item by item, and published; the earlier one retires.

Visits already taken keep the version they were published with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from inspections.models import Checklist, ChecklistItem
from inspections.refusals import NotADraft
from inspections.states import CHECKLIST
from kit import clock
from kit.refusals import NotFound
from kit.transitions import move
from registry.actors import Actor
from registry.permissions import require
from registry.services.checks import Checks, unique

MOST_PHOTOS = 9
MOST_ITEMS = 60


@dataclass(frozen=True, kw_only=True)
class Item:
    code: str
    text: str
    key: bool = False
    evidence: str = "none"
    unit: str = ""
    measures: Sequence[str] = ()


@transaction.atomic
def draft_from(actor: Actor, *, checklist: Checklist) -> Checklist:
    """A draft with the items of a version; the draft there is already, when there is one."""
    require(actor, "manage_work_rules", district=checklist.district_id)
    same_code = Checklist.objects.filter(district_id=checklist.district_id, code=checklist.code)
    versions = list(same_code.select_for_update().order_by("pk"))
    for each in versions:
        if each.state == Checklist.State.DRAFT:
            return each
    draft = Checklist.objects.create(
        district_id=checklist.district_id, code=checklist.code, version=max(each.version for each in versions) + 1,
        audience=checklist.audience, title=checklist.title, min_photos=checklist.min_photos, made_at=clock.now(),
        made_by_id=actor.account_id,
    )  # fmt: skip
    copied = ("position", "code", "text", "key", "evidence", "unit", "measures")
    ChecklistItem.objects.bulk_create(
        ChecklistItem(district_id=draft.district_id, checklist=draft, **{name: getattr(item, name) for name in copied})
        for item in _items(checklist)
    )
    return draft


@transaction.atomic
def start_checklist(actor: Actor, *, district_id: str, code: str, audience: str, title: str) -> Checklist:
    """The first draft of a new checklist. Raises `Invalid` when the code is taken by another one."""
    require(actor, "manage_work_rules", district=district_id)
    checks = Checks()
    checks.require("code", code.isascii() and code.isidentifier() and len(code) <= 20, _("Letters, digits and _."))
    checks.require("audience", audience in Checklist.Audience.values, _("Choose one."))
    checks.require("title", title.strip(), _("Write the title."))
    checks.done()
    same = Checklist.objects.filter(district_id=district_id, code=code, version=1, state="draft", title=title.strip())
    if earlier := same.first():
        return earlier
    with unique("checklist_version_once", "code", _("There is a checklist of this code already.")):
        return Checklist.objects.create(
            district_id=district_id, code=code, version=1, audience=audience, title=title.strip()[:80],
            made_at=clock.now(), made_by_id=actor.account_id,
        )  # fmt: skip


@transaction.atomic
def describe(actor: Actor, *, checklist: Checklist, title: str, min_photos: int) -> Checklist:
    draft = _draft(actor, checklist)
    checks = Checks()
    checks.require("title", title.strip(), _("Write the title."))
    checks.require("min_photos", 0 <= min_photos <= MOST_PHOTOS, _("0 to 9 photos."))
    checks.done()
    draft.title, draft.min_photos = title.strip()[:80], min_photos
    draft.save(update_fields=["title", "min_photos"])
    return draft


@transaction.atomic
def add_item(actor: Actor, *, checklist: Checklist, item: Item) -> ChecklistItem:
    """At the end. The same item sent twice is there once; another item under its code is refused."""
    draft = _draft(actor, checklist)
    columns = _columns(item)
    if same := _items(draft).filter(**columns).first():
        return same
    checks = Checks()
    checks.require("code", _items(draft).count() < MOST_ITEMS, _("At most 60 items, so that somebody reads them."))
    checks.done()
    last = _items(draft).aggregate(last=Max("position"))["last"] or 0
    with unique("checklist_item_code_once", "code", _("Another item has this code.")):
        return ChecklistItem.objects.create(
            district_id=draft.district_id, checklist=draft, position=last + 1, **columns
        )


@transaction.atomic
def change_item(actor: Actor, *, item: ChecklistItem, to: Item) -> ChecklistItem:
    draft = _draft(actor, item.checklist)
    found = _items(draft).filter(pk=item.pk).first()
    if found is None:
        raise NotFound()
    columns = _columns(to)
    for name, value in columns.items():
        setattr(found, name, value)
    with unique("checklist_item_code_once", "code", _("Another item has this code.")):
        found.save(update_fields=list(columns))
    return found


@transaction.atomic
def move_item(actor: Actor, *, item: ChecklistItem, up: bool) -> None:
    """One place up or down; at the end nothing happens."""
    draft = _draft(actor, item.checklist)
    items = list(_items(draft))
    here = next((n for n, each in enumerate(items) if each.pk == item.pk), None)
    if here is None:
        raise NotFound()
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return
    one, other = items[here], items[there]
    for row, position in ((one, 0), (other, one.position), (one, other.position)):
        ChecklistItem.objects.filter(district_id=draft.district_id, pk=row.pk).update(position=position)


@transaction.atomic
def remove_item(actor: Actor, *, item: ChecklistItem) -> None:
    """Those behind it move up. An item that is gone already is gone."""
    draft = _draft(actor, item.checklist)
    gone, _each = _items(draft).filter(pk=item.pk).delete()
    if gone:
        for row in _items(draft).filter(position__gt=item.position):
            ChecklistItem.objects.filter(district_id=draft.district_id, pk=row.pk).update(position=F("position") - 1)


@transaction.atomic
def publish_checklist(actor: Actor, *, checklist: Checklist) -> Checklist:
    """In use from now on; the version before it retires. Published twice, it is published."""
    require(actor, "manage_work_rules", district=checklist.district_id)
    rows = Checklist.objects.filter(district_id=checklist.district_id, code=checklist.code)
    found = {each.pk: each for each in rows.select_for_update().order_by("pk")}
    draft = found.get(checklist.pk)
    if draft is None:
        raise NotFound()
    if draft.state == Checklist.State.PUBLISHED:
        return draft
    checks = Checks()
    checks.require("items", _items(draft).exists(), _("Add at least one item first."))
    checks.done()
    for each in found.values():
        if each.state == Checklist.State.PUBLISHED:
            move(each, CHECKLIST, "retired")
    return move(draft, CHECKLIST, "published", published_at=clock.now())


def _items(checklist: Checklist):
    return ChecklistItem.objects.filter(district_id=checklist.district_id, checklist=checklist).order_by("position")


def _draft(actor: Actor, checklist: Checklist) -> Checklist:
    require(actor, "manage_work_rules", district=checklist.district_id)
    rows = Checklist.objects.filter(district_id=checklist.district_id, pk=checklist.pk)
    found = rows.select_for_update(no_key=True).first()
    if found is None:
        raise NotFound()
    if found.state != Checklist.State.DRAFT:
        raise NotADraft()
    return found


def _columns(item: Item) -> dict[str, object]:
    code = item.code.strip().upper()
    checks = Checks()
    checks.require("code", code.isascii() and code.isalnum() and len(code) <= 8, _("Up to 8 letters and digits."))
    checks.require("text", item.text.strip(), _("Write what is looked at."))
    checks.require("evidence", item.evidence in ChecklistItem.Evidence.values, _("Choose one."))
    measured = item.evidence == ChecklistItem.Evidence.NUMBER
    checks.require("unit", item.unit.strip() or not measured, _("A reading has a unit."))
    checks.done()
    return {
        "code": code,
        "text": item.text.strip()[:200],
        "key": item.key,
        "evidence": item.evidence,
        "unit": item.unit.strip()[:12] if measured else "",
        "measures": [each.strip()[:40] for each in item.measures if each.strip()],
    }
