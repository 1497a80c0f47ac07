"""扫码入账: opening a voucher's code takes its goods in; three taps, nothing typed."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kit import clock, public_codes
from kit.models import PublicCode
from kit.refusals import Invalid, NotFound
from kit.templatetags.show import kg
from registry.models import Place
from registry.roles import BUSINESS_ROLES
from registry.web.doors import add_refusal, desk, places_of_work, remember_place, see_other
from traceability.models import HoldItem, LineRefusal, Voucher, VoucherLine
from traceability.refusals import AlreadyTakenIn
from traceability.selectors.days import trade_day_at
from traceability.selectors.on_sale import stock_of
from traceability.selectors.to_take_in import intakes_of
from traceability.services.take_in import take_in as take_goods_in
from traceability.web.forms_taking_in import TakeInForm, everything

SHOWN_ON_PAGE = 5


@require_http_methods(["GET", "HEAD", "POST"])
@desk("take_in")
def take_in(request: HttpRequest, token: str) -> HttpResponse:
    """What is on the voucher, and one button; afterwards, what was taken in and what the public page shows."""
    code = public_codes.look_up(token)
    if code is None or code.kind != "v":
        raise NotFound
    if code.target_id is None or code.state == PublicCode.State.RESERVED:
        return render(request, "traceability/place/take_in_waiting.html", {"code": code})
    voucher = Voucher.objects.get(district_id=code.district_id, pk=code.target_id)
    place = buying_place(request, voucher)
    context = {"voucher": voucher, "buying": place}
    if voucher.state == Voucher.State.VOID:
        return render(request, "traceability/place/take_in_void.html", context)
    if place is None:
        return render(request, "traceability/place/take_in_other.html", context, status=403)
    lines = lines_of(voucher, place)
    still_open = [line for line in lines if line.open_kg]
    form = TakeInForm(
        still_open, request.POST if "lines" in request.POST else None, elsewhere=sister_places(request, place)
    )
    if request.method == "POST" and (answered := taken_in(request, form, voucher, place, still_open)):
        return answered
    return render(request, *page(request, context, form, lines), status=422 if form.errors else 200)


def page(request, context, form, lines):
    voucher, place = context["voucher"], context["buying"]
    if (
        not form.errors
        and "rest" not in request.GET
        and not any(line.open_kg and not line.taken_here for line in lines)
    ):
        return "traceability/place/take_in_done.html", context | done(voucher, place, lines)
    takeable = [line for line in form.lines if not line.taken_here]
    return "traceability/place/take_in.html", context | {
        "lines": lines,
        "form": form,
        "total_kg": sum((line.open_kg for line in takeable), Decimal(0)),
        "held": [line for line in takeable if line.held],
        "places": [each for each in places_of_work(request, *BUSINESS_ROLES) if each.pk != voucher.place_id]
        if not voucher.buyer_place_id
        else [],
    }


def taken_in(request, form, voucher, place, still_open) -> HttpResponse | None:
    """Take in what was asked; None when the form has to be put right."""
    whole = "lines" not in request.POST
    if whole:
        form = TakeInForm(still_open, request.POST)
        form.is_valid()
        if "client_key" in form.errors:
            raise Invalid(fields={"client_key": form.errors["client_key"]})
    elif not form.is_valid():
        return None
    answers = everything(still_open) if whole else form.answers
    try:
        made = take_goods_in(
            request.actor, place=place, voucher=voucher, answers=answers, client_key=form.cleaned_data["client_key"]
        )
    except AlreadyTakenIn:
        messages.info(request, _("This voucher was taken in before. Nothing was entered twice."))
    except Invalid as refusal:
        if whole:
            messages.info(request, _("This voucher was taken in before. Nothing was entered twice."))
            return see_other("take_in", voucher.token)
        add_refusal(form, refusal)
        return None
    else:
        weight = kg(sum((intake.weight_kg for intake in made), Decimal(0)))
        done_words = _("Taken in: %(kg)s.") % {"kg": weight} if made else _("Refused. The seller has been told.")
        messages.success(request, done_words, extra_tags=f"draft:take-in-{voucher.token}")
    return see_other("take_in", voucher.token)


def buying_place(request: HttpRequest, voucher: Voucher) -> Place | None:
    """Where this person takes the voucher in: the place it names, another of the same trader, or, of a walk-in,
    the place at work."""
    mine = [place for place in places_of_work(request, *BUSINESS_ROLES) if place.pk != voucher.place_id]
    at_work = request.place if request.place in mine else None
    if voucher.buyer_place_id is None:
        return at_work or (mine[0] if mine else None)
    same_trader = [place for place in mine if place.organisation_id == voucher.buyer_organisation_id]
    named = next((place for place in same_trader if place.pk == voucher.buyer_place_id), None)
    if "place" in request.GET and at_work in same_trader:
        return at_work
    chosen = named or (same_trader[0] if same_trader else None)
    if chosen:
        remember_place(request, chosen)
        request.place = chosen
    return chosen


def sister_places(request: HttpRequest, place: Place) -> bool:
    """Whether the trader works at another place too, which could take the rest of a delivery in."""
    others = places_of_work(request, *BUSINESS_ROLES)
    return any(each.organisation_id == place.organisation_id and each.pk != place.pk for each in others)


def lines_of(voucher: Voucher, place: Place) -> list[VoucherLine]:
    """The voucher's lines, each with `open_kg`, `held` and `taken_here`."""
    lines = list(
        VoucherLine.objects.filter(district_id=voucher.district_id, voucher=voucher)
        .select_related("product", "batch")
        .order_by("position")
    )
    held = set(
        HoldItem.objects.filter(
            district_id=voucher.district_id, batch_id__in=[line.batch_id for line in lines], released_at=None
        ).values_list("batch_id", flat=True)
    )  # fmt: skip
    here = {intake.voucher_line_id for intake in intakes_of(voucher, place)}
    for line in lines:
        line.open_kg = line.weight_kg - line.accepted_kg - line.refused_kg
        line.held = line.batch_id in held
        line.taken_here = line.pk in here
    return lines


def done(voucher: Voucher, place: Place, lines: list[VoucherLine]) -> dict[str, object]:
    """What became of the voucher here, and what the public page shows now."""
    today = trade_day_at(place, clock.now())
    shown = stock_of(place).filter(expires_on__gte=today)
    refusals = LineRefusal.objects.filter(
        district_id=place.district_id, place=place, voucher_line_id__in=[line.pk for line in lines]
    )
    names = {line.pk: line.product_name for line in lines}
    return {
        "intakes": list(intakes_of(voucher, place)),
        "refusals": [(names[refusal.voucher_line_id], refusal) for refusal in refusals.order_by("refused_at")],
        "left_kg": sum((line.open_kg for line in lines), Decimal(0)),
        "shown": shown[:SHOWN_ON_PAGE],
        "shown_count": shown.count(),
        "today": today,
    }
