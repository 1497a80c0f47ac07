"""The entry gate: every row of the decision table, and what holds for every combination of facts."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.papers import MEAT, QUALITY, PaperKind
from traceability.evidence import EvidenceLevel
from traceability.gate import (
    ARTICLES,
    COLUMNS,
    TABLE,
    Agreement,
    GateFacts,
    GrowerFact,
    Outcome,
    Purchase,
    Quarantine,
    decide,
)

TODAY = dt.date(2026, 11, 22)
SIGNED = {"vendor_active": True, "agreement_signed_on": dt.date(2026, 1, 1), "agreement_ends_on": dt.date(2026, 12, 31)}
SLIP = PaperKind.PURCHASE_SLIP
CERTIFICATE = PaperKind.COMMITMENT_CERTIFICATE
GROWER = {"self_grown": True, "grower_facts": frozenset(GrowerFact)}
PORK = {"required_papers": MEAT}


def facts(*papers, **known):
    return GateFacts(**{"entry_on": TODAY, "papers": frozenset(papers), **SIGNED, **known})


def keys(answer):
    return [each.key for each in answer.missing]


ROWS = {
    "no agreement: stays out, whatever papers there are": (
        facts(SLIP, CERTIFICATE, agreement_signed_on=None, agreement_ends_on=None),
        "no_agreement",
        Outcome.REJECT,
        ["agreement"],
    ),
    "an agreement signed only tomorrow does not count yet": (
        facts(SLIP, CERTIFICATE, agreement_signed_on=dt.date(2026, 11, 23)),
        "no_agreement",
        Outcome.REJECT,
        ["agreement"],
    ),
    "an agreement that ended yesterday must be renewed": (
        facts(SLIP, CERTIFICATE, agreement_ends_on=dt.date(2026, 11, 21)),
        "agreement_expired",
        Outcome.REJECT,
        ["agreement_renewal"],
    ),
    "an agreement binds through its last day": (
        facts(SLIP, CERTIFICATE, agreement_ends_on=TODAY),
        "bought_and_proven",
        Outcome.ADMIT,
        [],
    ),
    "an agreement without an end binds": (
        facts(SLIP, CERTIFICATE, agreement_ends_on=None),
        "bought_and_proven",
        Outcome.ADMIT,
        [],
    ),
    "a vendor who left or is suspended stays out": (
        facts(SLIP, CERTIFICATE, vendor_active=False),
        "vendor_not_active",
        Outcome.REJECT,
        ["vendor_active"],
    ),
    "bought, without a purchase voucher: stays out, even with a certificate": (
        facts(CERTIFICATE),
        "no_purchase_voucher",
        Outcome.REJECT,
        ["purchase_voucher"],
    ),
    "a self-grown statement is no purchase voucher for goods that were bought": (
        facts(PaperKind.SELF_GROWN_STATEMENT, CERTIFICATE),
        "no_purchase_voucher",
        Outcome.REJECT,
        ["purchase_voucher"],
    ),
    "bought, voucher and quality proof: enters": (
        facts(SLIP, CERTIFICATE),
        "bought_and_proven",
        Outcome.ADMIT,
        [],
    ),
    "bought, voucher, no quality proof: waits for a test": (
        facts(SLIP),
        "bought_without_proof",
        Outcome.ADMIT_PENDING_TEST,
        ["quality_proof"],
    ),
    "self-grown, recorded, with a certificate: enters": (
        facts(CERTIFICATE, **GROWER),
        "grown_and_proven",
        Outcome.ADMIT,
        [],
    ),
    "self-grown, recorded, no certificate: waits for a test": (
        facts(PaperKind.SELF_GROWN_STATEMENT, **GROWER),
        "grown_without_proof",
        Outcome.ADMIT_PENDING_TEST,
        ["quality_proof"],
    ),
    "self-grown, but nothing about the grower recorded: stays out": (
        facts(CERTIFICATE, self_grown=True),
        "grower_not_recorded",
        Outcome.REJECT,
        [f"grower_{fact}" for fact in GrowerFact],
    ),
    "meat with both certificates: they are its quality proof": (
        facts(SLIP, *MEAT, **PORK),
        "bought_and_proven",
        Outcome.ADMIT,
        [],
    ),
    "meat without its meat quality certificate: stays out": (
        facts(SLIP, CERTIFICATE, PaperKind.ANIMAL_QUARANTINE, **PORK),
        "quarantine_missing",
        Outcome.REJECT,
        ["meat_quality"],
    ),
    "meat without either: both are named, and no test can stand in for them": (
        facts(SLIP, CERTIFICATE, **PORK),
        "quarantine_missing",
        Outcome.REJECT,
        ["animal_quarantine", "meat_quality"],
    ),
    "self-grown meat needs its certificates too": (
        facts(CERTIFICATE, **GROWER, **PORK),
        "quarantine_missing",
        Outcome.REJECT,
        ["animal_quarantine", "meat_quality"],
    ),
    "imported goods without the entry quarantine certificate: stay out": (
        facts(SLIP, CERTIFICATE, imported=True),
        "quarantine_missing",
        Outcome.REJECT,
        ["entry_quarantine"],
    ),
    "imported meat needs the entry certificate in place of the domestic ones": (
        facts(SLIP, PaperKind.ENTRY_QUARANTINE, imported=True, **PORK),
        "bought_and_proven",
        Outcome.ADMIT,
        [],
    ),
}


@pytest.mark.parametrize("case", ROWS.values(), ids=ROWS.keys())
def test_every_row_of_the_table(case):
    given_facts, row, outcome, missing = case
    answer = decide(given_facts)
    assert (answer.row, answer.outcome, keys(answer)) == (row, outcome, missing)


def test_every_row_is_reached_by_some_case():
    assert {row for _, row, _, _ in ROWS.values()} == {row.key for row in TABLE}


@pytest.mark.parametrize("voucher", [PaperKind.PURCHASE_SLIP, PaperKind.PURCHASE_AGREEMENT, PaperKind.UPSTREAM_VOUCHER])
def test_a_slip_an_agreement_or_an_upstream_voucher_is_a_purchase_voucher(voucher):
    assert decide(facts(voucher, CERTIFICATE)).outcome is Outcome.ADMIT


@pytest.mark.parametrize("proof", sorted(QUALITY))
def test_each_quality_proof_counts(proof):
    assert decide(facts(SLIP, proof)).outcome is Outcome.ADMIT


@pytest.mark.parametrize("paper", [PaperKind.OTHER, PaperKind.BASE_CONTRACT])
def test_a_paper_of_another_kind_proves_neither_purchase_nor_quality(paper):
    assert keys(decide(facts(paper))) == ["purchase_voucher", "quality_proof"]


@pytest.mark.parametrize("fact", list(GrowerFact))
def test_each_missing_fact_about_a_grower_is_named(fact):
    answer = decide(facts(CERTIFICATE, self_grown=True, grower_facts=frozenset(GrowerFact) - {fact}))
    assert (answer.outcome, keys(answer)) == (Outcome.REJECT, [f"grower_{fact}"])


def test_everything_missing_is_named_at_once():
    answer = decide(GateFacts(entry_on=TODAY, required_papers=MEAT))
    assert keys(answer) == [
        "vendor_active",
        "agreement",
        "purchase_voucher",
        "animal_quarantine",
        "meat_quality",
        "quality_proof",
    ]


def test_meat_without_quarantine_cites_the_food_law():
    assert "fsl.34.8" in decide(facts(SLIP, CERTIFICATE, **PORK)).articles


@pytest.mark.parametrize(
    ("papers", "confirmed", "ceiling"),
    [
        ((), False, EvidenceLevel.SAID),
        ((PaperKind.OTHER,), False, EvidenceLevel.SAID),
        ((SLIP,), False, EvidenceLevel.CHECKED),
        ((PaperKind.UPSTREAM_VOUCHER,), True, EvidenceLevel.CONFIRMED),
    ],
)
def test_the_answer_caps_the_evidence_level(papers, confirmed, ceiling):
    assert decide(facts(*papers, upstream_confirmed=confirmed)).evidence_ceiling is ceiling


DAYS = (None, dt.date(2026, 11, 21), TODAY, dt.date(2026, 11, 23))
PAPER_SETS = [
    frozenset(group)
    for size in range(4)
    for group in itertools.combinations(
        (SLIP, CERTIFICATE, PaperKind.ANIMAL_QUARANTINE, PaperKind.MEAT_QUALITY, PaperKind.ENTRY_QUARANTINE), size
    )
]
GROWERS = (frozenset(), frozenset({GrowerFact.PHONE}), frozenset(GrowerFact))


def every_combination():
    for active, signed, ends, grown, recorded, papers, required, imported in itertools.product(
        (True, False), DAYS, DAYS, (True, False), GROWERS, PAPER_SETS, (frozenset(), MEAT), (True, False)
    ):
        yield GateFacts(
            entry_on=TODAY,
            vendor_active=active,
            agreement_signed_on=signed,
            agreement_ends_on=ends,
            self_grown=grown,
            grower_facts=recorded,
            papers=papers,
            required_papers=required,
            imported=imported,
        )


def check(known):
    answer = decide(known)
    let_in = answer.outcome is not Outcome.REJECT
    assert not (let_in and not known.vendor_active)
    assert not (let_in and known.agreement is not Agreement.VALID)
    assert not (let_in and known.purchase in (Purchase.NONE, Purchase.GROWER_UNRECORDED))
    assert not (let_in and known.quarantine is Quarantine.INCOMPLETE)
    assert (answer.outcome is Outcome.ADMIT) == (not answer.missing)
    assert (answer.outcome is Outcome.ADMIT_PENDING_TEST) == (keys(answer) == ["quality_proof"])
    assert set(answer.articles) <= ARTICLES
    assert all(each.articles and each.words for each in answer.missing)
    assert all(known.papers.isdisjoint(each.papers) for each in answer.missing)
    assert len(keys(answer)) == len(set(keys(answer)))


def test_what_holds_for_the_whole_product_of_facts():
    """Never in without agreement, voucher or quarantine papers; what is missing is always named, and only then."""
    for known in every_combination():
        check(known)


@given(
    st.builds(
        GateFacts,
        entry_on=st.just(TODAY),
        vendor_active=st.booleans(),
        agreement_signed_on=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        agreement_ends_on=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        self_grown=st.booleans(),
        grower_facts=st.frozensets(st.sampled_from(GrowerFact)),
        papers=st.frozensets(st.sampled_from(PaperKind)),
        required_papers=st.frozensets(st.sampled_from(PaperKind), max_size=3),
        imported=st.booleans(),
        upstream_confirmed=st.booleans(),
    )
)
def test_what_holds_for_any_papers(known):
    check(known)


def test_one_more_paper_never_makes_the_answer_worse():
    ladder = (Outcome.REJECT, Outcome.ADMIT_PENDING_TEST, Outcome.ADMIT)
    for papers, extra, required in itertools.product(PAPER_SETS, PaperKind, (frozenset(), MEAT)):
        before = decide(facts(*papers, required_papers=required))
        after = decide(facts(*papers, extra, required_papers=required))
        assert ladder.index(after.outcome) >= ladder.index(before.outcome)


def test_the_table_names_only_columns_that_facts_have():
    assert all(hasattr(facts(), column) for column in COLUMNS)
