"""The OpenAPI document: what every operation has in common is said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema, extend_schema_view

from kit.drf import IDEMPOTENCY_HEADER, IdempotentCreateMixin
from kit.problems import MEDIA_TYPE

KEY = {
    "name": IDEMPOTENCY_HEADER,
    "in": "header",
    "required": True,
    "description": "A key of your own for this one request, for example a UUID. Sent again with the same content it "
    "gives the same answer and is done once; with other content it is refused (409).",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "0192f0c1-7d3a-7c55-8e21-5a0b6c9d1e2f",
}
PROBLEM = {
    "description": "Why not (RFC 9457). `code` is stable.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Schema(AutoSchema):
    """Adds the key that a POST needs, and problems as the answer to everything else."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if self.method == "POST" and isinstance(self.view, IdempotentCreateMixin):
            operation.setdefault("parameters", []).append(KEY)
        operation["responses"]["default"] = PROBLEM
        return operation


def reads(operation_id: str, tag: str, summary: str, answers: Any = None, **more: Any) -> Callable:
    """Names a view's GET in the schema."""
    said = {"responses": answers} if answers else {}
    return extend_schema_view(get=extend_schema(operation_id=operation_id, tags=[tag], summary=summary, **said, **more))
