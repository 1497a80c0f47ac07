"""Names of administrative divisions in English, and without their suffix."""

import tomllib
from functools import cache
from pathlib import Path

from registry.pinyin import syllables

TABLE = Path(__file__).parent / "data" / "romanised.toml"
SELF_GOVERNING = ("自治州", "自治县", "自治旗")


def english_name(name: str) -> str:
    """乐东黎族自治县 → Ledong Li Autonomous County. A city stands alone: 茂名市 → Maoming."""
    names, suffixes, peoples = _table()
    if name in names:
        return names[name]
    stem, found, suffix = _parts(name)
    return " ".join(filter(None, [_joined(stem), *(peoples[each] for each in found), suffixes.get(suffix, "")]))


def bare_name(name: str) -> str:
    """乐东黎族自治县 → 乐东. A name of two characters stays whole: 单县."""
    return _parts(name)[0]


def _parts(name):
    """A place's own name, the peoples it names and its suffix."""
    _, suffixes, peoples = _table()
    suffix = _suffix(name, suffixes)
    stem = name.removesuffix(suffix)
    found: list[str] = []
    while suffix in SELF_GOVERNING and (people := _last_people(stem, peoples)):
        stem = stem.removesuffix(people)
        found.insert(0, people)
    return stem, found, suffix


def _last_people(stem, peoples):
    return next((each for each in peoples if stem.endswith(each) and len(stem) > len(each)), None)


def _suffix(name, suffixes):
    """The longest suffix that leaves two characters at least; a name of two characters has none (单县)."""
    fitting = sorted((each for each in suffixes if name.endswith(each)), key=len, reverse=True)
    return next((each for each in fitting if len(name) - len(each) >= 2), "")


def _joined(stem):
    """Syllables in one word; an apostrophe before a vowel, as in Xi'an."""
    word = ""
    for syllable in syllables(stem):
        word += f"'{syllable}" if word and syllable[0] in "aeo" else syllable
    return word.replace("lv", "lü").replace("nv", "nü").capitalize()


@cache
def _table():
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    peoples = dict(sorted(table["peoples"].items(), key=lambda pair: -len(pair[0])))
    return table["names"], table["suffixes"], peoples
