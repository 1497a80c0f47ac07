"""Content-Security-Policy sources for the one inline style of the public pages."""

import base64
import hashlib
from pathlib import Path


def style_hash(piece: Path) -> str:
    """The CSP source for `<style>{% include piece %}</style>`, such as `'sha256-…'`.

    The piece is a template without tags or variables, so its file is its rendering, byte for byte.
    """
    digest = hashlib.sha256(piece.read_text(encoding="utf-8").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
