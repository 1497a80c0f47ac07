"""Which goods records a person may see."""

from django.db import models
from django.db.models import Q

from registry.models.visibility import reach
from registry.permissions import VERBS
from registry.roles import Role


class GoodsQuerySet(models.QuerySet):
    """Rows of one trader at one place: columns `place` and `organisation`.

    A trader sees what was his own at the place, not what an earlier keeper of the stall traded.
    """

    verb = "view_goods"

    def visible_to(self, actor):
        return self.filter(self.reached_by(actor))

    def reached_by(self, actor):
        return reach(
            actor,
            VERBS[self.verb],
            place="place_id",
            organisation="organisation_id",
            market="place__market_id",
            town="place__town_id",
        )


class VoucherQuerySet(GoodsQuerySet):
    """A voucher is the seller's sales record and the buyer's purchase record: both see it."""

    verb = "view_sales"

    def visible_to(self, actor):
        bought = Q(pk__in=[])
        for scope in actor.scopes:
            if scope.place_id:
                bought |= Q(buyer_place_id=scope.place_id, buyer_organisation_id=scope.organisation_id)
        return self.filter(self.reached_by(actor) | bought)


class TestQuerySet(GoodsQuerySet):
    """A tester sees what his market's or district's points tested; a trader what was tested of his goods."""

    verb = "view_tests"


class PointQuerySet(models.QuerySet):
    """Test points: at one's place, in one's market, town or district."""

    def visible_to(self, actor):
        roles = VERBS["view_tests"]
        own = reach(
            actor, roles, place="place_id", organisation="place__organisation_id", market="market_id", town="town_id"
        )
        return self.filter(own | reach(actor, roles, market="place__market_id"))


class PointRowQuerySet(models.QuerySet):
    """Rows of a test point: for whoever sees the point."""

    def visible_to(self, actor):
        from traceability.models import TestPoint

        return self.filter(point__in=TestPoint.objects.visible_to(actor))


class TraceQuerySet(models.QuerySet):
    """Back traces, by the town of the positive: for those who evaluate tests."""

    def visible_to(self, actor):
        return self.filter(reach(actor, VERBS["evaluate_tests"], town="town_id"))


class RecallQuerySet(GoodsQuerySet):
    """Recalls of one's own goods, in one's market, town or district."""

    verb = "view_recalls"


class NoticeQuerySet(models.QuerySet):
    """A recall's notices: for whoever sees the recall, and for the holder each is for; a drill's only for the former.

    A district's officers see those to holders in their district, wherever the recall began.
    """

    def visible_to(self, actor):
        from traceability.models import Recall

        return self.filter(self.told(actor) | Q(recall__in=Recall.objects.visible_to(actor)))

    def for_holder(self, actor):
        """Those the actor's own places have to answer."""
        return self.filter(_at_own_places(actor), recall__drill=False)

    @staticmethod
    def told(actor):
        here = Q(place_district_id__in=[scope.district_id for scope in actor.with_role(Role.DISTRICT_OFFICER)])
        return (_at_own_places(actor) | here) & Q(recall__drill=False)


def _at_own_places(actor):
    own = Q(pk__in=[])
    for scope in actor.scopes:
        if scope.place_id:
            own |= Q(place_id=scope.place_id, organisation_id=scope.organisation_id)
    return own
