"""The law as the platform shows it: one table of articles, each with its edition and its duty in a sentence."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "legal_articles.toml"


@dataclass(frozen=True)
class Law:
    """`text_read` is the date of the edition whose text was read; None where only accounts of it were."""

    key: str
    name: str
    short_name: str
    name_en: str
    edition: str
    edition_en: str
    in_force_on: date
    text_read: date | None = None


@dataclass(frozen=True)
class Article:
    """One article, or item of one. `article` is None where a rule is cited as a whole.

    `verified` says that the article's own text was read, in the edition of `law.text_read`.
    """

    key: str
    law: Law
    article: int | None
    item: int | None
    duty: str
    duty_en: str
    verified: bool

    @property
    def citation(self) -> str:
        """食品安全法 第34条第8项"""
        number = f" 第{self.article}条" if self.article else ""
        return f"{self.law.short_name}{number}" + (f"第{self.item}项" if self.item else "")

    @property
    def citation_en(self) -> str:
        """Food Safety Law, Article 34 (8)"""
        number = f", Article {self.article}" if self.article else ""
        return f"{self.law.name_en}{number}" + (f" ({self.item})" if self.item else "")


def cite(key: str) -> Article:
    """The article of that key; KeyError for one that is not in the table."""
    return articles()[key]


@cache
def articles() -> dict[str, Article]:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    laws = {key: Law(key=key, **fields) for key, fields in table["laws"].items()}
    return {key: _article(key, laws, **fields) for key, fields in table["articles"].items()}


def _article(key, laws, *, duty, duty_en, verified, whole=False):
    law, _, number = key.partition(".")
    numbers = [] if whole else [int(part) for part in re.findall(r"\d+", number)]
    article, item = [*numbers, None, None][:2]
    return Article(key, laws[law], article, item, duty, duty_en, verified)
