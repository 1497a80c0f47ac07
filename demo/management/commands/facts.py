import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.facts import facts


class Command(BaseCommand):
    help = "Facts of the running demo world, as JSON."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("There are facts of a demo only.")
        self.stdout.write(json.dumps(facts(), ensure_ascii=False, indent=2))
