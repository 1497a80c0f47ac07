"""Following a scanned code: one query for the code and for what is on hold behind it now."""

import hashlib
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from kit.models import PublicCode
from traceability.models import HoldItem, VoucherLine

_OPEN = HoldItem.objects.filter(district_id=OuterRef("district_id"), released_at__isnull=True)
_AT_PLACE = _OPEN.filter(batch__place_id=OuterRef("target_id"))
_HELD = {
    "b": _OPEN.filter(batch_id=OuterRef("target_id")),
    "v": HoldItem.objects.filter(
        released_at__isnull=True,
        batch_id__in=VoucherLine.objects.filter(voucher_id=OuterRef(OuterRef("target_id"))).values("batch_id"),
    ),
    "s": _AT_PLACE,
    "d": _AT_PLACE,
}


_ASKED = "the code asked for"


def follow(kind: str, token: str) -> PublicCode | None:
    """The code with `held`: the ids of batches behind it that are under an open hold at this moment."""
    sql, params = _following(kind)
    return next(iter(PublicCode.objects.raw(sql, [token if each == _ASKED else each for each in params])), None)


@cache
def _following(kind):
    """The query of `follow` in SQL, written once: writing it takes longer than answering it."""
    held = _HELD[kind].order_by("batch_id").values("batch_id")
    query = PublicCode.objects.annotate(held=ArraySubquery(held)).filter(pk=_ASKED, kind=kind).query
    return query.sql_with_params()


def page_key(code: PublicCode, language: str, form: str, hour: str) -> str:
    """The name under which a drawn page may be kept: it changes with whatever the page shows."""
    held = hashlib.sha256("".join(map(str, code.held)).encode()).hexdigest()[:12]
    return f"body:{code.kind}:{code.token}:{code.version}:{held}:{language}:{form}:{hour}"
