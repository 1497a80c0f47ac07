"""Compile the catalogues of locale/ into VAR/locale, where Django finds them."""

from pathlib import Path

import polib


def compile_all(source: Path, target: Path) -> None:
    """Only what changed; no gettext programs are needed."""
    for catalogue in source.glob("*/LC_MESSAGES/*.po"):
        compiled = (target / catalogue.relative_to(source)).with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        polib.pofile(str(catalogue)).save_as_mofile(str(compiled))


if __name__ == "__main__":
    from deploy.local.venv import ROOT, folder

    compile_all(ROOT / "locale", folder() / "locale")
