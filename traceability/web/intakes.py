"""进货台账: the purchase ledger of a place; an entry with its papers; a mistake reversed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, codes, export, masking
from kit.refusals import Invalid
from kit.templatetags.show import kg
from registry.models import Place
from registry.roles import BUSINESS_ROLES
from registry.web.doors import add_refusal, desk, see_other, working_place
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Intake
from traceability.print.forms import PurchaseLedger, PurchaseRow
from traceability.print.ledgers import purchase_ledger_pdf
from traceability.selectors import intakes as selectors
from traceability.selectors.days import trade_day_at
from traceability.services.reverse import reverse_intake
from traceability.web import words
from traceability.web.periods import asked_period, days_select

LONGEST_LEDGER = dt.timedelta(days=31)
FILTERS = ("q", "days", "since", "until", "source", "state", "product")
STATES: dict[str, str | Promise] = {
    Intake.State.VALID: pgettext_lazy("ledger", "Valid"),
    Intake.State.REVERSED: gettext_lazy("Reversed"),
    "late": gettext_lazy("Entered late"),
    "held": gettext_lazy("Sale paused"),
}


@require_safe
@desk("take_in")
def index(request: HttpRequest) -> HttpResponse:
    place = working_place(request, *BUSINESS_ROLES)
    today = trade_day_at(place, clock.now())
    products = selectors.products_of(place)
    found = asked_for(request, place, today, products)
    page = page_of(request, found)
    context = {
        "at": place,
        "page": page,
        "count": page.paginator.count,
        "sums": selectors.sums(found),
        "selects": [
            days_select(request, _("All days")),
            select(request, "product", _("All products"), products),
            select(request, "source", _("All sources"), words.SOURCES),
            select(request, "state", _("All states"), STATES),
        ],
        "export_url": export_url(request, "intakes_export"),
        "workbook_url": export_url(request, "intakes_workbook"),
        "searched": any(request.GET.get(name) for name in FILTERS),
        "print_since": today.replace(day=1),
        "today": today,
    }
    return render(request, "traceability/place/intakes.html", context)


def asked_for(request: HttpRequest, place: Place, today: dt.date, products=None):
    period = asked_period(request, today)
    return selectors.narrowed(
        selectors.intakes_at(place),
        q=asked(request, "q"),
        source=asked(request, "source", words.SOURCES),
        state=asked(request, "state", STATES),
        product=asked(request, "product", products),
        since=period.since,
        until=period.until,
    )


@require_safe
@desk("take_in")
def export_csv(request: HttpRequest) -> HttpResponse:
    return export.csv_response("purchases.csv", *table(request))


@require_safe
@desk("take_in")
def export_xlsx(request: HttpRequest) -> HttpResponse:
    return export.xlsx_response("purchases.xlsx", *table(request), sheet=_("Purchase ledger"))


def table(request: HttpRequest) -> tuple[list[str], Iterator[list[object]]]:
    """The ledger as asked for: the columns of the law first (食品安全法 第65条), then ours."""
    place = working_place(request, *BUSINESS_ROLES)
    found = asked_for(request, place, trade_day_at(place, clock.now()))
    header = [_("Goods"), _("Quantity, kg"), _("Bought on"), _("Supplier"), _("Supplier's address"),
              _("Supplier's telephone"), _("Origin"), _("Voucher or code"), _("Source"), _("State"), _("Late"),
              _("Entered at"), _("Entered by"), _("Reason of the reversal")]  # fmt: skip
    return header, (line(intake, document) for intake, document in with_documents(found))


def line(intake: Intake, document: str) -> list[object]:
    return [
        intake.product.name, intake.weight_kg, intake.trade_day, intake.supplier_name, intake.supplier_address,
        intake.supplier_phone, origin_of(intake), document, words.SOURCES[intake.source], STATES[intake.state],
        _("yes") if intake.late else "", intake.taken_at, intake.taken_by.name, intake.reversal_reason,
    ]  # fmt: skip


def with_documents(intakes) -> list[tuple[Intake, str]]:
    """Each entry with what stands behind it: the voucher's code, or another platform's."""
    found: Iterable[Intake] = list(intakes)
    known = selectors.voucher_codes(found)
    return [
        (each, codes.grouped(known[each.voucher_line_id]) if each.voucher_line_id in known else each.external_code)
        for each in found
    ]


def origin_of(intake: Intake) -> str:
    return f"{intake.origin_region.full_name} {intake.origin_detail}".strip()


class PeriodForm(forms.Form):
    since = forms.DateField(label=gettext_lazy("From"))
    until = forms.DateField(label=gettext_lazy("To"))

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and not since <= until < since + LONGEST_LEDGER:
            raise forms.ValidationError(_("Choose at most 31 days, the first one first."))
        return self.cleaned_data


@require_safe
@desk("take_in")
def ledger_pdf(request: HttpRequest) -> HttpResponse:
    """The ledger of up to 31 days on A4, for the file or an inspector."""
    place = working_place(request, *BUSINESS_ROLES)
    form = PeriodForm(request.GET)
    if not form.is_valid():
        raise Invalid(" ".join(str(words_) for found in form.errors.values() for words_ in found))
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    found = selectors.narrowed(selectors.intakes_at(place), since=since, until=until)
    entries = with_documents(found.order_by("trade_day", "taken_at", "id"))
    ledger = PurchaseLedger(
        holder=place.organisation.name, place=place_line(place), first_day=since, last_day=until,
        rows=tuple(printed(intake, document) for intake, document in entries), printed_at=clock.now(),
    )  # fmt: skip
    response = HttpResponse(purchase_ledger_pdf(ledger), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="purchases-{since}-{until}.pdf"'
    return response


def printed(intake: Intake, document: str) -> PurchaseRow:
    reversed_ = intake.state == Intake.State.REVERSED
    note = f"已冲正:{intake.reversal_reason}" if reversed_ else "迟报" if intake.late else ""
    return PurchaseRow(
        received_on=intake.trade_day, product=intake.product.name, origin=origin_of(intake),
        weight_kg=intake.weight_kg, supplier=intake.supplier_name, supplier_address=intake.supplier_address,
        supplier_phone=intake.supplier_phone, document=document or intake.get_source_display(), note=note,
        struck=reversed_,
    )  # fmt: skip


def place_line(place: Place) -> str:
    return f"{place.market.name} {place.stall_no}" if place.market_id else place.address


@require_safe
@desk("view_goods")
def intake(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """One entry: goods, supplier, papers, what became of it. The supplier's phone is whole only for the trader."""
    found = selectors.intake_for(request.actor, intake_id)
    own = is_own(request, found)
    phone = found.supplier_phone
    context = {
        "intake": found,
        "own": own,
        "papers": found.papers.order_by("added_at", "id"),
        "voucher": selectors.voucher_of(found) if found.voucher_line_id else None,
        "phone": phone if own or not phone else masking.phone(phone),
        "may_reverse": own and selectors.may_be_reversed(found),
    }
    return render(request, "traceability/place/intake.html", context)


def is_own(request: HttpRequest, found: Intake) -> bool:
    scopes = request.actor.with_role(*BUSINESS_ROLES)
    return any((scope.place_id, scope.organisation_id) == (found.place_id, found.organisation_id) for scope in scopes)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What was wrong?"), max_length=200,
        help_text=gettext_lazy("It stays in the ledger, struck through, with this reason."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk("take_in")
def reverse_entry(request: HttpRequest, intake_id: uuid.UUID) -> HttpResponse:
    """冲正: a mistaken entry is undone, visibly."""
    found = selectors.intake_for(request.actor, intake_id)
    if found.state == Intake.State.REVERSED:
        messages.info(request, _("This entry has been reversed already."))
        return see_other("intake", found.id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reverse_intake(request.actor, intake=found, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The entry is reversed. It stays in the ledger, struck through."))
            return see_other("intake", found.id)
    consequences = [(found.product.name, kg(found.weight_kg)), (_("Leaves your public page"), _("at once"))]
    if found.voucher_line_id:
        consequences.append((_("The voucher can be taken in again"), _("yes")))
    context = {
        "title": _("Reverse this entry?"), "text": _("Only while nothing of it has been sold on or written off."),
        "tone": "bad", "consequences": consequences, "form": form, "submit": _("Reverse it"),
        "up": reverse("intake", args=[found.id]),
    }  # fmt: skip
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)
