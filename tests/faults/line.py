"""One fault a line: a JSON object that people and scripts read alike."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`acked` writes were answered "done"; `lost` of them were missing afterwards, `duplicates` were there twice."""

    fault: str
    acked: int
    lost: int
    duplicates: int
    errors_5xx: int
    recovered_s: float
    limit_s: float

    @property
    def passed(self) -> bool:
        return (
            not (self.lost or self.duplicates or self.errors_5xx)
            and self.acked > 0
            and self.recovered_s <= self.limit_s
        )

    def __str__(self) -> str:
        facts = asdict(self) | {"recovered_s": round(self.recovered_s, 2), "passed": self.passed}
        del facts["limit_s"]
        return json.dumps(facts)
