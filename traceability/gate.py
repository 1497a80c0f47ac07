"""The entry gate 入场查验: which goods may enter a market, which wait for a test, which stay out.

A decision table, not an opinion. Source: 总局令81号 第24条 (agreement, purchase voucher, quality proof,
self-grown goods), 第8条 (quarantine and import papers); 食品安全法 第34条第8项 (meat).

Facts are reduced to one finding a column; the first row whose columns all fit decides. Beside the
outcome the answer names everything that is missing, at once, each with its articles, as keys of
the table of legal articles.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kit.words import gettext_noop
from registry.papers import MEAT, PURCHASE, QUALITY, PaperKind
from traceability.evidence import EvidenceLevel, evidence_ceiling


class Outcome(StrEnum):
    ADMIT = "admit"
    ADMIT_PENDING_TEST = "admit_pending_test"
    REJECT = "reject"


class Agreement(StrEnum):
    """The quality-safety agreement 质量安全协议 between vendor and market, on the day of entry."""

    VALID = "valid"
    EXPIRED = "expired"
    NONE = "none"


class Purchase(StrEnum):
    """Where the vendor has the goods from."""

    VOUCHER = "voucher"
    GROWER = "grower"
    GROWER_UNRECORDED = "grower_unrecorded"
    NONE = "none"


class Quarantine(StrEnum):
    """The papers without which this product may not be sold at all."""

    NOT_NEEDED = "not_needed"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


class GrowerFact(StrEnum):
    """What must be recorded of goods a seller grew (总局令81号 第24条)."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    PRODUCT = "product"
    QUANTITY = "quantity"
    DAY = "day"


@dataclass(frozen=True, kw_only=True)
class GateFacts:
    """What is known when goods stand at the gate; what is not known counts as no.

    `entry_on`: trade day of entry. `agreement_ends_on`: last day it binds, None for an open end.
    `papers`: kinds shown, each by photograph, number or upstream code. `required_papers`: what the
    catalogue demands of the product; imported goods need the entry quarantine certificate instead.
    `upstream_confirmed`: a paper's upstream code resolves, or an official system confirmed it.
    """

    entry_on: date
    vendor_active: bool = False
    agreement_signed_on: date | None = None
    agreement_ends_on: date | None = None
    self_grown: bool = False
    grower_facts: frozenset[GrowerFact] = frozenset()
    papers: frozenset[PaperKind] = frozenset()
    required_papers: frozenset[PaperKind] = frozenset()
    imported: bool = False
    upstream_confirmed: bool = False

    @property
    def agreement(self) -> Agreement:
        if self.agreement_signed_on is None or self.agreement_signed_on > self.entry_on:
            return Agreement.NONE
        if self.agreement_ends_on is not None and self.agreement_ends_on < self.entry_on:
            return Agreement.EXPIRED
        return Agreement.VALID

    @property
    def purchase(self) -> Purchase:
        if self.papers & PURCHASE_VOUCHERS:
            return Purchase.VOUCHER
        if self.self_grown:
            return Purchase.GROWER if self.grower_facts == set(GrowerFact) else Purchase.GROWER_UNRECORDED
        return Purchase.NONE

    @property
    def needed(self) -> frozenset[PaperKind]:
        return frozenset({PaperKind.ENTRY_QUARANTINE}) if self.imported else self.required_papers

    @property
    def quarantine(self) -> Quarantine:
        if not self.needed:
            return Quarantine.NOT_NEEDED
        return Quarantine.COMPLETE if self.needed <= self.papers else Quarantine.INCOMPLETE

    @property
    def quality_proven(self) -> bool:
        return bool(self.papers & QUALITY)


@dataclass(frozen=True)
class Row:
    """One row of the table; a column left out fits anything."""

    key: str
    outcome: Outcome
    articles: tuple[str, ...]
    vendor_active: bool | None = None
    agreement: Agreement | None = None
    purchase: Purchase | None = None
    quarantine: Quarantine | None = None
    quality_proven: bool | None = None

    def fits(self, facts: GateFacts) -> bool:
        return all(getattr(self, column) in (None, getattr(facts, column)) for column in COLUMNS)


@dataclass(frozen=True)
class Missing:
    """One thing that is missing. `papers`: any one of them would do; empty when no paper is meant.
    `words` is an English message id, `articles` are keys of the table of legal articles."""

    key: str
    words: str
    articles: tuple[str, ...]
    papers: tuple[PaperKind, ...] = ()


@dataclass(frozen=True)
class GateAnswer:
    """`row` is the key of the row that decided; `missing` is empty exactly when goods are admitted."""

    outcome: Outcome
    row: str
    missing: tuple[Missing, ...]
    articles: tuple[str, ...]
    evidence_ceiling: EvidenceLevel


COLUMNS = ("vendor_active", "agreement", "purchase", "quarantine", "quality_proven")

PURCHASE_VOUCHERS = PURCHASE - {PaperKind.SELF_GROWN_STATEMENT}

TABLE = (
    Row("vendor_not_active", Outcome.REJECT, ("order81.21",), vendor_active=False),
    Row("no_agreement", Outcome.REJECT, ("order81.24",), agreement=Agreement.NONE),
    Row("agreement_expired", Outcome.REJECT, ("order81.24",), agreement=Agreement.EXPIRED),
    Row("no_purchase_voucher", Outcome.REJECT, ("order81.24", "fsl.65"), purchase=Purchase.NONE),
    Row("grower_not_recorded", Outcome.REJECT, ("order81.24",), purchase=Purchase.GROWER_UNRECORDED),
    Row("quarantine_missing", Outcome.REJECT, ("order81.8",), quarantine=Quarantine.INCOMPLETE),
    Row(
        "bought_and_proven",
        Outcome.ADMIT,
        ("order81.24",),
        vendor_active=True,
        agreement=Agreement.VALID,
        purchase=Purchase.VOUCHER,
        quality_proven=True,
    ),
    Row(
        "grown_and_proven",
        Outcome.ADMIT,
        ("order81.24", "cert.2025.4"),
        vendor_active=True,
        agreement=Agreement.VALID,
        purchase=Purchase.GROWER,
        quality_proven=True,
    ),
    Row(
        "bought_without_proof",
        Outcome.ADMIT_PENDING_TEST,
        ("order81.24", "aqsl.39"),
        vendor_active=True,
        agreement=Agreement.VALID,
        purchase=Purchase.VOUCHER,
        quality_proven=False,
    ),
    Row(
        "grown_without_proof",
        Outcome.ADMIT_PENDING_TEST,
        ("order81.24", "aqsl.39"),
        vendor_active=True,
        agreement=Agreement.VALID,
        purchase=Purchase.GROWER,
        quality_proven=False,
    ),
)

_VENDOR = Missing("vendor_active", gettext_noop("This vendor is not an active trader of this market."), ("order81.21",))
_AGREEMENTS = {
    Agreement.NONE: Missing(
        "agreement", gettext_noop("There is no quality-safety agreement with this vendor."), ("order81.24",)
    ),
    Agreement.EXPIRED: Missing(
        "agreement_renewal", gettext_noop("The quality-safety agreement with this vendor has ended."), ("order81.24",)
    ),
}
_VOUCHER = Missing(
    "purchase_voucher",
    gettext_noop("There is no purchase voucher. A supplier's slip, agreement or sales voucher will do."),
    ("order81.24", "fsl.65"),
    (PaperKind.PURCHASE_SLIP, PaperKind.UPSTREAM_VOUCHER, PaperKind.PURCHASE_AGREEMENT),
)
_GROWER_WORDS = {
    GrowerFact.ID_NUMBER: gettext_noop("The grower's ID number is not recorded."),
    GrowerFact.PHONE: gettext_noop("The grower's phone number is not recorded."),
    GrowerFact.ADDRESS: gettext_noop("The grower's address is not recorded."),
    GrowerFact.PRODUCT: gettext_noop("What the grower brings is not recorded."),
    GrowerFact.QUANTITY: gettext_noop("How much the grower brings is not recorded."),
    GrowerFact.DAY: gettext_noop("The day the grower brings it is not recorded."),
}
_QUARANTINE_WORDS = gettext_noop("This product may not enter without this certificate.")
_QUALITY = Missing(
    "quality_proof",
    gettext_noop("There is no quality proof. The goods may be sold once a test of this batch has passed."),
    ("order81.24", "aqsl.39", "cert.2025.4"),
    (
        PaperKind.COMMITMENT_CERTIFICATE,
        PaperKind.OWN_TEST,
        PaperKind.INSPECTION_CERTIFICATE,
        PaperKind.TEST_REPORT,
        PaperKind.GREEN_ORGANIC_GI,
    ),
)


def decide(facts: GateFacts) -> GateAnswer:
    """The gate's answer. Every combination of facts fits some row."""
    row = next(row for row in TABLE if row.fits(facts))
    missing = tuple(_missing(facts))
    return GateAnswer(
        outcome=row.outcome,
        row=row.key,
        missing=missing,
        articles=_once(row.articles, *(each.articles for each in missing)),
        evidence_ceiling=evidence_ceiling(facts.papers, upstream_confirmed=facts.upstream_confirmed),
    )


def _missing(facts):
    if not facts.vendor_active:
        yield _VENDOR
    if facts.agreement in _AGREEMENTS:
        yield _AGREEMENTS[facts.agreement]
    if facts.purchase is Purchase.NONE:
        yield _VOUCHER
    if facts.purchase is Purchase.GROWER_UNRECORDED:
        for fact in GrowerFact:
            if fact not in facts.grower_facts:
                yield Missing(f"grower_{fact}", _GROWER_WORDS[fact], ("order81.24",))
    for kind in PaperKind:
        if kind in facts.needed - facts.papers:
            articles = ("fsl.34.8", "order81.8") if kind in MEAT else ("order81.8",)
            yield Missing(kind.value, _QUARANTINE_WORDS, articles, (kind,))
    if not facts.quality_proven:
        yield _QUALITY


def _once(*groups):
    return tuple(dict.fromkeys(article for group in groups for article in group))


ARTICLES = frozenset(
    _once(
        *(row.articles for row in TABLE),
        *(each.articles for each in (_VENDOR, _VOUCHER, _QUALITY, *_AGREEMENTS.values())),
        ("fsl.34.8", "order81.8"),
    )
)
"""Every key the gate may cite."""
