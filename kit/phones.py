"""Chinese telephone numbers: one way to write them, and blind indexes to find them by."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from kit.crypto import blind_index
from kit.refusals import Invalid

_SEPARATORS = re.compile(r"[\s()\-\u2010-\u2015]+")
_COUNTRY = re.compile(r"^(?:\+|00)86")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[2-9][0-9]{6,7}")


class BadPhone(Invalid):
    code = "bad_phone"
    message = _("This is not a telephone number: a mobile has 11 digits, a landline needs its area code.")


def normalise(text: str) -> str:
    """`+86 138 0013 8000` as `13800138000`, `(0512) 6572-1234` as `051265721234`. Raises BadPhone."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    digits = _COUNTRY.sub("", digits)
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise BadPhone
    return digits


def whole_index(phone: str) -> str:
    """The index of a normalised phone: equal phones have equal indexes."""
    return blind_index(phone, "phone")


def tail_index(phone: str) -> str:
    """The index of the last four digits, of a whole phone or of the four alone."""
    return blind_index(phone[-4:], "phone tail")
