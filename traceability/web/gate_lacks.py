"""What a declaration lacks, short enough for a row of the queue."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.gate import GrowerFact
from traceability.web.words import PAPERS

SHORT: dict[str, str | Promise] = {
    "vendor_active": _("trader not in use here"),
    "agreement": _("no agreement"),
    "agreement_renewal": _("agreement over"),
    "purchase_voucher": _("no purchase paper"),
    "quality_proof": _("no quality proof"),
    f"grower_{GrowerFact.ID_NUMBER}": _("grower's identity number"),
    f"grower_{GrowerFact.PHONE}": _("grower's telephone"),
    f"grower_{GrowerFact.ADDRESS}": _("grower's address"),
}


def lacks(keys: Iterable[str]) -> list[str | Promise]:
    """The words of the gate's missing keys; a paper that is missing goes by its name."""
    return [SHORT.get(key) or PAPERS.get(key, key) for key in keys]
