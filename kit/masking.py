"""What may be shown of a name, a phone, an identity number or a certificate number.

The stars never tell the length of what is hidden, except in a name.
"""

STARS = "****"


def name(full: str) -> str:
    """`王小明` as `王**`."""
    full = full.strip()
    return full[:1] + "*" * (len(full) - 1)


def phone(number: str) -> str:
    """`13800138000` as `138****8000`; a number too short for that shows nothing."""
    return number[:3] + STARS + number[-4:] if len(number) >= 10 else STARS


def id_number(number: str) -> str:
    """First six and last four, for staff pages only; public pages show no part of it."""
    return number[:6] + STARS * 2 + number[-4:] if len(number) >= 15 else STARS


def certificate_no(number: str) -> str:
    """The last four."""
    return STARS + number[-4:] if len(number) >= 8 else STARS
