"""`manage.py scale`: a working smart scale in a terminal, for demonstrations and for makers of scales."""

import os
import select
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kit.device_signing import key_bytes
from traceability.scale.client import Scale
from traceability.scale.memory import Memory, MemoryInUse
from traceability.scale.sync import Sync
from traceability.scale.terminal import Terminal
from traceability.scale.transport import Connection

EVERY_S = 30
TIMEOUT_S = 3


class Command(BaseCommand):
    help = "A smart scale in the terminal: product buttons, slips, an offline queue. `facts` prints ids and keys."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--url", default=os.environ.get("SCALE_URL", "http://127.0.0.1:8000"))
        parser.add_argument("--device", default=os.environ.get("SCALE_DEVICE"), help="the device's id")
        parser.add_argument("--key", default=os.environ.get("SCALE_KEY"), help="the device's key, 64 hex digits")
        parser.add_argument(
            "--memory", help="file of the scale's memory; by default one a device, in the working folder"
        )

    def handle(self, *, url, device, key, memory, **options):
        if not (device and key):
            raise CommandError(_("Give --device and --key; `manage.py facts` prints those of the demo."))
        try:
            key_bytes(key)
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            kept = Memory(memory or Path(f"scale-{device}.json"))
        except MemoryInUse as error:
            raise CommandError(_("This scale is already running in another window.")) from error
        scale = Scale(kept)
        terminal = Terminal(scale, Sync(scale, Connection(url, device, key, TIMEOUT_S)), self.stdout.write)
        try:
            terminal.start()
            while (line := self._line(terminal)) and terminal.handle(line):
                pass
        finally:
            kept.close()

    def _line(self, terminal):
        """The next line typed; while nobody types, the scale syncs."""
        while not select.select([sys.stdin], [], [], EVERY_S)[0]:
            terminal.refresh()
        return sys.stdin.readline()
