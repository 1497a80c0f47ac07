from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.urls import URLResolver, get_resolver

from registry.granting import GIVES
from registry.permissions import VERBS
from registry.roles import LABELS, Role

HEAD = """# Who may do what

Written by `python manage.py permissions_table > docs/permissions.md` from `registry/permissions.py`,
`registry/granting.py` and the doors of the pages; a test keeps it equal. How far a role reaches (a
stall or store, a market, a town, the district) is in `registry/actors.py`; what is out of reach
answers like what does not exist. `tests/house/access` tries every address as every role.
"""


class Command(BaseCommand):
    help = "Print the permissions table as Markdown."
    requires_system_checks = []

    def handle(self, *args, **options):
        self.stdout.write(document(), ending="")


def document() -> str:
    parts = [HEAD, roles(), verbs(), givers(), pages()]
    return "\n".join(parts)


def roles() -> str:
    return section("Roles", ["role", "", ""], ([f"`{role}`", short(role), label] for role, label in LABELS.items()))


def verbs() -> str:
    rows = ([f"`{verb}`", *("●" if role in held else "" for role in Role)] for verb, held in VERBS.items())
    return section("Verbs", ["", *map(short, Role)], rows)


def givers() -> str:
    rows = ([f"`{giver}`", ", ".join(f"`{role}`" for role in Role if role in given)] for giver, given in GIVES.items())
    return section("Who gives which role, within reach", ["giver", "gives"], rows)


def pages() -> str:
    rows = ([f"`/{route}`", name, words(asked)] for route, name, asked in sorted(doors(get_resolver())))
    return section("Signed-in pages and the verbs they ask for", ["address", "name", "verbs"], rows)


def doors(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from doors(each, route)
        elif (asked := getattr(each.callback, "verbs", None)) is not None:
            yield route, each.name, asked


def words(asked: tuple[str, ...]) -> str:
    return " or ".join(f"`{verb}`" for verb in asked) or "anybody signed in"


def short(role: Role) -> str:
    return "".join(word[0].upper() for word in role.split("_")) if "_" in role else role[:2].capitalize()


def section(title: str, head: list[str], rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return f"## {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
