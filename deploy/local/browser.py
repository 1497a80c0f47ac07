"""The browser tests look through: CHROMIUM, else one on PATH, else installed, else one clear sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")


def find() -> str | None:
    """Its path, or None. A CHROMIUM that does not exist is refused, not skipped."""
    if named := os.environ.get("CHROMIUM", "").strip():
        if not os.access(named, os.X_OK):
            raise Trouble(f"CHROMIUM={named} is not a program.")
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or next(of_playwright(), None)


def of_playwright() -> Iterator[str]:
    folders = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *map(os.path.expanduser, PLAYWRIGHT_FOLDERS)]
    for folder in filter(None, folders):
        for pattern in (
            "chromium-*/chrome-linux*/chrome",
            "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
        ):
            yield from map(str, sorted(Path(folder).glob(pattern), reverse=True))


def ensure() -> str:
    """A browser, installed where there is none."""
    return find() or by_apt() or by_playwright() or refuse()


def by_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing chromium with apt-get …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
    return find()


def by_playwright() -> str | None:
    print("Installing chromium with playwright …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def refuse() -> str:
    raise Trouble("The tests need a browser and none could be installed: install chromium, or name one with CHROMIUM=.")
