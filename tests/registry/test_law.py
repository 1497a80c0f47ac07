"""Articles of law come from one table, each with its edition."""

import pytest

from registry.law import articles, cite
from traceability.gate import ARTICLES


def test_an_article_is_cited_with_its_law():
    article = cite("fsl.65")
    assert article.citation == "食品安全法 第65条"
    assert article.citation_en == "Food Safety Law, Article 65"
    assert article.law.edition == "2025年修正"


def test_an_item_of_an_article_is_cited():
    assert cite("fsl.34.8").citation == "食品安全法 第34条第8项"


def test_a_rule_whose_numbers_were_not_read_is_cited_as_a_whole():
    assert cite("cert.2025.4").citation == "承诺达标合格证管理办法"


def test_every_article_says_its_duty_in_both_languages():
    for article in articles().values():
        assert article.duty.endswith("。"), article.key
        assert article.duty_en.endswith("."), article.key


def test_nothing_counts_as_verified_whose_law_was_not_read():
    for article in articles().values():
        assert not article.verified or article.law.text_read, article.key


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        cite("fsl.999")


def test_whatever_the_gate_cites_is_in_the_table():
    assert articles().keys() >= ARTICLES
