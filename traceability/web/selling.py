"""销售 from a phone: the buyer, the product, the weight, the voucher. Each step is an address of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kit import clock, money
from kit.refusals import Invalid
from registry.models import Place
from registry.roles import Role
from registry.web.doors import add_refusal, desk, see_other, working_place
from traceability import kilos
from traceability.models import Voucher
from traceability.refusals import NotSellable
from traceability.selectors import buyers as buyer_reads
from traceability.selectors.days import trade_day_at
from traceability.selectors.ledgers import sales_at
from traceability.services import sell as services
from traceability.services.sell import SaleLine
from traceability.web import slip_draft
from traceability.web.forms_selling import IssueForm, WalkInForm, WeightForm
from traceability.web.selling_parts import BuyerShown, Goods, buyer_named, goods_of, lines_of
from traceability.web.slip_draft import WALK_IN, DraftLine, SlipDraft


@require_http_methods(["GET", "HEAD", "POST"])
@desk("sell")
def sell(request: HttpRequest) -> HttpResponse:
    place = working_place(request, Role.WHOLESALER)
    draft = slip_draft.read(request.GET)
    if request.method == "POST" and (issued := _issued(place, draft)):
        messages.info(request, _("This slip had been issued already. Nothing was issued twice."))
        return see_other("voucher_slip", issued.id)
    buyer = buyer_named(place, draft.buyer)
    if buyer is None or buyer.wrong:
        return choose_buyer(request, place, draft, buyer.wrong if buyer else "")
    goods = goods_of(place, trade_day_at(place, clock.now()), draft)
    if request.method == "POST":
        return issue(request, place, draft, buyer, goods)
    asked = goods.asked(request.GET)
    if asked:
        return weigh(request, place, draft, buyer, goods, *asked)
    if not draft.lines or "more" in request.GET:
        return choose_goods(request, draft, buyer, goods)
    return review(request, place, draft, buyer, goods, _last_form(draft, buyer))


def _issued(place: Place, draft: SlipDraft) -> Voucher | None:
    return sales_at(place).filter(client_key=draft.key).first()


def choose_buyer(request: HttpRequest, place: Place, draft: SlipDraft, wrong: str) -> HttpResponse:
    """Who buys: the last buyers as tiles, a search, a scanned code, or a walk-in."""
    sought = request.GET.get("q", "").strip()[:60]
    kept = {name: request.GET.get(name, "") for name in ("product", "batch")}
    path = reverse("sell")

    def with_buyer(reference: str) -> str:
        return SlipDraft(draft.key, reference, draft.lines).url(path, **kept)

    found = buyer_reads.find_buyers(place, sought) if sought else []
    recent = buyer_reads.recent_buyers(place, clock.now())
    context = {
        "wrong": wrong or (_("This is not the code of a stall or a store.") if draft.buyer else ""),
        "sought": sought,
        "found": [(each, with_buyer(each.token)) for each in found],
        "recent": [(each, with_buyer(_reference(each))) for each in recent],
        "walk_in_url": with_buyer(WALK_IN),
        "kept": [("key", draft.key), *(("line", line.text) for line in draft.lines), *kept.items()],
    }
    return render(request, "traceability/wholesale/sell_buyer.html", context)


def _reference(recent: buyer_reads.RecentBuyer) -> str:
    return recent.place.token if recent.place else f"{slip_draft.KNOWN}{recent.voucher.pk}"


def choose_goods(request: HttpRequest, draft: SlipDraft, buyer: BuyerShown, goods: Goods) -> HttpResponse:
    """The product buttons: what may be sold now, and how much is left of it."""
    path = reverse("sell")
    buttons = [(each, goods.button_url(each, path)) for each in goods.stock if each.left_kg > 0]
    context = {
        "buyer": buyer,
        "draft": draft,
        "buttons": buttons,
        "blocked": [each for each in goods.stock if each.left_kg <= 0],
        "buyer_url": SlipDraft(draft.key, "", draft.lines).url(path),
        "review_url": draft.url(path) if draft.lines else "",
    }
    return render(request, "traceability/wholesale/sell_goods.html", context)


def weigh(
    request: HttpRequest, place: Place, draft: SlipDraft, buyer: BuyerShown, goods: Goods,
    kind: str, target: str, at: int | None,
) -> HttpResponse:  # fmt: skip
    """Weight and price of one product or batch; a line being changed shows what it was."""
    item = goods.item(kind, target, but=at)
    was = draft.lines[at] if at is not None else None
    price = was.unit_price_fen if was else buyer_reads.last_price(place, item.product.pk, buyer.place)
    first = {"weight": f"{was.weight_kg.normalize():f}" if was else "", "price": money.yuan(price) if price else ""}
    form = WeightForm(request.GET if "weight" in request.GET else None, initial=first)
    if form.is_bound and form.is_valid():
        weight = form.cleaned_data["weight"].quantize(kilos.GRAM)
        if weight <= item.left_kg:
            line = DraftLine(kind, target, weight, form.cleaned_data["price"])
            return redirect(draft.with_line(line, at).url(reverse("sell")))
        form.add_error("weight", _("Only %(kg)s kg are left.") % {"kg": f"{item.left_kg.normalize():f}"})
    context = {"buyer": buyer, "draft": draft, "item": item, "form": form, "at": at, "kind": kind, "target": target}
    return render(request, "traceability/wholesale/sell_weigh.html", context, status=422 if form.errors else 200)


def _last_form(draft: SlipDraft, buyer: BuyerShown, data=None) -> IssueForm:
    if buyer.place:
        return IssueForm(data, initial={"client_key": draft.key})
    return WalkInForm(data, initial={"client_key": draft.key, "name": buyer.name, "phone": buyer.phone})


def review(
    request: HttpRequest, place: Place, draft: SlipDraft, buyer: BuyerShown, goods: Goods, form: IssueForm,
    shortages=(), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole slip before it is issued; what cannot be sold as asked is said at its line."""
    path = reverse("sell")
    lines = lines_of(draft, goods, shortages)
    amounts = [line.amount_fen for line in lines]
    context = {
        "buyer": buyer,
        "lines": lines,
        "form": form,
        "issued": _issued(place, draft),
        "total_kg": sum(line.weight_kg for line in lines),
        "total_fen": None if None in amounts else sum(amounts),
        "short": bool(shortages),
        "more_url": draft.url(path, more=1),
        "buyer_url": SlipDraft(draft.key, "", draft.lines).url(path),
        "again_url": path,
    }
    return render(request, "traceability/wholesale/sell_review.html", context, status=status)


def issue(
    request: HttpRequest, place: Place, draft: SlipDraft, buyer: BuyerShown, goods: Goods
) -> HttpResponse:  # fmt: skip
    form = _last_form(draft, buyer, request.POST)
    if not form.is_valid():
        return review(request, place, draft, buyer, goods, form, status=422)
    lines = [
        SaleLine(weight_kg=line.weight_kg, unit_price_fen=line.unit_price_fen, **goods.taken_from(line))
        for line in draft.lines
    ]
    try:
        voucher = services.sell(
            request.actor, place=place, buyer=buyer.named(form), lines=lines, client_key=draft.key
        )  # fmt: skip
    except NotSellable as refusal:
        return review(request, place, draft, buyer, goods, form, refusal.data["shortages"], status=409)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return review(request, place, draft, buyer, goods, form, status=422)
    messages.success(request, _("Voucher issued."))
    return see_other("voucher_slip", voucher.id)
