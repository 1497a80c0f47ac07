from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from kit import grants


class Command(migrate.Command):
    help = "Migrates as the owner of the tables, then sets the rights of the app's role."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        call_command("createcachetable", "cache_entries", database=options["database"], verbosity=0)
        grants.apply(connections["default"].settings_dict["USER"], using=options["database"])
