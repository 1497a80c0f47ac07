#!/usr/bin/env python
"""Django's command line for this platform."""

import importlib.util
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def use_the_environment_make_run_made() -> None:
    """So that `python manage.py …` works in any terminal, without activating anything."""
    python = Path(os.environ.get("VAR") or HERE / "var") / "venv" / "bin" / "python"
    if importlib.util.find_spec("django") is None and python.exists():
        os.execv(python, [str(python), *sys.argv])


def main() -> None:
    use_the_environment_make_run_made()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.env import BadEnvironment

    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
