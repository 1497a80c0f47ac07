import json

from django.core.management.base import BaseCommand, CommandError

from kit import verification
from traceability.ledger import TRACE


class Command(BaseCommand):
    help = "Verify the sealed goods ledger; names every row that was changed, removed or inserted."

    def add_arguments(self, parser):
        parser.add_argument("--published", help="A file of published roots to compare with (from /seals.json).")

    def handle(self, *args, published=None, **options):
        findings = verification.verify(TRACE, _roots(published) if published else ())
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} finding(s): the ledger is not as it was sealed.")
        self.stdout.write("The ledger is as it was sealed.")


def _roots(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as published roots: {error}") from error
