"""Names for the demo world, drawn from demo/data/names.toml. People, firms and shops are invented."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from registry.romanise import bare_name

DATA = Path(__file__).parent / "data"

SUPPLIER_KINDS = {"2": "fruit", "31": "meat", "32": "meat", "33": "meat", "34": "eggs", "4": "fish", "5": "goods"}
"""Which suppliers bring goods of a category, by the beginning of its code; growers bring the rest."""


@dataclass(frozen=True)
class Person:
    name: str
    female: bool


class Names:
    """Names one after another; the same random source gives the same names."""

    def __init__(self, random: Random):
        self.random = random
        self.table = table()

    def person(self) -> Person:
        people = self.table["people"]
        female = self.random.random() < 0.5
        [surname] = self.random.choices(list(people["surnames"]), list(people["surnames"].values()))
        return Person(surname + self.random.choice(people["given_female" if female else "given_male"]), female)

    def trade_name(self, zone: str) -> str:
        """A stall's name in a zone of a market: 强记蔬菜."""
        names = self.table["trade_names"]
        return self._fill(names["patterns"], goods=names["goods"][zone])

    def wholesaler(self, zone: str) -> str:
        """A wholesaler's name in a zone of the wholesale market: 昌盛水产行."""
        names = self.table["wholesalers"]
        return self._fill(names["patterns"], goods=names["goods"][zone], trade=names["trade"][zone])

    def supplier(self, category: str, county: str) -> str:
        """Who brings goods of a category from a county: ("11", 元谋县) → 元谋丰年家庭农场."""
        names = self.table["suppliers"]
        kind = SUPPLIER_KINDS.get(category) or SUPPLIER_KINDS.get(category[0], "patterns")
        return self._fill(names[kind], county=[bare_name(county)])

    def importer(self) -> str:
        return self._fill(self.table["suppliers"]["imports"])

    def business(self, business_type: str) -> str:
        """The signboard of a restaurant or shop; KeyError for a business type that has no patterns."""
        patterns = {**self.table["restaurants"], **self.table["shops"]}
        return self._fill(patterns[business_type])

    def address(self, town: str) -> str:
        """A street and number in a town, by its code."""
        return f"{self.random.choice(self.table['streets'][town])}{self.random.randint(1, 180)}号"

    def plate(self, region: str) -> str:
        """A number plate of the province that a region's code begins with, or of 佛山."""
        plates = self.table["plates"]
        prefix = self.random.choice(plates.get(region[:2], plates["44"]))
        return prefix + "".join(self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=4)) + self._digit()

    def _digit(self):
        return str(self.random.randint(0, 9))

    def _fill(self, patterns, **words):
        words = {
            "nick": self.table["trade_names"]["nicks"],
            "lucky": self.table["trade_names"]["lucky"],
            "firm": self.table["trade_names"]["firms"],
            "stem": self.table["restaurants"]["stems"],
            **words,
        }
        chosen = {word: self.random.choice(choices) for word, choices in words.items()}
        return self.random.choice(patterns).format(**chosen)


@cache
def table() -> dict:
    """The whole table: markets, testing canteens, zones, villages and the rest stand in it as they are."""
    return tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
