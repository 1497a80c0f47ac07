"""The log of looks at hidden numbers, for auditors."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kit import export as exports
from registry.models import PrivateView
from registry.selectors.private_views import private_views_for
from registry.web.doors import desk

A_PAGE = 50
FIELDS = {"phone": gettext_lazy("Mobile phone"), "id_number": gettext_lazy("Identity number"),
          "bank_account": gettext_lazy("Bank account")}  # fmt: skip
SUBJECTS = {
    "account": gettext_lazy("person"),
    "organisation": gettext_lazy("trader or company"),
    "supplier": gettext_lazy("supplier"),
    "coordinator": gettext_lazy("coordinator"),
}


@require_safe
@desk("view_private_log")
def log(request: HttpRequest) -> HttpResponse:
    page = Paginator(asked_for(request), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(view, SUBJECTS.get(view.subject_kind, ""), FIELDS.get(view.field, view.field)) for view in page],
        "count": page.paginator.count,
        "selects": [
            {
                "name": "field",
                "label": _("What"),
                "value": request.GET.get("field", ""),
                "options": [("", _("Everything")), *FIELDS.items()],
            }
        ],
        "export_url": f"{reverse('private_views_export')}?{request.GET.urlencode()}",
    }
    return render(request, "registry/private_views.html", context)


@require_safe
@desk("view_private_log")
def export(request: HttpRequest) -> HttpResponse:
    header = [_("Time"), _("Who looked"), _("Whose"), _("What"), _("Reason"), _("Request")]
    rows = (
        [view.viewed_at, view.account_name, view.subject_name, FIELDS.get(view.field, view.field), view.reason,
         view.request_id]
        for view in asked_for(request).iterator()
    )  # fmt: skip
    return exports.csv_response("private-views.csv", header, rows)


def asked_for(request: HttpRequest) -> QuerySet[PrivateView]:
    return private_views_for(
        request.actor,
        q=request.GET.get("q", "")[:60],
        field=request.GET.get("field", ""),
        since=day(request.GET.get("since", "")),
        until=day(request.GET.get("until", "")),
    )


def day(text: str):
    try:
        return parse_date(text)
    except ValueError:
        return None
