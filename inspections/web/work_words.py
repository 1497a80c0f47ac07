"""What kinds, states and steps of field work are called on a page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.models import Campaign, Checklist, ChecklistItem, Coordinator, Task, TaskKind
from inspections.selectors.work_tasks import GOING_ON, OVERDUE

Words = dict[str, str | Promise]

PEOPLE_KINDS: Words = {
    Coordinator.Kind.DIRECTOR: _("Food safety director of a town"),
    Coordinator.Kind.COORDINATOR: pgettext_lazy("kind of person", "Coordinator"),
    Coordinator.Kind.INFORMANT: _("Informant"),
    Coordinator.Kind.INSPECTOR: _("District inspector"),
}
PEOPLE_STATES: Words = {
    Coordinator.State.ACTIVE: _("on duty"),
    Coordinator.State.PAUSED: pgettext_lazy("person", "paused"),
    Coordinator.State.LEFT: pgettext_lazy("person", "has left"),
}
PEOPLE_TONES = {Coordinator.State.ACTIVE: "ok", Coordinator.State.PAUSED: "due", Coordinator.State.LEFT: "none"}
LEVELS = {str(level): str(level) for level in range(1, 6)}

GROUPS: Words = {
    TaskKind.Group.SUPERVISION: _("Supervision"),
    TaskKind.Group.RECTIFICATION: _("Putting right"),
    TaskKind.Group.PROMOTION: _("Publicity"),
}
TASK_STATES: Words = {
    Task.State.DRAFT: pgettext_lazy("task", "draft"),
    Task.State.OPEN: _("open to take"),
    Task.State.CLAIMED: pgettext_lazy("task", "taken"),
    Task.State.ON_SITE: _("on site"),
    Task.State.SUBMITTED: _("to be reviewed"),
    Task.State.RETURNED: _("returned to complete"),
    Task.State.ACCEPTED: pgettext_lazy("task", "accepted"),
    Task.State.REJECTED: pgettext_lazy("task", "not accepted"),
    Task.State.CANCELLED: pgettext_lazy("task", "cancelled"),
    Task.State.EXPIRED: _("nobody in time"),
}
TASK_TONES = {
    Task.State.SUBMITTED: "due",
    Task.State.RETURNED: "due",
    Task.State.ACCEPTED: "ok",
    Task.State.REJECTED: "bad",
    Task.State.EXPIRED: "bad",
}
TASK_FILTERS: Words = {GOING_ON: _("Going on"), OVERDUE: _("Past their time"), **TASK_STATES}
SOURCES: Words = {
    Task.Source.SINGLE: _("published singly"),
    Task.Source.CAMPAIGN: _("campaign"),
    Task.Source.PLAN: _("plan"),
    Task.Source.REPORT: _("public report"),
    Task.Source.FINDING: _("deadline of a finding"),
    Task.Source.BLIND: _("blind re-visit"),
}
CAMPAIGN_STATES: Words = {
    Campaign.State.RUNNING: pgettext_lazy("campaign", "running"),
    Campaign.State.ENDED: pgettext_lazy("campaign", "ended"),
}
GRADES: Words = {"a": _("A: low"), "b": _("B: middle"), "c": _("C: raised"), "d": _("D: high")}

CHECKLIST_STATES: Words = {
    Checklist.State.DRAFT: pgettext_lazy("version", "draft"),
    Checklist.State.PUBLISHED: pgettext_lazy("version", "in use"),
    Checklist.State.RETIRED: pgettext_lazy("version", "retired"),
}
CHECKLIST_TONES = {Checklist.State.DRAFT: "due", Checklist.State.PUBLISHED: "ok", Checklist.State.RETIRED: "none"}
AUDIENCES: Words = {
    Checklist.Audience.STALL: _("Market stalls"),
    Checklist.Audience.CATERING: _("Catering and canteens"),
    Checklist.Audience.WORKSHOP: _("Small workshops"),
    Checklist.Audience.SHOP: _("Food shops"),
    Checklist.Audience.PROMOTION: _("Publicity"),
}
EVIDENCE: Words = {
    ChecklistItem.Evidence.NONE: _("None, unless something is wrong"),
    ChecklistItem.Evidence.PHOTO: _("A photo, always"),
    ChecklistItem.Evidence.NUMBER: _("A reading"),
    ChecklistItem.Evidence.TEXT: _("A few words"),
}

PARTS: Words = {
    "base": _("Base price"),
    "grade": _("Risk grade"),
    "night": _("Night or holiday"),
    "far": _("Far from the middle of town"),
    "given_back": _("Given back before"),
}
EVENTS: Words = {
    "made": _("Published"),
    "taken": pgettext_lazy("step", "Taken"),
    "given": pgettext_lazy("step", "Accepted, as given"),
    "released": _("Given back"),
    "timeout": _("Time ran out"),
    "rejected": _("Back in the pool"),
    "assignment_refused": _("Refused when given"),
    "arrived": _("Arrived"),
    "submitted": _("Handed in"),
    "cancelled": pgettext_lazy("step", "Cancelled"),
    "review_approved_full": _("Accepted in full"),
    "review_approved_deduct": _("Accepted with a deduction"),
    "review_returned": _("Returned to complete"),
    "review_rejected": _("Not accepted"),
    "review_escalated": _("Passed on to officers"),
    "review_fraud": _("Found to be made up"),
}
EVENT_NOTES: Words = {
    **SOURCES,
    "success": _("confirmed on the spot"),
    "failure": _("not where the place is"),
    "skipped": _("not checked"),
    "done": _("visited"),
    "closed": pgettext_lazy("visit", "closed"),
    "moved": _("moved away"),
    "not_found": _("no such place there"),
}

ANSWERS = {True: pgettext_lazy("answer", "yes"), False: pgettext_lazy("answer", "no")}
