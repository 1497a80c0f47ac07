"""和昨天一样: what was entered by hand before is entered again, all of it or nothing."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kit.refusals import Invalid
from traceability.models import Intake
from traceability.services.enter import enter_intake


@dataclass(frozen=True)
class Again:
    """An earlier entry of the place, and how much of it came this time (in the same unit)."""

    intake: Intake
    quantity: Decimal


@transaction.atomic
def enter_again(actor, *, place, entries: Iterable[Again], client_key: uuid.UUID) -> list[Intake]:
    """Enter the goods of earlier entries anew, for today. Papers are not carried over: they were for other goods.

    Sent twice with one `client_key`, they are entered once. Raises `Invalid` naming the entry by its id.
    """
    entries = list(entries)
    if not entries:
        raise Invalid(fields={"entries": _("Choose at least one product.")})
    made, wrong = [], {}
    for again in entries:
        before = again.intake
        try:
            with transaction.atomic():
                made.append(
                    enter_intake(
                        actor, place=place, product=before.product, quantity=again.quantity, unit=before.unit,
                        origin_region=before.origin_region, origin_detail=before.origin_detail,
                        supplier=before.supplier, source=_source(before),
                        client_key=uuid.uuid5(client_key, str(before.pk)),
                    )
                )  # fmt: skip
        except Invalid as refusal:
            wrong[str(before.pk)] = [words for messages in refusal.fields.values() for words in messages]
    if wrong:
        raise Invalid(fields=wrong)
    return made


def _source(before):
    """A code of another platform belonged to the goods of that day."""
    return Intake.Source.SELF_GROWN if before.source == Intake.Source.SELF_GROWN else Intake.Source.MANUAL
