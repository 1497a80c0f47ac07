"""What a start does to the database and the files before anybody is served. Safe to run again."""

from __future__ import annotations

import hashlib
import os
import sys

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import Error

from deploy.local.messages import compile_all


def prepare() -> None:
    compile_all(settings.BASE_DIR / "locale", settings.VAR / "locale")
    collect_static()
    say("Migrating the database …")
    call_command("migrate", interactive=False, verbosity=0)
    say("Loading reference data …")
    call_command("load_reference", verbosity=0)
    call_command("load_test_standards", verbosity=0)
    if settings.DEMO:
        say("Looking after the demo world …")
        call_command("demo", verbosity=1)


def collect_static() -> None:
    """Only when a source changed: hashing and compressing takes seconds."""
    done = settings.STATIC_ROOT / ".sources"
    wanted = fingerprint()
    if done.exists() and done.read_text() == wanted:
        return
    say("Collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    done.write_text(wanted)


def fingerprint() -> str:
    found = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            found.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        prepare()
    except (CommandError, Error) as error:
        sys.exit(f"The database could not be prepared: {error}")
