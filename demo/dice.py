"""Chance with a seed, and the numbers that invented people and firms carry."""

import random

from stdnum.cn import ric, uscc

from demo.names import Names


class Dice(random.Random):
    """Draws what a district is made of. Unified codes and identity numbers are well formed and nobody's."""

    def __init__(self, seed: int):
        super().__init__(seed)
        self.names = Names(self)
        self.dialled = 0

    def phone(self) -> str:
        """A new number each time: the step is prime to ten million."""
        self.dialled += 1
        return f"1380{self.dialled * 7_654_321 % 10**7:07d}"

    def uscc(self, kind: str = "92") -> str:
        body = f"{kind}440607MA" + "".join(self.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=7))
        return body + uscc.calc_check_digit(body)

    def id_number(self) -> str:
        body = f"44060719{self.randrange(60, 95)}{self.randrange(1, 13):02d}{self.randrange(1, 28):02d}"
        body += f"{self.randrange(1000):03d}"
        return body + ric.calc_check_digit(body + "0")

    def permit(self, kind: str) -> str:
        return f"JY{kind}440607{self.randrange(10**7):07d}"

    def person(self) -> str:
        return self.names.person().name

    def chance(self, share: float) -> bool:
        return self.random() < share
