"""`manage.py instrument`: a working rapid-test instrument in a terminal, for demonstrations and for makers."""

import os
import select
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kit.device_signing import key_bytes
from traceability.instrument.client import Instrument, State
from traceability.instrument.lines import DyLine, SignedLine
from traceability.instrument.terminal import Terminal
from traceability.scale.memory import Memory, MemoryInUse
from traceability.scale.transport import Connection

EVERY_S = 30
TIMEOUT_S = 5


class Command(BaseCommand):
    help = "A rapid-test instrument in the terminal, offline queue included. `facts` prints ids and keys."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--url", default=os.environ.get("INSTRUMENT_URL", "http://127.0.0.1:8000"))
        parser.add_argument("--device", default=os.environ.get("INSTRUMENT_DEVICE"), help="the device's id")
        parser.add_argument("--key", default=os.environ.get("INSTRUMENT_KEY"), help="the device's key, 64 hex digits")
        parser.add_argument("--username", default="tester1", help="who works it, by the name of signing in")
        parser.add_argument("--way", choices=["dy", "signed"], default="dy", help="the DY family's message, or ours")
        parser.add_argument("--memory", help="file of the instrument's memory; by default one a device")

    def handle(self, *, url, device, key, username, way, memory, **options):
        if not (device and key):
            raise CommandError(_("Give --device and --key; `manage.py facts` prints those of the demo."))
        try:
            key_bytes(key)
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            kept = Memory(memory or Path(f"instrument-{device}.json"), State)
        except MemoryInUse as error:
            raise CommandError(_("This instrument is already running in another window.")) from error
        dy = DyLine(url, device, key, username, TIMEOUT_S)
        line = dy if way == "dy" else SignedLine(Connection(url, device, key, TIMEOUT_S), username)
        terminal = Terminal(Instrument(kept, line, name=device[:8]), self.stdout.write)
        try:
            terminal.refresh()
            terminal.show()
            while (typed := self._line(terminal)) and terminal.handle(typed):
                pass
        finally:
            kept.close()

    def _line(self, terminal):
        """The next line typed; while nobody types, the instrument sends what waits."""
        while not select.select([sys.stdin], [], [], EVERY_S)[0]:
            terminal.refresh()
        return sys.stdin.readline()
