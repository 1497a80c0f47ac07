"""告知: the holder learns of the positive within minutes; from then on the time to object runs (食品安全法 第88条)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit.refusals import Invalid
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import PositiveCase
from traceability.policies import CaseClocks
from traceability.selectors.policies import policy
from traceability.services.case_news import people_on, tell
from traceability.services.case_steps import allow, begun_before, go

INBOX = "inbox"


def tell_at_once(actor, case: PositiveCase, at: dt.datetime) -> None:
    """Where the holder has an account the notice goes out in the transaction that opened the case; else somebody has to
    tell him, and says so (`notify`). Those who tested and the officers learn of it either way."""
    told = people_on(case, (Side.HOLDER,)).exists()
    if told:
        _notified(actor, case, at, client_key=None, text="", how=INBOX)
        tell(case, "case_opened", (Side.HOLDER,))
    tell(case, "case_found", (Side.POINT, Side.REGULATOR), told=told)


@transaction.atomic
def notify_holder(actor, *, case: PositiveCase, how: str, client_key: UUID) -> PositiveCase:
    """A person has told the holder, in person or by telephone, and says how and whom. Sent twice, it is one step."""
    if begun_before(case, client_key):
        return case
    at = allow(actor, case, Step.NOTIFY)
    if not how.strip():
        raise Invalid(fields={"how": _("Say whom you told, and how.")})
    _notified(actor, case, at, client_key=client_key, text=how.strip(), how="person")
    return case


def _notified(actor, case, at, *, client_key, text, how):
    clocks: CaseClocks = policy(case.district_id, "case_clocks", at)
    due_at = case_rules.due_at("notified", case.branch, clocks, at)
    go(
        actor, case, "notified", at, client_key=client_key, text=text, data={"how": how}, notified_at=at,
        objection_due_at=due_at,
    )  # fmt: skip
