"""How Chinese names are typed: whole pinyin, or the first letter of each syllable."""

import tomllib
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

ONE_BY_ONE: Any = list
"""Letters and digits stay, each for itself. pypinyin takes a list of readings; its types say one."""

READINGS = Path(__file__).parent / "data" / "readings.toml"


def pinyin(text: str) -> str:
    """辣椒 → lajiao. Lower case, no tones, no spaces; letters and digits stay."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """辣椒 → lj."""
    return "".join(syllable[0] if _is_han(character) else syllable for character, syllable in _pairs(text))


def syllables(text: str) -> list[str]:
    """辣椒 → ["la", "jiao"]. A letter or digit is a syllable of its own; anything else is dropped."""
    return [syllable for _, syllable in _pairs(text)]


def _pairs(text):
    kept = "".join(character for character in text.lower() if character.isalnum())
    return list(zip(kept, lazy_pinyin(kept, style=Style.NORMAL, errors=ONE_BY_ONE), strict=True))


def _is_han(character):
    return not character.isascii()


def _load_readings():
    table = tomllib.loads(READINGS.read_text(encoding="utf-8"))
    load_single_dict({ord(character): reading for character, reading in table["characters"].items()})
    load_phrases_dict({word: [[each] for each in reading.split()] for word, reading in table["words"].items()})


_load_readings()
