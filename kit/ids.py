"""Identifiers: UUIDv7, made by the application, in order of time, never shown to people."""

import uuid

import uuid_utils


def uuid7() -> uuid.UUID:
    return uuid.UUID(int=uuid_utils.uuid7().int)
