"""The gate's answer as a trader reads it: what is missing, by which article, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from registry import law
from traceability.gate import GateAnswer, Missing, Outcome
from traceability.web import words

OUTCOMES = {
    Outcome.ADMIT: _("Complete: the market can admit these goods"),
    Outcome.ADMIT_PENDING_TEST: _("May enter, but may be sold only after a rapid test"),
    Outcome.REJECT: _("Cannot enter yet: something is missing"),
}
TONES = {Outcome.ADMIT: "none", Outcome.ADMIT_PENDING_TEST: "due", Outcome.REJECT: "bad"}

SHORT: words.Words = {
    "vendor_active": _("an active place in this market"),
    "agreement": _("the agreement with the market"),
    "agreement_renewal": _("a renewed agreement with the market"),
    "purchase_voucher": _("a purchase voucher"),
    "quality_proof": _("a quality proof"),
    "grower_id_number": _("the grower's identity number"),
    "grower_phone": _("the grower's telephone"),
    "grower_address": _("the grower's address"),
    **words.PAPERS,
}
"""What is missing, in a word or two, by the keys that a declaration keeps."""

ASK_THE_MARKET = _("Ask the market's office: this is put right there, not here.")
WITH_THE_GROWER = _("Write it down with the grower, where it says from whom.")


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: in words, what would do, and the articles that ask for it."""

    what: str
    todo: str
    papers: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """`lacks` is empty exactly when nothing is missing."""

    word: str
    tone: str
    lacks: tuple[Lack, ...]
    articles: tuple[str, ...]


def told(answer: GateAnswer) -> Answer:
    return Answer(
        word=str(OUTCOMES[answer.outcome]),
        tone=TONES[answer.outcome],
        lacks=tuple(lack(missing) for missing in answer.missing),
        articles=cited(answer.articles),
    )


def lack(missing: Missing) -> Lack:
    papers = tuple(str(words.PAPERS[kind]) for kind in missing.papers)
    return Lack(gettext(missing.words), _todo(missing), papers, cited(missing.articles))


def _todo(missing):
    if missing.papers:
        return gettext("Photograph one of these, when you have it:")
    return str(WITH_THE_GROWER if missing.key.startswith("grower_") else ASK_THE_MARKET)


def cited(keys) -> tuple[str, ...]:
    """Articles as they are cited, with the sentence of the duty."""
    return tuple(citation(key) for key in keys)


def citation(key: str) -> str:
    article = law.cite(key)
    return article.citation_en if get_language() == "en" else article.citation


def short(keys) -> list[str]:
    """What is missing in a word or two each, for a list."""
    return [str(SHORT[key]) for key in keys]
