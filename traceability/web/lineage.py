"""Where a batch came from and where it went: drawn, and as a table; both the same data."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from kit import clock, export
from registry.permissions import may
from registry.web.doors import desk
from registry.web.lists import A_PAGE, asked, key
from traceability.drawing import draw
from traceability.lineage import Graph, Line, Node
from traceability.models import Batch
from traceability.recall_scope import scope_of
from traceability.selectors.lineage import lineage_for
from traceability.selectors.stock import batch_for
from traceability.web import recall_words as words

OPENED_AT_MOST = 8
NUMBERS = ("received", "sold", "on_hand", "gone", "presumed", "unaccounted")


@require_safe
@desk("view_goods")
def lineage(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    batch = batch_for(request.actor, batch_id)
    now = clock.now()
    graph = lineage_for(request.actor, batch)
    q = asked(request, "q")
    rows = rows_of(graph, now, q)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    opened = request.GET.getlist("open")[:OPENED_AT_MOST]
    drawing = draw(graph, now, opened)
    context = {
        "batch": batch,
        "graph": graph,
        "drawing": drawing,
        "said": said(batch, graph),
        "opened": opened,
        "page": page,
        "count": len(rows),
        "searched": bool(q),
        "keep": [("open", key) for key in opened],
        "stats": stats(graph, now) if graph.seen is None else [],
        "export_url": f"{reverse('lineage_export', args=[batch.pk])}?{request.GET.urlencode()}",
        "case_id": key(request.GET.get("case")),
        "may_recall": may(request.actor, "start_recall", place=batch.place)
        or may(request.actor, "order_recall", place=batch.place),
    }
    return render(request, "traceability/lineage/lineage.html", context)


def said(batch: Batch, graph: Graph) -> str:
    """The drawing in one sentence, for who does not see it."""
    return _("%(product)s at %(place)s: came by %(up)d steps, went on to %(down)d batches and %(buyers)d buyers.") % {
        "product": batch.product.name, "place": batch.place, "up": len(graph.above), "down": len(graph.below) - 1,
        "buyers": sum(1 for _line in graph.open_lines()),
    }  # fmt: skip


def stats(graph: Graph, now: dt.datetime) -> list[dict[str, Any]]:
    scope = scope_of(graph, now)
    return words.kilo_stats(scope.totals, holders=len(scope.holders))


@require_safe
@desk("view_goods")
def export_csv(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    batch = batch_for(request.actor, batch_id)
    graph = lineage_for(request.actor, batch)
    header = [_("Step"), _("Who"), _("Where"), pgettext("goods", "From"), _("Trade day"), _("Came in, kg"),
              _("Sold, kg"), _("On hand, kg"), _("Gone, kg"), _("Presumed sold, kg"), _("Unaccounted for, kg"),
              _("State"), _("Rapid tests")]  # fmt: skip
    names = ("step", "who", "where", "source", "day", "received", "sold", "on_hand", "gone", "presumed", "unaccounted",
             "state", "tests")  # fmt: skip
    rows = ([row.get(name) for name in names] for row in rows_of(graph, clock.now(), asked(request, "q")))
    return export.csv_response("lineage.csv", header, rows)


def rows_of(graph: Graph, now: dt.datetime, q: str = "") -> list[dict[str, Any]]:
    """One row for each batch and each buyer without one, in the order of trade."""
    depth = depths(graph)
    nodes = sorted(graph.nodes.values(), key=lambda node: (depth[node.id], -node.admitted_kg, node.who))
    rows = [*(batch_row(graph, node, now) for node in nodes), *(buyer_row(graph, line) for line in graph.open_lines())]
    rows = [dict.fromkeys(NUMBERS) | row for row in rows]
    return [row for row in rows if q.lower() in f"{row['who']} {row['where']}".lower()] if q else rows


def depths(graph: Graph) -> dict[uuid.UUID, int]:
    found: dict[uuid.UUID, int] = {}
    for node in graph.nodes.values():
        chain = [node]
        while chain[-1].id not in found and chain[-1].parent_id in graph.nodes:
            chain.append(graph.nodes[chain[-1].parent_id])
        before = found.get(chain[-1].id, -1)
        for each in reversed(chain):
            before = found.setdefault(each.id, before + 1)
    return found


def batch_row(graph: Graph, node: Node, now: dt.datetime) -> dict[str, Any]:
    parent = graph.nodes.get(node.parent_id) if node.parent_id else None
    row = {
        "step": str(words.STEPS[node.step]), "who": node.who, "where": node.market or node.town, "node": node,
        "source": parent.who if parent else node.origin, "day": node.trade_day, "here": node.id == graph.start,
        "state": str(words.held_word(node)), "tests": ", ".join(words.results(node)), "held": bool(node.held_since),
    }  # fmt: skip
    if graph.shows(node):
        where = node.where(now)
        row |= {
            "received": node.admitted_kg, "sold": node.sold_kg, "on_hand": where.on_hand_kg + where.withdrawn_kg,
            "gone": where.disposed_kg + where.returned_kg + where.lost_kg, "presumed": where.presumed_sold_kg,
            "unaccounted": where.unaccounted_kg,
        }  # fmt: skip
    return row


def buyer_row(graph: Graph, line: Line) -> dict[str, Any]:
    return {
        "step": str(words.STEPS["waiting" if line.buyer_place_id else "walk_in"]), "who": line.buyer_name, "where": "",
        "source": graph.nodes[line.batch_id].who, "day": line.day, "received": line.waiting_kg, "state": "",
        "voucher": line.voucher_id,
    }  # fmt: skip
