"""Background jobs of people and places: each calls one service and may run twice."""

from registry.services import deliver


def spread_notice(*, district_id: str, once_key: str) -> None:
    deliver.spread(district_id=district_id, once_key=once_key)


def deliver_notice(*, district_id: str, delivery_id: str) -> None:
    deliver.deliver(district_id=district_id, delivery_id=delivery_id)
