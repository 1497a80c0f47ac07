"""Codes from upstream: a voucher of this platform that proves where goods came from."""

import re

from kit.codes import read_token
from traceability.models import VoucherLine

_OUR_ADDRESS = re.compile(r"/v/([0-9A-Za-z-]{17,24})\b")


def voucher_token(code: str) -> str | None:
    """The voucher token in a scanned address or a bare token; None for a foreign code."""
    found = _OUR_ADDRESS.search(code)
    return read_token(found.group(1) if found else code)


def confirms(code: str, product_id) -> bool:
    """Whether the code is a standing voucher of ours with this product on it."""
    token = voucher_token(code) if code else None
    return (
        bool(token)
        and VoucherLine.objects.filter(voucher__token=token, voucher__state="issued", product_id=product_id).exists()
    )
