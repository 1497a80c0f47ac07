from django.db import models
from simple_history.models import HistoricalRecords

from kit.ids import uuid7


def history(excluded=()):
    """Who changed what and when, for registry data (ledgers keep their own, append-only)."""
    return HistoricalRecords(
        history_id_field=models.UUIDField(default=uuid7),
        excluded_fields=list(excluded),
        verbose_name_plural="修改记录",
    )
