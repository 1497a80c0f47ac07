"""Publishing in tests, in the district as it starts."""

from inspections.selectors.campaigns import Terms
from inspections.selectors.places_to_visit import Scope
from inspections.services import campaigns, publish
from kit.ids import uuid7
from tests.factories.inspections import TaskKindFactory
from tests.inspections.desk import kind


def free_for_all():
    """A kind that asks for no course."""
    return TaskKindFactory(code="ANY")


def put(officer, place=None, **changes):
    asked = {"kind": kind(), "place": place, "client_key": uuid7(), **changes}
    return publish.publish(officer, **asked)


def start(officer, **changes):
    asked = {"title": "节前检查", "kind": kind(), "scope": Scope(), "terms": Terms(), "client_key": uuid7(), **changes}
    return campaigns.start_campaign(officer, **asked)
