"""Refusals: the one tree of ways in which a service says no.

    Refusal
    ├── NotAllowed   403   this person may not
    ├── NotFound     404   missing, or not yours: the same answer
    ├── Conflict     409   the world moved, or somebody was first
    └── Invalid      422   what was sent cannot be accepted; `fields` says where

A refusal carries a stable `code` for machines and `data` for the words: its `message` may hold
`%(name)s` placeholders, filled when it is read. The door adds the rest (an HTML page, or an RFC 9457
problem document).
"""


class Refusal(Exception):
    """Root of all refusals. `code` is stable, `message` is for people, `data` is for both."""

    code = "refused"
    status = 400
    message: object = ""  # text, or a lazy translation

    def __init__(self, message="", *, code=None, **data):
        if code:
            self.code = code
        if message:
            self.message = message
        self.data = data
        super().__init__()

    def __str__(self):
        return self.words() or self.code

    def words(self):
        """The message in the language of the moment, its `%(name)s` filled from `data`."""
        message = str(self.message)
        if not self.data:
            return message
        try:
            return message % self.data
        except (KeyError, TypeError, ValueError):
            return message


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403


class NotFound(Refusal):
    code = "not_found"
    status = 404


class Conflict(Refusal):
    code = "conflict"
    status = 409


class Invalid(Refusal):
    """`fields` maps a field name to its messages; every problem is reported at once."""

    code = "invalid"
    status = 422

    def __init__(self, message="", *, fields=None, **kwargs):
        super().__init__(message, **kwargs)
        self.fields = {name: _as_list(messages) for name, messages in (fields or {}).items()}


def _as_list(messages):
    return list(messages) if isinstance(messages, (list, tuple)) else [messages]
