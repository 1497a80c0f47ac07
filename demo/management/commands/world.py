import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import world


class Command(BaseCommand):
    help = "Fill an empty database with the demo district and months of its history at full volume, written by COPY."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=float, default=1.0, help="1 is the pilot's trade, 700,000 tests a year.")
        parser.add_argument("--months", type=float, default=12.0, help="How far back the history goes, at most 12.")

    def handle(self, *args, scale, months, **options):
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("The demo district belongs to a demo: set DEMO=1, and never in production.")
        if not (0 < scale <= 1000 and 0 < months <= 12):
            raise CommandError("--scale is above 0 and at most 1000, --months above 0 and at most 12.")
        if not world.is_empty():
            raise CommandError("There is a district already, with a sealed ledger: a history needs an empty database.")
        began = time.monotonic()
        tell = lambda line: self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")  # noqa: E731
        world.fill(min(scale, 1), tell, months=months, volume=scale)
        tell("the district and its history are there")
