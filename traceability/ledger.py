"""The goods ledger as sealing sees it: which rows, in which order of time, as which bytes."""

from kit import jsonsafe
from traceability.models import TraceEvent

_COLUMNS = tuple(field.attname for field in TraceEvent._meta.concrete_fields)


class TraceLedger:
    """Every column counts: changing any of them breaks the seal."""

    name = "trace"
    moment = "recorded_at"

    def rows(self):
        return TraceEvent.objects.all()

    def canonical(self, row) -> bytes:
        return jsonsafe.canonical({column: getattr(row, column) for column in _COLUMNS})


TRACE = TraceLedger()
