"""Public codes: the token in a QR address, and the short code a person can type.

A token is 16 random characters of Crockford's base32 alphabet (80 bits) and one check character;
a typed code is 9 random characters and one check character, written in groups. Neither shows a
sequence, a date or a place. Reading forgives case, spaces, hyphens, and O, I and L.

The check character is ISO/IEC 7064 MOD 33,32 (the hybrid scheme of the standard's MOD 37,36, given
this alphabet): it finds every single wrong character and nearly every swap of neighbours, so a
mistyped code is told apart from an unknown one without asking the database.
"""

import secrets

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 17
TYPED_LENGTH = 10
_FORGIVE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u3000": None})


def new_token() -> str:
    return _with_check(_random(TOKEN_LENGTH - 1))


def new_typed_code() -> str:
    return _with_check(_random(TYPED_LENGTH - 1))


def read(text: str, length: int) -> str | None:
    """The code in `text`, normalised; None when its length, alphabet or check character is wrong."""
    if len(text) > 64:
        return None
    code = text.strip().upper().translate(_FORGIVE)
    if len(code) != length or any(character not in ALPHABET for character in code):
        return None
    return code if mod_37_36.is_valid(code, ALPHABET) else None


def read_token(text: str) -> str | None:
    return read(text, TOKEN_LENGTH)


def read_typed_code(text: str) -> str | None:
    return read(text, TYPED_LENGTH)


def grouped(typed_code: str) -> str:
    """`ABCDEFGHJK` as `ABC-DEF-GHJK`, the way it is printed."""
    return "-".join((typed_code[:3], typed_code[3:6], typed_code[6:]))


def _random(length):
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _with_check(body):
    return body + mod_37_36.calc_check_digit(body, ALPHABET)
