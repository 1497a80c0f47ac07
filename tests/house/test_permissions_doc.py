"""`docs/permissions.md` says what the code does."""

from pathlib import Path

from django.conf import settings

from registry.management.commands.permissions_table import document, short
from registry.roles import Role


def test_the_document_is_what_the_command_prints():
    written = Path(settings.BASE_DIR, "docs", "permissions.md").read_text(encoding="utf-8")
    assert written == document(), "run: python manage.py permissions_table > docs/permissions.md"


def test_no_two_roles_are_shortened_alike():
    assert len({short(role) for role in Role}) == len(Role)
