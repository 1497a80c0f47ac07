import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import world


class Command(BaseCommand):
    help = "Fill an empty database with the demo district; roll a filled one forward to today."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=float, default=1.0, help="1 is the size of the pilot's district.")

    def handle(self, *args, scale, **options):
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("The demo district belongs to a demo: set DEMO=1, and never in production.")
        if not 0 < scale <= 1000:
            raise CommandError("SCALE is a number above 0, at most 1000.")
        began = time.monotonic()
        tell = lambda line: self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")  # noqa: E731
        if world.is_empty():
            world.fill(scale, tell)
        else:
            world.roll(scale, tell)
        tell("the demo district is up to date")
