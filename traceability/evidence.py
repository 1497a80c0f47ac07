"""Evidence levels: how well the origin of goods is proven, from a word to an upstream code.

Shown beside every origin, on every page: a reader should see what a statement rests on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from kit.words import gettext_noop
from registry.papers import PaperKind


class EvidenceLevel(IntEnum):
    """Ordered: a higher level is better proven. Stored as its number, shown as `code` and words."""

    SAID = 0
    PHOTOGRAPHED = 1
    CHECKED = 2
    CONFIRMED = 3

    @property
    def code(self) -> str:
        return f"L{self.value}"

    @property
    def label(self) -> str:
        """The Chinese name, as officials say it."""
        return _LABELS[self]

    @property
    def words(self) -> str:
        """An English message id for the public: what the level means."""
        return _WORDS[self]


_LABELS = {
    EvidenceLevel.SAID: "口述",
    EvidenceLevel.PHOTOGRAPHED: "单据照片",
    EvidenceLevel.CHECKED: "单据核验",
    EvidenceLevel.CONFIRMED: "上游码/官方系统核验",
}
_WORDS = {
    EvidenceLevel.SAID: gettext_noop("Stated by the trader; no paper seen"),
    EvidenceLevel.PHOTOGRAPHED: gettext_noop("A photograph of the paper is on file"),
    EvidenceLevel.CHECKED: gettext_noop("The market checked the paper's number and issuer"),
    EvidenceLevel.CONFIRMED: gettext_noop("Confirmed by an upstream code or an official system"),
}


@dataclass(frozen=True)
class PaperEvidence:
    """What is known of one paper.

    `photographed`: its picture is on file. `checked`: an auditor compared its number and issuer.
    `confirmed`: the upstream code resolves here, or an official system answered for its number.
    """

    kind: PaperKind
    photographed: bool = False
    checked: bool = False
    confirmed: bool = False


def paper_level(paper: PaperEvidence) -> EvidenceLevel:
    """The level one paper carries. A paper of no known kind proves nothing."""
    if paper.kind is PaperKind.OTHER:
        return EvidenceLevel.SAID
    if paper.confirmed:
        return EvidenceLevel.CONFIRMED
    if paper.checked:
        return EvidenceLevel.CHECKED
    return EvidenceLevel.PHOTOGRAPHED if paper.photographed else EvidenceLevel.SAID


def evidence_level(papers: Iterable[PaperEvidence]) -> EvidenceLevel:
    """The level of goods: that of their best proven paper."""
    return max(map(paper_level, papers), default=EvidenceLevel.SAID)


def evidence_ceiling(kinds: Iterable[PaperKind], *, upstream_confirmed: bool) -> EvidenceLevel:
    """The highest level an auditor may set, whatever is checked at the gate."""
    if upstream_confirmed:
        return EvidenceLevel.CONFIRMED
    return EvidenceLevel.CHECKED if set(kinds) - {PaperKind.OTHER} else EvidenceLevel.SAID
