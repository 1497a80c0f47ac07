"""Which goods records a person may see."""

from django.db import models
from django.db.models import Q

from registry.models.visibility import reach
from registry.permissions import VERBS


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
