"""What groups, principles, limits and verdicts are called on a page. In Chinese they read as in the models."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.templatetags.show import NO_BREAK
from registry.templatetags.places import named
from traceability.judging import Result, Why
from traceability.models import TestItem, TestLimit, TestMethod
from traceability.selectors import standard_versions as versions
from traceability.web.words import Words

GROUPS: Words = {
    TestItem.Group.PESTICIDE: gettext_lazy("Pesticides"),
    TestItem.Group.VETERINARY: gettext_lazy("Veterinary drugs"),
    TestItem.Group.ILLEGAL: gettext_lazy("Illegal additions"),
    TestItem.Group.ADDITIVE: gettext_lazy("Food additives"),
    TestItem.Group.TOXIN: gettext_lazy("Toxins"),
    TestItem.Group.METAL: gettext_lazy("Heavy metals"),
    TestItem.Group.OIL: gettext_lazy("Quality of oil"),
    TestItem.Group.HYGIENE: gettext_lazy("Clean tableware"),
}
PRINCIPLES: Words = {
    TestMethod.Principle.COLLOIDAL_GOLD: gettext_lazy("Colloidal-gold strip"),
    TestMethod.Principle.ENZYME_INHIBITION: gettext_lazy("Enzyme inhibition"),
    TestMethod.Principle.COLORIMETRIC: gettext_lazy("Colour of a paper or liquid"),
    TestMethod.Principle.ATP: gettext_lazy("ATP light"),
    TestMethod.Principle.FLUORESCENCE: gettext_lazy("Time-resolved fluorescence"),
    TestMethod.Principle.XRF: gettext_lazy("X-ray fluorescence"),
    TestMethod.Principle.PCR: gettext_lazy("Nucleic acid"),
    TestMethod.Principle.OTHER: pgettext_lazy("method", "Other"),
}
LIMIT_KINDS: Words = {
    TestLimit.Kind.MAX: gettext_lazy("not more than a number"),
    TestLimit.Kind.NOT_DETECTED: gettext_lazy("must not be detected"),
    TestLimit.Kind.INHIBITION: gettext_lazy("inhibition rate below a number"),
}
STATES: Words = {
    versions.IN_FORCE: pgettext_lazy("rule", "in force"),
    versions.COMING: pgettext_lazy("rule", "coming"),
    versions.SUPERSEDED: pgettext_lazy("rule", "superseded"),
    versions.RETIRED: pgettext_lazy("rule", "ended"),
}
TONES = {versions.COMING: "due", versions.RETIRED: "none", versions.SUPERSEDED: "none", versions.IN_FORCE: "none"}
LINES: Words = {
    "absent": gettext_lazy("no test line"),
    "weaker": gettext_lazy("weaker than the control line"),
    "equal": gettext_lazy("as strong as the control line"),
    "stronger": gettext_lazy("stronger than the control line"),
    "unclear": gettext_lazy("cannot be told"),
}
WHY: Words = {
    Why.READ_BY_EYE: gettext_lazy("As the tester or the instrument said."),
    Why.NO_CONTROL_LINE: gettext_lazy("The strip has no control line, so it tells nothing. Take another strip."),
    Why.TEST_LINE: gettext_lazy("Judged by the strip's lines."),
    Why.NO_READING: gettext_lazy("There is no reading that this method can judge."),
    Why.NO_LIMIT: gettext_lazy("No limit with a number is in force for these goods."),
    Why.NO_LOD: gettext_lazy("It must not be detected, and the method's limit of detection is not recorded: a number "
                             "alone says nothing."),
    Why.UNITS_DIFFER: gettext_lazy("The reading's unit cannot be compared with the limit's."),
    Why.OUT_OF_RANGE: gettext_lazy("No such number can be read. Look at the instrument."),
    Why.OVER: gettext_lazy("Over the limit."),
    Why.UNDER: gettext_lazy("Under the limit by more than a tenth."),
    Why.NEAR: gettext_lazy("Within a tenth of the limit. Test again."),
    Why.CONTRADICTS: gettext_lazy("Two readings contradict each other. Test again."),
    Why.DEVICE: gettext_lazy("The instrument reported a fault."),
}  # fmt: skip
MEANS: Words = {
    Result.NEGATIVE: gettext_lazy("The goods stay on sale; goods that waited for a test may be sold."),
    Result.POSITIVE: gettext_lazy("Sale is paused at once, a case opens, and everybody who holds the goods is told."),
    Result.SUSPECT: gettext_lazy("Nothing is paused yet. The tester repeats with a second strip."),
    Result.INVALID: gettext_lazy("It counts for nothing. The test is made again."),
    Result.UNDECIDED: gettext_lazy("It does not pass. Somebody decides, or the missing rule is entered first."),
}


def goods_of(limit: TestLimit) -> str:
    """Which goods a limit is for."""
    return named(limit.product or limit.category) if limit.product or limit.category else _("All goods")


def limit_said(limit: TestLimit) -> str:
    """`≤ 0.02 mg/kg`, `< 50 %`, must not be detected."""
    if limit.value is None:
        return str(LIMIT_KINDS[TestLimit.Kind.NOT_DETECTED])
    sign = "<" if limit.kind == TestLimit.Kind.INHIBITION else "≤"
    return f"{sign}{NO_BREAK}{quantity(limit.value, limit.unit)}"


def quantity(value, unit: str) -> str:
    """Every digit that was entered, none that was not: `0.02 mg/kg`."""
    digits = f"{value.normalize():f}"
    return f"{digits}{NO_BREAK}{unit.replace('ug', 'µg')}"
