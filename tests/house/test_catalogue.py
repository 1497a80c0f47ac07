"""The interface is complete in Simplified Chinese: every message of the code and the templates has its translation."""

from __future__ import annotations

import re

import polib
import pytest

from deploy.local.catalogue import messages
from deploy.local.venv import ROOT

CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def said() -> set[tuple[str | None, str]]:
    return {(message.context, message.msgid) for message in messages() if message.msgid}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_message_is_translated(path, said):
    translated = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)).translated_entries()}
    assert sorted(msgid for _context, msgid in said - translated) == [], "run: python -m deploy.local.catalogue"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_translation_is_left_over(path, said):
    assert sorted(entry.msgid for entry in polib.pofile(str(path)) if (entry.msgctxt, entry.msgid) not in said) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_fill_in_what_the_message_does(path):
    """A placeholder that the message has not got would fail when it is shown."""
    for entry in polib.pofile(str(path)):
        known = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert set(PLACEHOLDER.findall(text)) <= known, entry.msgid
