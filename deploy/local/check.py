"""`make check`: style, types, layers, migrations, templates, links. Runs everything, then says what failed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from deploy.local.docs import broken_links
from deploy.local.venv import ROOT

PACKAGES = ("config", "kit", "registry", "traceability", "inspections", "demo")
LAYERS = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))"
NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "BROKER_URL": "redis://127.0.0.1:1/0"}


def typed_files() -> list[str]:
    """The kit, every service and selector, and the rule modules beside them."""
    found = [*ROOT.glob("kit/**/*.py")]
    for package in ("registry", "traceability", "inspections"):
        found += [
            *ROOT.glob(f"{package}/*.py"),
            *ROOT.glob(f"{package}/services/*.py"),
            *ROOT.glob(f"{package}/selectors/*.py"),
        ]
    return [str(file.relative_to(ROOT)) for file in found if "migrations" not in file.parts]


def python(*arguments: str) -> Callable[[], bool]:
    env = {**NOWHERE, **os.environ}
    return lambda: subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=False).returncode == 0


def links() -> bool:
    broken = list(broken_links(ROOT))
    print("\n".join(broken) or "Every link leads somewhere.")
    return not broken


def main() -> None:
    checks: dict[str, Callable[[], bool]] = {
        "lint": python("-m", "ruff", "check", "."),
        "format": python("-m", "ruff", "format", "--check", "."),
        "types": python("-m", "mypy", *typed_files()),
        "layers": python("-c", LAYERS),
        "migrations": python("-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
        "templates": python("-m", "djlint", "templates", "--lint", "--quiet"),
        "links": links,
    }
    failed = []
    for name, check in checks.items():
        print(f"── {name}", flush=True)
        if not check():
            failed.append(name)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")
    print("Everything is in order.")


if __name__ == "__main__":
    main()
