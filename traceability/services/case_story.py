"""The story of a case: one line for everything that happened, in the order it did."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from traceability.models import CaseStep, PositiveCase


def add_step(
    actor, case: PositiveCase, kind: str, at: dt.datetime, text: str = "", *, client_key: UUID | None = None, **data
) -> CaseStep:  # fmt: skip
    return CaseStep.objects.create(
        district_id=case.district_id, case=case, kind=kind, at=at, by_id=actor.account_id, text=text[:400], data=data,
        client_key=client_key,
    )  # fmt: skip
