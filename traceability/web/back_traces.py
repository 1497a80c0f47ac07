"""检测倒查: the ways back from positives, as a list and one by one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kit import export
from registry.models import Supplier
from registry.web.doors import desk
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import BackTrace, BackTraceNode, Batch, RapidTest
from traceability.selectors import back_traces
from traceability.web import evaluation_words as words

SHOW = {
    "missed": gettext_lazy("Missed upstream"),
    "untested": gettext_lazy("Untested upstream"),
    "broken": gettext_lazy("Broken way back"),
}


@require_safe
@desk("evaluate_tests")
def traces(request: HttpRequest) -> HttpResponse:
    found = traces_asked(request)
    page = page_of(request, found)
    context = {
        "page": page,
        "rows": [(trace, finding_of(trace)) for trace in page],
        "count": page.paginator.count,
        "selects": [select(request, "show", _("All ways back"), SHOW)],
        "export_url": export_url(request, "evaluation_traces_export"),
        "searched": any(request.GET.get(name) for name in ("q", "show")),
    }
    return render(request, "traceability/evaluation/traces.html", context)


def traces_asked(request: HttpRequest):
    found = back_traces.traces_for(request.actor)
    return back_traces.narrowed(found, q=asked(request, "q"), show=asked(request, "show", SHOW))


def finding_of(trace: BackTrace) -> dict[str, object]:
    stands = back_traces.finding_of(trace)
    return {"tone": words.FINDING_TONES[stands], "word": words.FINDINGS[stands]}


@require_safe
@desk("evaluate_tests")
def export_traces(request: HttpRequest) -> HttpResponse:
    header = [_("Found at"), _("Product"), _("Item"), _("Where"), _("Town"), _("Test point"), _("Standing"),
              _("Tested upstream"), _("Broken way back"), _("Located in, s")]  # fmt: skip
    rows = (
        [trace.case.opened_at, trace.case.product.name, trace.case.item.name, str(trace.case.place), trace.town.name,
         trace.case.point.name, str(finding_of(trace)["word"]), trace.upstream_tested, trace.broken,
         trace.locate_ms / 1000]
        for trace in traces_asked(request)
    )  # fmt: skip
    return export.csv_response("ways-back.csv", header, rows)


@require_safe
@desk("evaluate_tests")
def trace(request: HttpRequest, trace_id: uuid.UUID) -> HttpResponse:
    """The way back of one positive: each place, what it tested, and where the goods came from first."""
    found = back_traces.trace_for(request.actor, trace_id)
    shown = nodes_shown(found.nodes.all())
    context = {
        "trace": found,
        "finding": finding_of(found),
        "chain": chain_of(found, shown),
        "nodes": shown,
        "located": found.locate_ms / 1000,
    }
    return render(request, "traceability/evaluation/trace.html", context)


def supplier_of(found: BackTrace) -> str:
    supplier = Supplier.objects.filter(district_id=found.district_id, pk=found.supplier_id).first()
    return supplier.name if supplier else ""


def nodes_shown(nodes: Iterable[BackTraceNode]) -> list[dict[str, object]]:
    nodes = list(nodes)
    batches = Batch.objects.select_related("place__market", "product").in_bulk([node.batch_id for node in nodes])
    tests = RapidTest.objects.select_related("item", "point").in_bulk([n.test_id for n in nodes if n.test_id])
    return [
        {
            "batch": batches[node.batch_id],
            "test": tests.get(node.test_id),
            "level": words.LEVELS[node.level],
            "missed": node.missed,
            "tested": node.tested,
        }
        for node in nodes
    ]


def chain_of(found: BackTrace, nodes: list[dict[str, object]]) -> list[dict[str, object]]:
    """From the supplier to where it was found, as the goods went."""
    supplier = supplier_of(found)
    places = [{"role": _("Supplier"), "name": supplier or _("not known"), "unknown": not supplier}]
    for shown in reversed(nodes):
        place = shown["batch"].place
        places.append({"role": place.market.name if place.market_id else "", "name": str(place)})
    places.append({"role": _("Found here"), "name": str(found.case.place), "here": True})
    return places
