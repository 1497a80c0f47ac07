"""`python -m deploy.local.catalogue`: bring locale/*.po up to what the code and the templates say.

New messages are added untranslated, unused ones dropped, translations kept. No gettext programs are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from deploy.local.venv import ROOT

PACKAGES = ("config", "kit", "registry", "traceability", "inspections", "demo")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


class Message(NamedTuple):
    context: str | None
    msgid: str
    plural: str = ""


def messages() -> Iterator[Message]:
    """Every message of the code and the templates, each as often as it stands there."""
    for source in sources():
        text = source.read_text(encoding="utf-8")
        if source.suffix == ".html":
            text = templatize(text)
        for _line, found, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            yield Message(context, *((found,) if isinstance(found, str) else found))


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for source in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in source.parts:
                yield source
    yield from sorted((ROOT / "templates").rglob("*.html"))


def update(catalogue: Path) -> None:
    po = polib.pofile(str(catalogue), wrapwidth=120)
    known = {(entry.msgctxt, entry.msgid): entry for entry in po}
    kept = polib.POFile(wrapwidth=120)
    kept.metadata = po.metadata
    seen = set()
    for message in messages():
        key = message.context, message.msgid
        if key in seen or not message.msgid:
            continue
        seen.add(key)
        kept.append(known.get(key) or _new(message))
    kept.save(str(catalogue))


def _new(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context)
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: ""}
    if "%(" in message.msgid or "%s" in message.msgid or "%d" in message.msgid:
        entry.flags.append("python-format")
    return entry


if __name__ == "__main__":
    for each in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        update(each)
