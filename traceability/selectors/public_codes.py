"""Following a scanned code: one query for the code and for what is on hold behind it now."""

import hashlib
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from kit.models import PublicCode
from traceability.models import Batch, HoldItem, VoucherLine

# Asked of each batch, as a value and not as a join: right after a hold of thousands of batches the planner still
# believes that next to nothing is on hold, and would look through all of it for every page.
_FIRST_OPEN = Subquery(
    HoldItem.objects.filter(
        district_id=OuterRef("district_id"), batch_id=OuterRef("pk"), released_at__isnull=True
    ).values("pk")[:1]
)  # fmt: skip
_PAUSED = Batch.objects.filter(district_id=OuterRef("district_id")).alias(open=_FIRST_OPEN).filter(open__isnull=False)
_AT_PLACE = _PAUSED.filter(place_id=OuterRef("target_id"))
_HELD = {
    "b": _PAUSED.filter(pk=OuterRef("target_id")),
    "v": _PAUSED.filter(
        pk__in=VoucherLine.objects.filter(voucher_id=OuterRef(OuterRef("target_id"))).values("batch_id")
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
    return with_held(kind, PublicCode.objects.filter(pk=_ASKED, kind=kind)).query.sql_with_params()


def with_held(kind: str, found: QuerySet[PublicCode]) -> QuerySet[PublicCode]:
    """Codes of one kind, each with `held`."""
    held = _HELD[kind].order_by("pk").values("pk")
    return found.annotate(held=ArraySubquery(held))


def page_key(code: PublicCode, language: str, form: str, hour: str) -> str:
    """The name under which a drawn page may be kept: it changes with whatever the page shows."""
    held = hashlib.sha256("".join(map(str, code.held)).encode()).hexdigest()[:12]
    return f"body:{code.kind}:{code.token}:{code.version}:{held}:{language}:{form}:{hour}"
