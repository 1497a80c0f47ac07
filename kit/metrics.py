"""What Prometheus asks of the outbox, read from the database when it asks."""

from collections.abc import Iterable

from django.db import Error
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kit import outbox


class OutboxCollector(Collector):
    """Without a database it says nothing, rather than something old."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            now = outbox.figures()
        except Error:
            return
        yield GaugeMetricFamily("outbox_waiting", "Jobs not done yet", value=now.waiting)
        yield GaugeMetricFamily("outbox_due", "Jobs that could run now", value=now.due)
        yield GaugeMetricFamily("outbox_dead", "Jobs given up", value=now.dead)
        yield GaugeMetricFamily("outbox_lag_seconds", "Wait of the oldest due job", value=now.lag_seconds)
