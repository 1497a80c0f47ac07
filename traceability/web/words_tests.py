"""What samples, readings and results are called on a page. In Chinese they read as in the models."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.judging import Why
from traceability.models import RapidTest, Sample
from traceability.selectors.test_levels import NOT_TESTED, SAME_SOURCE, THIS_BATCH

Words = dict[str, str | Promise]

PURPOSES: Words = {
    Sample.Purpose.ENTRY: _("Entry test at the gate"),
    Sample.Purpose.ROUTINE: _("Own daily test"),
    Sample.Purpose.REGULATOR: _("Regulator's sampling"),
    Sample.Purpose.CITIZEN: _("Brought by a citizen"),
    Sample.Purpose.ACCEPTANCE: _("Accepting goods at a canteen"),
    Sample.Purpose.FOLLOW_UP: _("Follow-up after a positive"),
}
LINKS: Words = {
    Sample.Link.BATCH: _("this batch"),
    Sample.Link.VOUCHER: _("by the slip"),
    Sample.Link.INTAKE: _("by the entry of goods"),
    Sample.Link.RULE: _("by the rule: same seller, product and trade day"),
    Sample.Link.NONE: _("tied to no batch"),
}
LEVELS: Words = {
    THIS_BATCH: _("this batch is tested"),
    SAME_SOURCE: _("a batch of the same source is tested"),
    NOT_TESTED: _("not tested"),
}
LEVEL_TONES = {THIS_BATCH: "ok", SAME_SOURCE: "none", NOT_TESTED: "none"}
PROBLEMS: Words = {
    "unknown_sample": _("No sample has this number."),
    "unknown_item": _("No item has this code."),
    "other_point": _("The sample was taken at another point."),
    "no_point": _("The instrument stands at no test point."),
    "time": _("Its time does not fit the sample."),
    "different_content": _("This number came before with another result."),
}
SOURCES: Words = {
    RapidTest.Source.PHONE: _("entered by hand"),
    RapidTest.Source.SHEET: _("from a sheet"),
    RapidTest.Source.INSTRUMENT: _("from the instrument"),
    RapidTest.Source.API: _("from the instrument"),
}
WHY: Words = {
    Why.READ_BY_EYE: _("read by eye"),
    Why.NO_CONTROL_LINE: _("no control line"),
    Why.TEST_LINE: _("by the test line"),
    Why.NO_READING: _("no reading that can be judged"),
    Why.NO_LIMIT: _("no limit in force for these goods"),
    Why.NO_LOD: _("may not be there at all, and the method has no limit of detection"),
    Why.UNITS_DIFFER: _("the units cannot be compared"),
    Why.OUT_OF_RANGE: _("no possible number"),
    Why.OVER: _("over the limit"),
    Why.UNDER: _("under the limit"),
    Why.NEAR: _("within 10 % of the limit"),
    Why.DEVICE: _("the instrument says so"),
}
