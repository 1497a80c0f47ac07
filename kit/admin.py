"""Pages of the admin for looking, not for changing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpRequest

from kit.crypto import EncryptedTextField

HIDDEN = {"password", "token_hash", "secret_hash", "phone_index", "phone_tail_index", "id_number_index"}


class ReadOnlyAdmin(admin.ModelAdmin):
    """Every column except secrets and encrypted ones; nothing can be added, changed or deleted."""

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [field.name for field in self.opts.concrete_fields if shown(field)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReferenceAdmin(admin.ModelAdmin):
    """Reference data may be corrected and added to; what is in use is retired, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def shown(field: Field[Any, Any]) -> bool:
    return not isinstance(field, EncryptedTextField) and field.name not in HIDDEN
