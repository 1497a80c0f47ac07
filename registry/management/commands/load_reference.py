from django.core.management.base import BaseCommand, CommandError

from kit.refusals import Refusal
from registry.services.load_reference import load_reference


class Command(BaseCommand):
    help = "Load regions, products and their other names as shipped; does nothing when nothing changed."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            loaded = load_reference()
        except Refusal as refusal:
            raise CommandError(refusal.words()) from refusal
        if not options["verbosity"]:
            return
        for each in loaded:
            self.stdout.write(f"{each.name}: {each.shipped} shipped, {each.written} written, {each.retired} retired")
