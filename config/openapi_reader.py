"""An OpenAPI document, arranged for reading: operations by tag, fields of what is sent and answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "patch", "delete")


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    said: str
    depth: int


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    said: str
    parameters: list[Field]
    asks: list[Field]
    answers: list[Field]
    status: str
    example: str


@dataclass
class Part:
    name: str
    said: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    title: str
    version: str
    said: str
    parts: list[Part]


def read_document(document: dict[str, Any]) -> Document:
    parts = {tag["name"]: Part(tag["name"], tag.get("description", "")) for tag in document.get("tags", [])}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                name = operation["tags"][0]
                parts.setdefault(name, Part(name, "")).operations.append(_operation(document, path, method, operation))
    info = document["info"]
    return Document(
        info["title"],
        info["version"],
        info.get("description", ""),
        [part for part in parts.values() if part.operations],
    )


def _operation(document, path, method, operation) -> Operation:
    body = _content(operation.get("requestBody"))
    status, answer = next(iter(operation["responses"].items()))
    examples = [example["value"] for example in (body.get("examples") or {}).values()]
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", operation["operationId"]),
        said=operation.get("description", ""),
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        asks=_fields(document, body.get("schema")),
        answers=_fields(document, _content(answer).get("schema")),
        status=status,
        example=json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else "",
    )


def _content(holder) -> dict[str, Any]:
    return next(iter((holder or {}).get("content", {}).values()), {})


def _parameter(each) -> Field:
    where = {"header": "header", "path": "address", "query": "query"}[each["in"]]
    return Field(
        each["name"], f"{where}, {_kind(each['schema'])}", each.get("required", False), each.get("description", ""), 0
    )


def _fields(document, schema, depth=0) -> list[Field]:
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        return _fields(document, schema["items"], depth)
    found = []
    for name, each in schema.get("properties", {}).items():
        resolved = _resolved(document, each)
        required = name in schema.get("required", [])
        found.append(Field(name, _kind(resolved), required, resolved.get("description", ""), depth))
        inner = resolved["items"] if resolved.get("type") == "array" else resolved
        if depth < 3:
            found += _fields(document, inner, depth + 1)
    return found


def _resolved(document, schema) -> dict[str, Any]:
    schema = schema or {}
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            known = [each for each in schema[several] if each.get("type") != "null"]
            return {**_resolved(document, known[0]), **{k: v for k, v in schema.items() if k == "description"}}
    if "$ref" not in schema:
        return schema
    found = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return {**found, **{k: v for k, v in schema.items() if k == "description"}}


def _kind(schema) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    kind = schema.get("type", "object")
    kinds = [kind] if isinstance(kind, str) else kind
    words = " or ".join(each for each in kinds)
    return f"{words} ({schema['format']})" if "format" in schema else words
