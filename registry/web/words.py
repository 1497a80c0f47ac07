"""What kinds and states of the registry are called on a page. In Chinese they read as in the models."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.business_types import BusinessType
from registry.models import Base, Device, Market, Organisation, Place

Words = dict[str, str | Promise]

SUBJECT_KINDS: Words = {
    Organisation.Kind.INDIVIDUAL_BUSINESS: _("Individual business"),
    Organisation.Kind.ENTERPRISE: _("Company"),
    Organisation.Kind.COOPERATIVE: _("Cooperative"),
    Organisation.Kind.INSTITUTION: _("Public institution"),
    Organisation.Kind.NATURAL_PERSON: _("Grower selling the own produce"),
}
MARKET_KINDS: Words = {
    Market.Kind.WHOLESALE: _("Wholesale market"),
    Market.Kind.RETAIL: _("Retail market"),
    Market.Kind.MIXED: _("Wholesale and retail market"),
}
PLACE_KINDS: Words = {Place.Kind.STALL: _("Stall"), Place.Kind.STORE: _("Store or canteen")}
PLACE_STATES: Words = {
    Place.State.ACTIVE: pgettext_lazy("place", "open"),
    Place.State.VACANT: pgettext_lazy("place", "vacant"),
    Place.State.SUSPENDED: pgettext_lazy("place", "suspended"),
    Place.State.CLOSED: pgettext_lazy("place", "closed for good"),
}
PLACE_TONES = {Place.State.SUSPENDED: "due"}
AGREEMENTS: Words = {
    "missing": _("No agreement"),
    "expiring": _("Agreement ends within 30 days"),
    "expired": _("Agreement over"),
}
DEVICE_KINDS: Words = {
    Device.Kind.SCALE: _("Smart scale"),
    Device.Kind.INSTRUMENT: _("Rapid-test instrument"),
}
DEVICE_STATES: Words = {
    Device.State.ACTIVE: pgettext_lazy("device", "in use"),
    Device.State.DISABLED: _("switched off"),
}
BASE_STATES: Words = {
    Base.State.ACTIVE: pgettext_lazy("contract", "in force"),
    Base.State.ENDED: pgettext_lazy("contract", "ended"),
}
BUSINESS_TYPES: Words = {
    BusinessType.SUPERMARKET: _("Supermarket"),
    BusinessType.CONVENIENCE_STORE: _("Convenience or grocery store"),
    BusinessType.DISTRIBUTION_COMPANY: _("Meat and vegetable distributor"),
    BusinessType.COLD_STORE: _("Cold store"),
    BusinessType.LARGE_RESTAURANT: _("Large restaurant"),
    BusinessType.MEDIUM_RESTAURANT: _("Medium restaurant"),
    BusinessType.SMALL_RESTAURANT: _("Small restaurant"),
    BusinessType.FAST_FOOD: _("Fast food"),
    BusinessType.SNACK_SHOP: _("Snack shop"),
    BusinessType.DRINK_SHOP: _("Drinks shop"),
    BusinessType.BAKERY: _("Bakery"),
    BusinessType.SCHOOL_CANTEEN: _("School canteen"),
    BusinessType.KINDERGARTEN_CANTEEN: _("Kindergarten canteen"),
    BusinessType.NURSING_HOME_CANTEEN: _("Nursing home canteen"),
    BusinessType.HOSPITAL_CANTEEN: _("Hospital canteen"),
    BusinessType.STAFF_CANTEEN: _("Staff canteen"),
    BusinessType.SITE_CANTEEN: _("Building site canteen"),
    BusinessType.GROUP_MEAL_DELIVERY: _("Group meal delivery"),
    BusinessType.CENTRAL_KITCHEN: _("Central kitchen"),
    BusinessType.WORKSHOP: _("Small workshop"),
    BusinessType.SMALL_CATERING: _("Small catering"),
    BusinessType.FOOD_VENDOR: _("Street food vendor"),
    BusinessType.ONLINE_CATERING: _("Online catering"),
    BusinessType.RURAL_BANQUET: _("Village banquet"),
}
