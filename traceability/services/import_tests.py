"""表格导入: a sheet of results, judged row by row before anything is recorded.

A row is recorded once: its key is made of the file's digest, the point and the row's number, so that neither a
second press nor the same file sent again counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction

from kit import clock, locks
from kit.refusals import Refusal
from traceability.models import RapidTest, SheetImport, TestPoint
from traceability.services.record_test import record, test_goods
from traceability.services.samples import Goods, require_point
from traceability.services.sheet_rows import Look, Row
from traceability.sheets import MOST_ROWS


@transaction.atomic
def keep_sheet(actor, *, point: TestPoint, file_name: str, sha256: str, rows: Sequence[Sequence[str]]) -> SheetImport:
    """The sheet as it was read. Sent again by the same point, it is the same one."""
    require_point(actor, point)
    locks.one_request(uuid5(point.pk, sha256))
    known = SheetImport.objects.filter(district_id=point.district_id, point=point, file_sha256=sha256).first()
    return known or SheetImport.objects.create(
        district_id=point.district_id, point=point, file_name=file_name[-120:], file_sha256=sha256,
        rows=[list(row) for row in rows[:MOST_ROWS]], sent_by_id=actor.account_id, sent_at=clock.now(),
    )  # fmt: skip


def judged(actor, sheet: SheetImport) -> list[Row]:
    """What each row says, what it will be recorded as, or why not. Nothing is written."""
    known = {test.client_key: test for test in _recorded(sheet)}
    look = Look(actor, sheet)
    return [look.row(number, tuple(cells), known.get(_key(sheet, number))) for number, cells in _numbered(sheet)]


def record_sheet(actor, *, sheet: SheetImport) -> list[Row]:
    """Record the good rows, each in a transaction of its own; returns every row as it now is."""
    require_point(actor, sheet.point)
    return [_record(actor, sheet, row) if row.good else row for row in judged(actor, sheet)]


def _record(actor, sheet, row) -> Row:
    key = _key(sheet, row.number)
    try:
        if row.sample is not None:
            test = record(actor, sample=row.sample, entry=row.entry, client_key=key)
        else:
            goods = Goods(place=row.place, product=row.product)
            test = test_goods(
                actor, point=sheet.point, goods=goods, purpose=row.purpose, entry=row.entry, client_key=key
            )
    except Refusal as refusal:
        return Row(row.number, row.cells, why=_said(refusal))
    return Row(row.number, row.cells, test=test, verdict=row.verdict, fresh=True)


def _said(refusal) -> str:
    fields = getattr(refusal, "fields", {})
    return " ".join(str(words) for listed in fields.values() for words in listed) or str(refusal.message)


def _numbered(sheet):
    """Rows by the number a spreadsheet shows beside them: the first is the header."""
    return enumerate(sheet.rows, 2)


def _recorded(sheet):
    keys = [_key(sheet, number) for number, _cells in _numbered(sheet)]
    return RapidTest.objects.filter(district_id=sheet.district_id, client_key__in=keys).select_related("item")


def _key(sheet, number) -> UUID:
    return uuid5(sheet.point_id, f"{sheet.file_sha256}:{number}")
