"""Data becomes paper and never source; several threads may print at once."""

from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest

from kit import typeset

TEMPLATE = b"""#import "/kit/typst/base.typ": *
#show: setting
#set page(width: 80mm, height: 40mm, margin: 4mm)
#fitted(data.words, 72mm, height: 30mm, size: 12pt, least: 6pt)
"""
ODD = [
    "#let x = 1; #panic()",
    '#read("/etc/passwd")',
    "*bold* _slanted_ $x^2$ = head",
    "back\\slash \"quotes\" 'single'",
    "<script>alert(1)</script>",
    "{braces} [brackets] @label `code` // comment",
    "𠮷野家 䶮",
]


def words_of(data):
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def squeezed(text):
    return "".join(character for character in text if character.isalnum() or character in "#$*\\\"'<>[]{}@`/")


def set_words(words):
    return typeset.pdf(TEMPLATE, {"words": words})


@pytest.mark.parametrize("words", ODD)
def test_what_people_type_is_printed_as_it_is(words):
    assert squeezed(words_of(set_words(words))) == squeezed(words)


def test_words_that_do_not_fit_end_with_an_ellipsis():
    printed = words_of(set_words("三水区西南街道" * 400))

    assert printed.rstrip().endswith("…")
    assert len(printed) < 1500


def test_threads_print_at_once():
    with ThreadPoolExecutor(4) as pool:
        sheets = list(pool.map(set_words, [f"第 {number} 张" for number in range(24)]))

    assert [squeezed(words_of(sheet)) for sheet in sheets] == [f"第{number}张" for number in range(24)]


def test_a_chinese_font_is_found():
    path, index = typeset.font_file()

    assert path
    assert index >= 0
