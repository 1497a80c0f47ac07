"""The platform's own packages and files, as the house rules see them."""

from collections.abc import Iterator
from pathlib import Path

from deploy.local.venv import ROOT

PACKAGES = ("kit", "registry", "traceability", "inspections", "demo", "config")
DOMAIN = ("registry", "traceability", "inspections")


def python_files(*folders: str) -> Iterator[Path]:
    """Below the named folders, without migrations."""
    for folder in folders:
        yield from (file for file in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in file.parts)


def short(file: Path) -> str:
    return str(file.relative_to(ROOT))
