"""The demo's first steps: a tour by live codes, on screen and on one sheet of paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demo.cast import named, scope_words
from demo.tour import positive, tour
from kit import hosts
from registry.roles import Role
from traceability.print.codesheets import code_sheet_pdf
from traceability.print.forms import CodeSheet, SheetCode

GUIDES = (Role.WHOLESALER, Role.MARKET_MANAGER, Role.VENDOR, Role.STORE_MANAGER)


@require_safe
def tour_page(request):
    people = [(grant, scope_words(grant)) for role in GUIDES for grant in named(role)[:1]]
    return render(request, "demo/tour.html", {"tour": tour(), "positive": positive(), "people": people})


@require_safe
def code_sheet(request):
    """One A4 of live codes, to scan with a real phone."""
    found = tour()
    if found is None:
        raise Http404
    stops = [
        ("一品一码 批次", found.batch.product.name, found.batch, "b"),
        ("销售凭证", f"{found.voucher.seller_name} {found.voucher.stall_no}", found.voucher, "v"),
        ("一品一码 零售批次", str(found.stall), found.child, "b"),
        ("一户一码 摊位", f"{found.stall.market} {found.stall}", found.stall, "s"),
    ]
    if found.store:
        stops.append(("一店一码 单位", found.store.name, found.store, "d"))
    codes = tuple(
        SheetCode(kind=kind, title=title, detail="", url=hosts.page_url(letter, row.token), typed_code=row.typed_code)
        for kind, title, row, letter in stops
    )
    pdf = code_sheet_pdf(CodeSheet(title="跟着这颗辣椒走", note="阳光食安 演示 · 用手机扫一扫", codes=codes))
    return HttpResponse(pdf, content_type="application/pdf")
