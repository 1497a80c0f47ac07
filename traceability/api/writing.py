"""A POST for people: one key for one write, one service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.drf import IDEMPOTENCY_HEADER, IdempotentCreateMixin
from registry.actors import Actor
from traceability.api.rows import one


class Writing(IdempotentCreateMixin, APIView):
    """A POST that parses, calls one service and answers with what it made."""

    asks: type[serializers.Serializer]
    answers: type[serializers.Serializer]

    def create(self, request: Request, **names: Any) -> Response:
        about = self.about(request.actor, **names)
        asked = self.asks(data=request.data)
        asked.is_valid(raise_exception=True)
        made = self.carry_out(request.actor, asked.validated_data, client_key(request), **about)
        return Response(self.answers(made).data, status=201)

    def about(self, actor: Actor, **names: Any) -> dict[str, Any]:
        """What the address names, for `carry_out`."""
        return names

    def carry_out(self, actor: Actor, asked: dict[str, Any], key: uuid.UUID, **about: Any) -> Any:
        raise NotImplementedError


class Acting(Writing):
    """A POST about the row that the address names. Out of reach is said before what was sent is read."""

    def among(self, actor: Actor) -> Any:
        """The rows within reach."""
        raise NotImplementedError

    def about(self, actor: Actor, **names: Any) -> dict[str, Any]:
        (row_id,) = names.values()
        return {"row": one(self.among(actor), row_id)}


def writes(
    operation_id: str, tag: str, summary: str, *, asks: Any, answers: Any, example: dict[str, Any] | None = None
) -> Callable:
    """Names a POST in the schema, with what it asks and answers."""
    examples = [OpenApiExample(summary, value=example, request_only=True)] if example else []

    def decorate(view: type[Writing]) -> type[Writing]:
        view.asks, view.answers = asks, answers
        post = extend_schema(
            operation_id=operation_id, tags=[tag], summary=summary, request=asks, responses={201: answers},
            examples=examples,
        )  # fmt: skip
        return extend_schema_view(post=post)(view)

    return decorate


def client_key(request: Request) -> uuid.UUID:
    """The request's key as the services know it: the same for the same person, address and key."""
    return uuid.uuid5(request.user.pk, f"{request.path} {request.headers[IDEMPOTENCY_HEADER]}")
