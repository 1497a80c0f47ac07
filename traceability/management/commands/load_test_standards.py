from django.core.management.base import BaseCommand, CommandError

from kit.refusals import Refusal
from traceability.services.load_standards import load_standards


class Command(BaseCommand):
    help = "Load test items, methods and limits as shipped; does nothing when nothing changed. After load_reference."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            loaded = load_standards()
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if not options["verbosity"]:
            return
        for each in loaded:
            self.stdout.write(f"{each.name}: {each.shipped} shipped, {each.written} written, {each.retired} retired")
