"""Numbers given by the state are read as people write them, and a mistake is said in words."""

import pytest

from registry import identifiers


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91110000600037341L", "91110000600037341L"),
        (" 9111 0000-600037341l ", "91110000600037341L"),
        ("９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
    ],
)
def test_a_credit_code_is_read_as_people_write_it(typed, code):
    assert identifiers.uscc(typed) == code


def test_a_village_cooperative_has_a_code_beginning_with_a_letter():
    body = "N2440607MF1234567"
    from stdnum.cn import uscc

    assert identifiers.uscc(body + uscc.calc_check_digit(body)).startswith("N2")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("91110000600037341", "18 characters"),
        ("91110000600037341O", "never I, O, S, V, Z"),
        ("91110000600037341A", "does not fit"),
        ("91110000600037314L", "does not fit"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(typed, said):
    with pytest.raises(identifiers.Unclear, match=said):
        identifiers.uscc(typed)


@pytest.mark.parametrize("typed", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X"])
def test_an_identity_number_is_read(typed):
    assert identifiers.id_number(typed) == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1101051949123100", "17 digits"),
        ("110105194913310021", "date of birth"),
        ("110105194912310021", "does not fit"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(typed, said):
    with pytest.raises(identifiers.Unclear, match=said):
        identifiers.id_number(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("粤E12345", "粤E12345"), ("粤 e·1234a", "粤E1234A"), ("粤ED12345", "粤ED12345"), ("粤Z1234港", "粤Z1234港")],
)
def test_a_number_plate_is_read(typed, number):
    assert identifiers.plate(typed) == number


@pytest.mark.parametrize("typed", ["", "E12345", "粤I12345", "粤E1234", "粤E1234567", "Guangdong"])
def test_what_is_no_plate_is_refused(typed):
    with pytest.raises(identifiers.Unclear):
        identifiers.plate(typed)


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("jy2440607 0012345", "small_restaurant", "JY24406070012345"),
        ("JY34406070012345", "school_canteen", "JY34406070012345"),
        ("YB14406070012345", "convenience_store", "YB14406070012345"),
        ("SC10644060700123", "workshop", "SC10644060700123"),
        ("粤食小作坊440607001", "workshop", "粤食小作坊440607001"),
    ],
)
def test_a_permit_number_is_read(typed, kind, number):
    assert identifiers.permit_no(typed, kind) == number


def test_a_permit_number_of_another_length_is_refused():
    with pytest.raises(identifiers.Unclear, match="14 digits"):
        identifiers.permit_no("JY244060700123456", "small_restaurant")


@pytest.mark.parametrize("typed", ["", "JY44406070012345", "粤食小作坊440607001"])
def test_what_is_no_permit_number_is_refused(typed):
    with pytest.raises(identifiers.Unclear):
        identifiers.permit_no(typed, "small_restaurant")
