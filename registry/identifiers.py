"""Numbers that the state gives to subjects, permits and vehicles: read as people write them, checked, normalised.

Each function returns the normalised number or raises `Unclear`, which says in words what is wrong.
"""

import re
import unicodedata

from stdnum.cn import ric
from stdnum.cn import uscc as credit_code
from stdnum.exceptions import ValidationError

from kit.words import gettext_noop
from registry.business_types import BusinessType

# GB 32100. The first two characters may be letters: N1 to N3 are village cooperatives.
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_PLATE = re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]")
_PERMITS = {
    "JY": re.compile(r"JY[123][0-9]{13}"),
    "YB": re.compile(r"YB[123][0-9]{13}"),
    "SC": re.compile(r"SC[0-9]{14}"),
}
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u00b7\u30fb]+")
MAX_LENGTH = 32

# Registered by the provinces, each with a number of its own shape.
REGISTERED_BY_PROVINCE = frozenset(
    {
        BusinessType.WORKSHOP,
        BusinessType.SMALL_CATERING,
        BusinessType.FOOD_VENDOR,
        BusinessType.RURAL_BANQUET,
        BusinessType.COLD_STORE,
    }
)


class Unclear(ValueError):
    """`words` is an English message, translated by the door that shows it."""

    def __init__(self, words: str):
        self.words = words
        super().__init__(words)


def uscc(text: str) -> str:
    """A unified social credit code 统一社会信用代码 (GB 32100-2015)."""
    code = _compact(text)
    if len(code) != 18:
        raise Unclear(gettext_noop("A unified social credit code has 18 characters. Count them again."))
    if not _USCC.fullmatch(code):
        raise Unclear(
            gettext_noop("A unified social credit code has digits and capital letters only, never I, O, S, V, Z.")
        )
    if credit_code.calc_check_digit(code[:17]) != code[17]:
        raise Unclear(gettext_noop("One of the characters is wrong: the last one does not fit the others."))
    return code


def id_number(text: str) -> str:
    """A citizen's identity number (GB 11643-1999).

    The place of registration is not looked up: counties come and go, and a grower at the gate must
    not be turned away because a list is old.
    """
    number = _compact(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Unclear(gettext_noop("An identity number has 18 characters: 17 digits, then a digit or X."))
    try:
        ric.get_birth_date(number)
    except ValidationError as error:
        raise Unclear(gettext_noop("The date of birth in this identity number does not exist.")) from error
    if ric.calc_check_digit(number) != number[17]:
        raise Unclear(gettext_noop("One of the digits is wrong: the last character does not fit the others."))
    return number


def plate(text: str) -> str:
    """A vehicle's number plate, with 7 characters or, for new energy, 8."""
    number = _compact(text)
    if not _PLATE.fullmatch(number):
        raise Unclear(
            gettext_noop("A number plate reads like 粤E12345: the province, a letter, five or six characters.")
        )
    return number


def permit_no(text: str, business_type: str = "") -> str:
    """A food business permit (JY), a filing for prepacked food (YB) or a production permit (SC).

    The small businesses that provinces register have numbers of their own shape.
    """
    number = _compact(text)
    shape = _PERMITS.get(number[:2])
    if shape:
        if not shape.fullmatch(number):
            raise Unclear(gettext_noop("After JY, YB or SC come 14 digits. Count them again."))
        return number
    if business_type in REGISTERED_BY_PROVINCE and 0 < len(number) <= MAX_LENGTH:
        return number
    raise Unclear(gettext_noop("A permit number begins with JY, YB or SC and has 14 digits after it."))


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
