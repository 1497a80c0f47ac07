"""The ways in which field work says no. Codes are stable; words are for people."""

from django.utils.translation import gettext_lazy as _

from inspections.claim_rules import Rule
from kit.refusals import Conflict, NotAllowed


class CannotTake(Conflict):
    """`code` is the rule's name; `alternatives` are ids of tasks nearby that one may take."""

    code = "cannot_take"
    message = _("You cannot take this task now.")


TAKE_WORDS = {
    Rule.NOT_ACTIVE: _("You are not on duty as a coordinator."),
    Rule.PAUSED: _("You are paused for the time being and cannot take tasks."),
    Rule.COOLING: _("You have just given a task back. Wait ten seconds."),
    Rule.RELEASED_TOO_OFTEN: _("You have given back too many tasks today."),
    Rule.QUOTA: _("You hold as many tasks as you may. Finish one first."),
    Rule.DAY_QUOTA: _("You have done as many tasks today as you may."),
    Rule.LEVEL: _("This task needs a higher level."),
    Rule.KIND: _("This task is for people of another kind."),
    Rule.TRAINING: _("This task needs a course you have not passed, or whose pass has ended."),
    Rule.CONFLICT: _("You have declared an interest in this place, so somebody else goes."),
    Rule.EXCLUDED: _("This task is for somebody else: you found the problem or worked on it before."),
    Rule.ROTATION: _("You were there last time. Somebody else goes this time."),
    Rule.TOWN_FIRST: _("People of the town come first for half an hour."),
    Rule.TAKEN: _("Somebody else was quicker."),
    Rule.OVER: _("The time for this task is over."),
    Rule.ASSIGNED: _("This task has been given to somebody."),
}


class LeaseOver(Conflict):
    code = "lease_over"
    message = _("You no longer hold this task. What you did is kept and shown to the reviewer.")


class DifferentContent(Conflict):
    code = "different_content"
    message = _("Something else has already been sent under this number.")


class NotADraft(Conflict):
    code = "not_a_draft"
    message = _("This version is in use and cannot be changed. Make a new one from it.")


class StillValid(Conflict):
    code = "still_valid"
    message = _("You have passed this course until %(until)s. You can renew it in the last month.")


class TooSoon(Conflict):
    code = "too_soon"
    message = _("Read it again first: the next try is open from %(time)s.")


class NoConsent(Conflict):
    code = "no_consent"
    message = _("This is kept only with a separate consent, which you can take back at any time.")


class HoldsTasks(Conflict):
    code = "holds_tasks"
    message = _("%(name)s still holds %(count)s tasks. They are given back or finished first.")


class CostChanged(Conflict):
    code = "cost_changed"
    message = _("It would cost more now than what you saw. Look at the new figures and decide again.")


class TooMany(Conflict):
    code = "too_many"
    message = _("%(count)s places fit. Choose fewer: at most %(most)s at once.")


class NoPlaces(Conflict):
    code = "no_places"
    message = _("No place fits this choice.")


class OwnWork(NotAllowed):
    code = "own_work"
    message = _("Nobody decides on work of one's own.")


class OpenElsewhere(Conflict):
    code = "open_elsewhere"
    message = _("Another reviewer has this order open.")


class BudgetSpent(Conflict):
    code = "budget_spent"
    message = _("Budget line %(name)s does not cover this: ¥%(needed)s is needed, ¥%(left)s is left.")
