"""What kinds and states of test points and kits are called on a page. In Chinese they read as in the models."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from traceability.models import TestKit, TestPoint
from traceability.web.words import Words

POINT_KINDS: Words = {
    TestPoint.Kind.WHOLESALE: _("Wholesale market"),
    TestPoint.Kind.RETAIL: _("Retail market"),
    TestPoint.Kind.SCHOOL_CANTEEN: _("School canteen"),
    TestPoint.Kind.STAFF_CANTEEN: _("Staff canteen"),
    TestPoint.Kind.RESTAURANT: _("Large restaurant"),
    TestPoint.Kind.SUPERMARKET: _("Supermarket"),
    TestPoint.Kind.STATION: _("Regulator's station"),
    TestPoint.Kind.VEHICLE: _("Test vehicle"),
}
POINT_STATES: Words = {
    TestPoint.State.ACTIVE: pgettext_lazy("test point", "working"),
    TestPoint.State.CLOSED: pgettext_lazy("test point", "closed"),
}
KIT_STATES: Words = {
    TestKit.State.IN_USE: pgettext_lazy("kit", "in use"),
    TestKit.State.USED_UP: pgettext_lazy("kit", "used up"),
    TestKit.State.DISCARDED: pgettext_lazy("kit", "discarded"),
}
