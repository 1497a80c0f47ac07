"""The ways in which field work says no. Codes are stable; words are for people."""

from django.utils.translation import gettext_lazy as _

from inspections import review_rules
from inspections.claim_rules import Rule
from inspections.visit_rules import Lack
from kit.refusals import Conflict, Invalid, NotAllowed, Refusal


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


class TooFast(Refusal):
    code = "too_fast"
    status = 429
    message = _("One tap a second is enough. Nobody is quicker by tapping faster.")


class CannotGive(Conflict):
    """`code` is the name of the rule that forbids to assign the task to that person."""

    code = "cannot_give"
    message = _("This task cannot be given to that person.")


GIVE_WORDS = {
    Rule.NOT_ACTIVE: _("That person is not on duty."),
    Rule.PAUSED: _("That person is paused for the time being."),
    Rule.LEVEL: _("The task needs a higher level than that person has."),
    Rule.KIND: _("The task is for people of another kind."),
    Rule.TRAINING: _("The task needs a course which that person has not passed."),
    Rule.CONFLICT: _("That person has declared an interest in the place."),
    Rule.EXCLUDED: _("That person found the problem, worked on it before, or has refused."),
    Rule.ROTATION: _("That person was there last time."),
    Rule.TAKEN: _("Somebody has the task already."),
    Rule.OVER: _("The time for this task is over."),
}


class NotAssigned(Conflict):
    code = "not_assigned"
    message = _("This task is not assigned to you any more.")


class SayWhy(Invalid):
    code = "say_why"
    message = _("Say why, in a few words.")


class LeaseOver(Conflict):
    code = "lease_over"
    message = _("You no longer hold this task. What you did is kept and shown to the reviewer.")


class DifferentContent(Conflict):
    code = "different_content"
    message = _("Something else has already been sent under this number.")


class BadRecord(Invalid):
    """`fields`: by item code, what each still lacks; or the part that cannot be read."""

    code = "bad_record"
    message = _("Something is still missing in this record.")


LACK_WORDS = {
    Lack.ANSWER: _("Not answered yet."),
    Lack.TEXT: _("Say what you saw."),
    Lack.PHOTO: _("Take a photo of it."),
    Lack.MEASURE: _("Say what should be done about it."),
    Lack.DAYS: _("Say within how many days."),
    Lack.VALUE: _("Write down the reading."),
    Lack.PHOTOS: _("Take more photos: too few for this task."),
    Lack.SIGNATURE: _("Let the operator sign, or say why not."),
    Lack.PROMOTION: _("Say where, for how many people and with which material."),
}


class PhotoDamaged(Invalid):
    code = "photo_damaged"
    message = _("This photo was damaged on its way. It is sent again.")


class TooManyPhotos(Invalid):
    code = "too_many_photos"
    message = _("This task has as many photos as it may have.")


DECISION_WORDS = {
    review_rules.Lack.OUTCOME: _("Choose what you decide."),
    review_rules.Lack.REASON: _("Say why, so that it can be understood and mended."),
    review_rules.Lack.PERCENT: _("Say how much is taken off: between 1 and 100 percent."),
    review_rules.Lack.ITEMS: _("Tick the items that are to be mended."),
    review_rules.Lack.UNKNOWN_ITEM: _("One of these items is not in this record."),
    review_rules.Lack.RETURNED_OUT: _("It was sent back twice already. Accept it, take something off, or reject it."),
}


class AnotherPerson(NotAllowed):
    code = "another_person"
    message = _("You have looked at this before. Another person has to look at it now.")


class CannotAppeal(Conflict):
    code = "cannot_appeal"
    message = _("There is nothing to appeal against, or the time to appeal is over.")


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
