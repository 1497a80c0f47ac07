"""The public pages of a stall and of a store, built in three queries."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Subquery

from registry.models import Occupancy, Place, ProductCategory
from traceability.models import Intake
from traceability.public_pages import StallPage, StorePage
from traceability.selectors.days import trade_day_at
from traceability.selectors.public_goods import all_tests, on_sale_at, operator_name, public_name, public_phone


def stall_page(code, at) -> StallPage:
    place = _place(code)
    today = trade_day_at(place, at)
    on_sale = _goods(place, code, today)
    return StallPage(
        token=place.token,
        typed_code=place.typed_code,
        state=place.state,
        name=public_name(place),
        keeper=operator_name(place.organisation),
        stall_no=place.stall_no,
        zone=place.zone,
        categories=tuple(place.category_names),
        market=place.market.name,
        market_id=str(place.market_id),
        market_star=place.market.star_level,
        market_phone=place.market.complaint_phone,
        address=place.market.address,
        licence_no=place.organisation.uscc or "" if place.organisation else "",
        agreement_valid=_agreement_valid(place, today),
        phone=public_phone(place),
        updated_at=place.updated_at,
        on_sale=on_sale,
        tests=all_tests(on_sale),
        drawn_at=at,
    )


def store_page(code, at) -> StorePage:
    place = _place(code)
    today = trade_day_at(place, at)
    sources = _goods(place, code, today)
    return StorePage(
        token=place.token,
        typed_code=place.typed_code,
        state=place.state,
        name=public_name(place),
        business_type=place.get_business_type_display(),
        operator=operator_name(place.organisation),
        legal_person=_legal_person(place.organisation),
        uscc=place.organisation.uscc or "" if place.organisation else "",
        address=place.address,
        town=place.town.name,
        permit_no=place.permit_no,
        permit_expires_on=place.permit_expires_on,
        permit_valid=place.permit_expires_on and place.permit_expires_on >= today,
        safety_officer=place.safety_officer,
        phone=public_phone(place),
        updated_at=place.updated_at,
        sources=sources,
        tests=all_tests(sources),
        drawn_at=at,
    )


def _place(code):
    occupancy = Occupancy.objects.filter(
        district_id=OuterRef("district_id"), place_id=OuterRef("pk"), ended_on__isnull=True
    )
    latest = (
        Intake.objects.filter(
            district_id=OuterRef("district_id"),
            place_id=OuterRef("pk"),
            organisation_id=OuterRef("organisation_id"),
            state="valid",
        )
        .order_by()
        .values("place_id")
        .annotate(at=Max("taken_at"))
        .values("at")
    )
    categories = ProductCategory.objects.filter(place=OuterRef("pk")).order_by("position").values("name")
    return (
        Place.objects.select_related("market", "organisation", "town")
        .annotate(
            signed_on=Subquery(occupancy.values("agreement_signed_on")[:1]),
            ends_on=Subquery(occupancy.values("agreement_ends_on")[:1]),
            updated_at=Subquery(latest),
            category_names=ArraySubquery(categories),
        )
        .get(district_id=code.district_id, pk=code.target_id)
    )


def _goods(place, code, today):
    return on_sale_at(place, set(code.held), today) if place.organisation_id else ()


def _agreement_valid(place, today):
    if place.signed_on is None:
        return None
    return place.signed_on <= today and (place.ends_on is None or today <= place.ends_on)


def _legal_person(organisation):
    if organisation is None or organisation.is_person:
        return ""
    return organisation.legal_person
