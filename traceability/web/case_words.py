"""What states, steps and sides of a positive are called on a page. 快检 and 检验 never share a word."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from traceability.case_rules import Side, Step
from traceability.models import CasePhoto, Disposal, PositiveCase

Words = dict[str, str | Promise]
State = PositiveCase.State

STATES: Words = {
    State.DETECTED: pgettext_lazy("positive", "holder not told yet"),
    State.NOTIFIED: pgettext_lazy("positive", "waits for the holder's answer"),
    State.ACCEPTED: pgettext_lazy("positive", "accepted, to be disposed of"),
    State.OBJECTED: pgettext_lazy("positive", "objected to, to be sealed"),
    State.LAPSED: pgettext_lazy("positive", "no objection in time"),
    State.SEALED: pgettext_lazy("positive", "at the laboratory"),
    State.LAB_PASS: pgettext_lazy("positive", "laboratory: passed inspection"),
    State.LAB_FAIL: pgettext_lazy("positive", "laboratory: failed inspection"),
    State.DISPOSED: pgettext_lazy("positive", "disposed of, to be reported"),
    State.REPORTED: pgettext_lazy("positive", "reported, to be sampled again"),
    State.RESAMPLED: pgettext_lazy("positive", "sampled again, to be closed"),
    State.CLOSED: pgettext_lazy("positive", "closed"),
}
TONES = {State.LAB_PASS: "ok", State.CLOSED: "none"}
BRANCHES: Words = {
    PositiveCase.Branch.REGULATOR: _("Regulator's spot check"),
    PositiveCase.Branch.MARKET: _("Market's own test"),
    PositiveCase.Branch.CANTEEN: _("Canteen's own test"),
}
OUTCOMES: Words = {
    PositiveCase.Outcome.DISPOSED: _("Disposed of"),
    PositiveCase.Outcome.CLEARED_BY_LAB: _("Cleared by the laboratory"),
    PositiveCase.Outcome.CLEARED_BY_REPEAT: _("Cleared by a second strip"),
}
STEPS: Words = {
    Step.NOTIFY: _("Tell the holder"),
    Step.REPEAT: _("Repeat with a second strip"),
    Step.CLEAR: _("Close: the second strip found nothing"),
    Step.ACCEPT: _("Accept or object"),
    Step.OBJECT: _("Accept or object"),
    Step.SEAL: _("Seal the sample and send it"),
    Step.LAB: _("Enter the laboratory's report"),
    Step.DISPOSE: _("Dispose of the goods"),
    Step.REPORT: _("Report to the regulator"),
    Step.RESAMPLE: _("Sample the place again"),
    Step.CLOSE: _("Close the case"),
}
SIDES: Words = {
    Side.POINT: _("Test point"),
    Side.HOLDER: _("Who holds the goods"),
    Side.REGULATOR: _("Regulator"),
    Side.CLOSER: _("Who closes the case"),
}
METHODS: Words = {
    Disposal.Method.DESTROYED: _("destroyed on the spot"),
    Disposal.Method.HARMLESS: _("rendered harmless"),
    Disposal.Method.RETURNED: _("returned to the supplier"),
    Disposal.Method.NON_FOOD: _("put to another use than food"),
    Disposal.Method.NOTHING_LEFT: _("nothing was left"),
}
PHOTOS: Words = {
    CasePhoto.Kind.STRIP: pgettext_lazy("photo", "Strip"),
    CasePhoto.Kind.SEAL: pgettext_lazy("photo", "Seal"),
    CasePhoto.Kind.BEFORE: pgettext_lazy("photo", "Before"),
    CasePhoto.Kind.AFTER: pgettext_lazy("photo", "After"),
    CasePhoto.Kind.REPORT: pgettext_lazy("photo", "Report"),
}
STORY: Words = {
    "detected": _("A rapid test was positive; the goods stopped at once"),
    "notified": _("The holder was told"),
    "accepted": _("The holder accepted the result"),
    "objected": _("The holder objected"),
    "lapsed": _("The time to object passed without an objection"),
    "sealed": _("A sample was sealed and sent to a laboratory"),
    "lab_pass": _("The laboratory's report: passed inspection; the pause was lifted"),
    "lab_fail": _("The laboratory's report: failed inspection"),
    "disposal": _("Part of the goods was disposed of"),
    "disposed": _("The goods were disposed of"),
    "reported": _("Reported to the regulator"),
    "resampled": _("The place was sampled again"),
    "closed": _("The case was closed"),
    "repeat": _("A second strip was read"),
    "reminder": _("A deadline passed; a reminder was sent"),
    "published": _("From here on public pages name the item"),
    "upstream": _("Places the goods came from, told"),
    "downstream": _("Places the goods went to, told"),
    "false_positive": _("The test point got a false-positive mark"),
    "note": pgettext_lazy("case", "Note"),
}
