"""The trader's declarations: a list, and each with the gate's answer, its papers and who decided why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock, export
from kit.templatetags.show import moment
from registry.permissions import may
from registry.web.doors import desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Declaration
from traceability.selectors import declarations as selectors
from traceability.selectors.days import trade_day_at
from traceability.services import declare as services
from traceability.services import gate
from traceability.web import gate_words, words

UNDECIDED = (Declaration.State.SUBMITTED, Declaration.State.RETURNED)


@require_safe
@desk("view_goods")
def index(request: HttpRequest) -> HttpResponse:
    everything = selectors.declarations_for(request.actor, request.place)
    found = selectors.narrowed(everything, narrowing(request))
    page = page_of(request, found)
    context = {
        "page": page,
        "count": page.paginator.count,
        "searched": bool(request.GET),
        "selects": [
            select(request, "state", _("Every state"), words.DECLARATION_STATES),
            select(request, "product", _("Every product"), selectors.products_of(everything)),
        ],
        "export_url": export_url(request, "declarations_export"),
        "many_places": request.place is None,
    }
    return render(request, "traceability/wholesale/declarations.html", context)


@require_safe
@desk("view_goods")
def export_list(request: HttpRequest) -> HttpResponse:
    found = selectors.narrowed(selectors.declarations_for(request.actor, request.place), narrowing(request))
    header = (
        _("Trade day"), _("Declared at"), _("Stall"), _("Product"), _("Origin"), _("Kilograms"), _("Supplier"),
        _("State"), _("Reason"),
    )  # fmt: skip
    return export.csv_response("declarations.csv", header, _rows(found))


def _rows(found) -> Iterator[tuple[Any, ...]]:
    for row in found.iterator(chunk_size=500):
        origin = f"{row.origin_region.full_name} {row.origin_detail}".strip()
        supplier = row.supplier.name if row.supplier_id else ""
        state = str(words.DECLARATION_STATES[row.state])
        yield (
            row.trade_day, row.declared_at, str(row.place), row.product.name, origin, row.weight_kg, supplier, state,
            row.audit_reason,
        )  # fmt: skip


def narrowing(request: HttpRequest) -> selectors.Narrowing:
    return selectors.Narrowing(
        q=asked(request, "q"),
        state=asked(request, "state", Declaration.State.values),
        product=asked(request, "product"),
    )


@require_safe
@desk("view_goods")
def declaration(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    found = selectors.declaration_for(request.actor, declaration_id)
    undecided = found.state in UNDECIDED
    context = {
        "declaration": found,
        "answer": gate_words.told(gate.ask(found)) if undecided else None,
        "articles": gate_words.cited(found.gate_articles),
        "papers": found.papers.select_related("verified_by").order_by("added_at", "id"),
        "batch": found.batches.first(),
        "supplements": selectors.supplements_of(found),
        "steps": steps(found),
        "own": may(request.actor, "declare", place=found.place),
        "undecided": undecided,
        "today": trade_day_at(found.place, clock.now()),
    }
    return render(request, "traceability/wholesale/declaration.html", context)


def steps(found: Declaration) -> list[dict[str, Any]]:
    """The way through the gate: done, now, to come."""
    by = _("entered by %(name)s for the trader") if found.on_behalf else _("by %(name)s")
    way = [
        {
            "state": "done",
            "title": _("Declared"),
            "at": moment(found.declared_at),
            "note": by % {"name": found.declared_by.name},
        }
    ]
    if found.audited_at:
        way.append(
            {
                "state": "done",
                "title": _DECIDED[found.state],
                "at": moment(found.audited_at),
                "note": " · ".join(filter(None, (found.audited_by.name, found.audit_reason))),
            }
        )
    if found.state == Declaration.State.WITHDRAWN:
        way.append({"state": "done", "title": _("Withdrawn by the trader")})
    elif found.state == Declaration.State.RETURNED:
        way.append({"state": "now", "title": _("Mend it and hand it in again")})
    elif found.state == Declaration.State.SUBMITTED:
        way.append({"state": "now", "title": _("The market looks at it")})
    if found.state in UNDECIDED:
        way.append({"state": "to-come", "title": _("Code and label for the goods")})
    if found.second_look_at:
        note = _("a second look by %(name)s") % {"name": found.second_look_by.name}
        way.append({"state": "done", "title": _("Looked at again"), "at": moment(found.second_look_at), "note": note})
    return way


_DECIDED = {
    Declaration.State.RETURNED: gettext_lazy("Returned by the market"),
    Declaration.State.ADMITTED: gettext_lazy("Admitted, code given"),
    Declaration.State.REJECTED: gettext_lazy("Kept out"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk("declare", "declare_for")
def withdraw(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Says what will happen, then takes the declaration back."""
    found = selectors.declaration_for(request.actor, declaration_id)
    if request.method == "POST":
        services.withdraw(request.actor, declaration=found)
        return see_other("declaration", found.id)
    return render(request, "traceability/wholesale/withdraw.html", {"declaration": found})
