"""`make faults [FAULT=name] [FULL=1]`: every fault, or one. Fails when one did not pass."""

import importlib
import os
import sys
from pathlib import Path

from deploy.local import Trouble

HERE = Path(__file__).parent
PREFIX = "fault_"


def names() -> list[str]:
    return sorted(file.stem.removeprefix(PREFIX) for file in HERE.glob(f"{PREFIX}*.py"))


def main(wanted: list[str]) -> int:
    for unknown in set(wanted) - set(names()):
        raise Trouble(f"There is no fault called {unknown}; there are: {', '.join(names())}.")
    full = os.environ.get("FULL") == "1"
    passed = True
    for name in wanted or names():
        for outcome in importlib.import_module(f"tests.faults.{PREFIX}{name}").run(full=full):
            print(outcome, flush=True)  # noqa: T201
            passed = passed and outcome.passed
    return 0 if passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as error:
        sys.exit(str(error))
