"""Encrypt every encrypted column anew, after a new key was put in front of `FIELD_KEYS`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import Model

from kit.crypto import EncryptedTextField

BATCH = 500


class Command(BaseCommand):
    help = "Encrypt every encrypted column with the first of FIELD_KEYS, so that the old keys can be dropped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default="owner", help="The owner may change ledgers too (default: owner).")

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        for model in apps.get_models():
            if columns(model):
                self.stdout.write(f"{model._meta.label}: {reencrypt(model, database)}")


def columns(model: type[Model]) -> list[str]:
    if model._meta.proxy or not model._meta.managed:
        return []
    return [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def reencrypt(model: type[Model], database: str) -> int:
    """Rows rewritten. Each batch is locked while it is, so that no change in between is lost."""
    return sum(_batches(model, database))


def _batches(model: type[Model], database: str) -> Iterator[int]:
    last = None
    while True:
        with transaction.atomic(using=database):
            rows = model._base_manager.using(database).order_by("pk").select_for_update()
            batch = list((rows.filter(pk__gt=last) if last is not None else rows)[:BATCH])
            model._base_manager.using(database).bulk_update(batch, columns(model))
        yield len(batch)
        if len(batch) < BATCH:
            return
        last = batch[-1].pk
