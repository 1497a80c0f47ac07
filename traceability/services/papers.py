"""Papers that come with goods."""

import datetime as dt
from dataclasses import dataclass

from kit import photos
from kit.images import StoredImage
from registry.papers import PaperKind
from traceability.evidence import EvidenceLevel, PaperEvidence, evidence_level
from traceability.models import Paper

PHOTO_FOLDER = "papers"


@dataclass(frozen=True)
class NewPaper:
    """A paper as handed in: its kind, and a photo (already re-encoded), a number, or both."""

    kind: PaperKind
    number: str = ""
    issuer: str = ""
    issued_on: dt.date | None = None
    photo: StoredImage | None = None


def add_papers(papers, *, actor, at, declaration=None, intake=None):
    """Store new papers of a declaration or an intake. The same photo or number again is the same paper."""
    owner = declaration or intake
    have = {(paper.kind, paper.number, paper.image_sha256) for paper in owner.papers.all()}
    new = {(paper.kind, paper.number, paper.photo.sha256 if paper.photo else ""): paper for paper in papers}
    made = [
        Paper(
            district_id=owner.district_id,
            declaration=declaration,
            intake=intake,
            kind=paper.kind,
            number=paper.number,
            issuer=paper.issuer,
            issued_on=paper.issued_on,
            image=photos.keep(paper.photo, PHOTO_FOLDER) if paper.photo else "",
            image_sha256=paper.photo.sha256 if paper.photo else "",
            added_by_id=actor.account_id,
            added_at=at,
        )
        for key, paper in new.items()
        if key not in have
    ]
    return Paper.objects.bulk_create(made)


def evidence_of(papers, *, upstream_confirmed=False) -> EvidenceLevel:
    """The evidence level that stored papers carry."""
    if upstream_confirmed:
        return EvidenceLevel.CONFIRMED
    return evidence_level(
        PaperEvidence(PaperKind(paper.kind), photographed=bool(paper.image), checked=bool(paper.verified_at))
        for paper in papers
    )
