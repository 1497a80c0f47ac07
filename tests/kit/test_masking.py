"""What may be seen of a person."""

import pytest

from kit import masking


@pytest.mark.parametrize(
    ("full", "shown"),
    [("王小明", "王**"), ("李四", "李*"), ("欧阳明月", "欧***"), ("王", "王"), ("", ""), (" 李四 ", "李*")],
)
def test_of_a_name_the_first_character(full, shown):
    assert masking.name(full) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800138000", "138****8000"), ("051265721234", "051****1234"), ("8000", "****"), ("", "****")],
)
def test_of_a_phone_three_and_four_digits(number, shown):
    assert masking.phone(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("320582199001011234", "320582********1234"), ("32058219", "****"), ("", "****")]
)
def test_of_an_identity_number_six_and_four(number, shown):
    assert masking.id_number(number) == shown


@pytest.mark.parametrize(("number", "shown"), [("JK2026000123", "****0123"), ("123", "****"), ("", "****")])
def test_of_a_certificate_number_the_last_four(number, shown):
    assert masking.certificate_no(number) == shown
