"""Which work a person may see: one's own, one's town's, one's district's."""

from django.db import models
from django.db.models import Q

from registry.models.visibility import reach
from registry.permissions import VERBS


class CoordinatorQuerySet(models.QuerySet):
    """Oneself; the people of the town or district one supervises."""

    def visible_to(self, actor):
        return self.filter(Q(account_id=actor.account_id) | reach(actor, VERBS["supervise_work"], town="town_id"))


class TownQuerySet(models.QuerySet):
    """What is kept for a town, or for the whole district when it names none: teams, grids, campaigns."""

    def visible_to(self, actor):
        return self.filter(reach(actor, VERBS["supervise_work"], town="town_id"))


class WorkQuerySet(models.QuerySet):
    """Rows of one task: column `town`. `own` leads to the coordinator who did it; a trader sees none of it here."""

    own = ""

    def visible_to(self, actor):
        found = reach(actor, VERBS["supervise_work"], town="town_id")
        if self.own:
            found |= Q(**{f"{self.own}__account_id": actor.account_id})
        return self.filter(found)


class TaskQuerySet(WorkQuerySet):
    """For officers and reviewers. What a coordinator may take or holds is asked of `selectors.claimable` and `mine`."""


class OwnWorkQuerySet(WorkQuerySet):
    own = "coordinator"


class FindingQuerySet(WorkQuerySet):
    """Officers; whoever found it; and the keeper of the place it was found at."""

    def visible_to(self, actor):
        found = reach(actor, VERBS["supervise_work"], town="town_id") | Q(finder__account_id=actor.account_id)
        found |= reach(actor, VERBS["answer_finding"], place="place_id", organisation="organisation_id")
        return self.filter(found)
