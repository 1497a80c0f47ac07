"""A code as the templates draw it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from kit import codes, qr


def printed(
    url: str,
    typed_code: str,
    *,
    level: str = "M",
    encode: Callable[[str, str], qr.Modules] = qr.modules,
) -> dict[str, Any]:
    """The symbol, and beside it what tells a true code from an overlaid one: domain and typed code."""
    dark = encode(url, level)
    return {
        "code": {"path": qr.path(dark), "side": len(dark)},
        "typed": codes.grouped(typed_code),
        "domain": urlsplit(url).netloc,
    }
