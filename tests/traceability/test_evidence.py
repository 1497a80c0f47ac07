"""Evidence levels: what a statement of origin rests on."""

import pytest

from registry.papers import PaperKind
from traceability.evidence import EvidenceLevel, PaperEvidence, evidence_level, paper_level

SLIP = PaperKind.PURCHASE_SLIP


@pytest.mark.parametrize(
    ("paper", "level"),
    [
        (PaperEvidence(SLIP), "L0"),
        (PaperEvidence(SLIP, photographed=True), "L1"),
        (PaperEvidence(SLIP, photographed=True, checked=True), "L2"),
        (PaperEvidence(SLIP, checked=True), "L2"),
        (PaperEvidence(SLIP, confirmed=True), "L3"),
        (PaperEvidence(PaperKind.OTHER, photographed=True, checked=True, confirmed=True), "L0"),
    ],
)
def test_a_paper_carries_the_level_of_what_was_done_with_it(paper, level):
    assert paper_level(paper).code == level


def test_goods_without_papers_rest_on_a_word():
    assert evidence_level([]) is EvidenceLevel.SAID


def test_goods_have_the_level_of_their_best_proven_paper():
    papers = [PaperEvidence(SLIP, photographed=True), PaperEvidence(PaperKind.COMMITMENT_CERTIFICATE, checked=True)]
    assert evidence_level(papers) is EvidenceLevel.CHECKED


def test_levels_are_ordered_and_have_words():
    assert sorted(EvidenceLevel) == [
        EvidenceLevel.SAID,
        EvidenceLevel.PHOTOGRAPHED,
        EvidenceLevel.CHECKED,
        EvidenceLevel.CONFIRMED,
    ]
    assert all(level.words and level.label for level in EvidenceLevel)
