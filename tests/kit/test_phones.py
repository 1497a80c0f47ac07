"""One phone, one way to write it, found without being readable."""

import pytest

from kit import phones


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    ],
)
def test_a_mobile_however_written(text):
    assert phones.normalise(text) == "13800138000"


@pytest.mark.parametrize("text", ["(0512) 6572-1234", "0512 65721234", "+86 0512\u201365721234"])
def test_a_landline_with_its_area_code(text):
    assert phones.normalise(text) == "051265721234"


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1380013800", "138001380000", "65721234", "\u00b213800138000", "abc"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(phones.BadPhone):
        phones.normalise(text)


def test_equal_phones_have_equal_indexes_that_do_not_show_them():
    index = phones.whole_index("13800138000")
    assert index == phones.whole_index(phones.normalise("+86 138 0013 8000"))
    assert index != phones.whole_index("13800138001")
    assert "8000" not in index[:4]
    assert len(index) == 64


def test_the_tail_is_found_by_the_four_digits_alone():
    assert phones.tail_index("13800138000") == phones.tail_index("8000")


def test_a_tail_and_a_whole_phone_have_unrelated_indexes():
    assert phones.tail_index("8000") != phones.whole_index("8000")
