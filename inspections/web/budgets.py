"""经费科目: caps of a month, what is reserved, what is spent."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import Budget
from inspections.selectors.budgets import budgets_of
from inspections.services.budgets import set_cap
from inspections.web.forms_rules import BudgetForm, CapForm
from inspections.web.work_home import district_at_work, may
from kit import export, money
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, page_of

ruling = desk("manage_work_rules")


def asked_for(request: HttpRequest):
    found = budgets_of(district_at_work(request))
    q = asked(request, "q")
    return found.filter(name__icontains=q) if q else found


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "page": page,
        "count": page.paginator.count,
        "lines": [(each, share(each)) for each in page],
        "export_url": export_url(request, "budgets_export"),
        "searched": bool(request.GET.get("q")),
        "may_set": may(request, "manage_work_rules"),
    }
    return render(request, "inspections/rules/budgets.html", context)


def share(line: Budget) -> int:
    return 100 * line.reserved_fen // line.cap_fen if line.cap_fen else 0


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Month"), _("Name"), _("At most, in yuan"), _("Reserved"), _("Accrued"), _("Left")]
    rows = (
        [f"{b.month:%Y-%m}", b.name, money.yuan(b.cap_fen), money.yuan(b.reserved_fen), money.yuan(b.spent_fen or 0),
         money.yuan(b.cap_fen - b.reserved_fen)]
        for b in asked_for(request)
    )  # fmt: skip
    return export.csv_response("budgets.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def new(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    form = BudgetForm(request.POST or None)
    names = ("name", "month", "cap_fen")
    made = carried_out(
        form,
        lambda data: set_cap(request.actor, district_id=district_id, **{name: data[name] for name in names}),
    )
    if made:
        messages.success(request, _("Tasks can be published on it."))
        return see_other("budgets")
    return form_page(request, "registry/form.html", form, title=_("New budget line"), up=reverse("budgets"))


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def edit(request: HttpRequest, budget_id: uuid.UUID) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    line = Budget.objects.filter(district_id=district_id, pk=budget_id).first()
    if line is None:
        raise NotFound
    form = CapForm(request.POST or None, initial={"cap_fen": money.yuan(line.cap_fen)})
    kept = carried_out(
        form,
        lambda data: set_cap(
            request.actor, district_id=district_id, name=line.name, month=line.month, cap_fen=data["cap_fen"]
        ),
    )
    if kept:
        messages.success(request, _("Kept."))
        return see_other("budgets")
    lede = _("%(fen)s yuan are reserved by tasks already published.") % {"fen": money.yuan(line.reserved_fen)}
    title = f"{line.name} · {line.month:%Y-%m}"
    return form_page(request, "registry/form.html", form, title=title, lede=lede, up=reverse("budgets"))
