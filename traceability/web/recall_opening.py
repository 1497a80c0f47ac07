"""A recall is started, practised, asked for, refused or ordered; first the page says in numbers what it reaches."""

from __future__ import annotations

import uuid
from uuid import uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import clock
from kit.refusals import Conflict, Invalid
from kit.templatetags.show import kg
from registry.permissions import may
from registry.web.doors import add_refusal, desk, see_other
from registry.web.lists import asked, key
from traceability.lineage import Graph
from traceability.models import Batch, PositiveCase
from traceability.recall_scope import Scope, scope_of
from traceability.refusals import AlreadyRecalled
from traceability.selectors import recalls as selectors
from traceability.selectors.lineage import lineage_of
from traceability.selectors.rapid_tests import batch_called
from traceability.services.recall import open_recall, order_recall
from traceability.services.recall_request import ask_recall, refuse_recall
from traceability.web import recall_words as words
from traceability.web.forms_recalls import AskForm, OrderForm, RecallForm, RefuseForm

LISTED = 8


@require_http_methods(["GET", "HEAD", "POST"])
@desk("start_recall", "order_recall")
def new(request: HttpRequest) -> HttpResponse:
    """The batch it starts from, then what it reaches; its keeper starts it, an officer asks the keeper to."""
    text = asked(request, "batch")
    batch = batch_asked(request, text) if text else None
    if batch is None or not (may_start(request, batch) or may(request.actor, "order_recall", place=batch.place)):
        return render(request, "traceability/recalls/choose.html", {"sought": text, "wrong": bool(text)})
    form_kind = RecallForm if may_start(request, batch) else AskForm
    form = form_kind(request.POST or None, initial={"reason": reason_of(request, batch)})
    if request.method == "POST" and form.is_valid() and (answered := begun(request, form, batch)):
        return answered
    graph = lineage_of(batch.pk)
    scope = scope_of(graph, clock.now())
    context = {
        "batch": batch,
        "form": form,
        "asks": form_kind is AskForm,
        "starts": starts(request, graph),
        **reach(scope),
    }
    return render(request, "traceability/recalls/new.html", context, status=422 if form.errors else 200)


def batch_asked(request: HttpRequest, text: str) -> Batch | None:
    """By its id, as links have it, or by its code, as people do."""
    if batch_id := key(text):
        seen = Batch.objects.visible_to(request.actor).select_related("product", "place__market", "place__organisation")
        return seen.filter(pk=batch_id).first()
    return batch_called(request.actor, text)


def may_start(request: HttpRequest, batch: Batch) -> bool:
    own = batch.organisation_id == batch.place.organisation_id
    return own and may(request.actor, "start_recall", place=batch.place)


def case_asked(request: HttpRequest, batch: Batch) -> PositiveCase | None:
    case_id = key(request.GET.get("case"))
    found = PositiveCase.objects.visible_to(request.actor).filter(district_id=batch.district_id, pk=case_id)
    return found.select_related("item").first() if case_id else None


def reason_of(request: HttpRequest, batch: Batch) -> str:
    case = case_asked(request, batch)
    return _("Rapid test positive: %(item)s") % {"item": case.item} if case else ""


def begun(request: HttpRequest, form: RecallForm | AskForm, batch: Batch) -> HttpResponse | None:
    data = form.cleaned_data
    facts = {"batch": batch, "reason": data["reason"], "case": case_asked(request, batch)}
    try:
        if isinstance(form, AskForm):
            made = ask_recall(request.actor, client_key=data["client_key"], **facts)
            messages.success(request, _("The operator is asked to recall the goods."))
            return see_other("recall_request", made.pk)
        drill = data["drill"]
        client_key = uuid5(data["client_key"], "drill") if drill else data["client_key"]
        recall = open_recall(request.actor, drill=drill, client_key=client_key, **facts)
    except AlreadyRecalled as refusal:
        messages.info(request, _("A recall of this batch is already under way."))
        return see_other("recall", uuid.UUID(refusal.data["recall_id"]))
    except (Invalid, Conflict) as refusal:
        add_conflict(form, refusal)
        return None
    if drill:
        messages.success(request, _("Drill: nothing was paused and nobody was told."))
    else:
        messages.warning(request, _("The recall has started. The goods are paused and every holder is told."))
    return see_other("recall", recall.pk)


def add_conflict(form, refusal: Invalid | Conflict) -> None:
    if isinstance(refusal, Invalid):
        add_refusal(form, refusal)
    else:
        form.add_error(None, _("The operator has been asked already, and has not answered yet."))


def starts(request: HttpRequest, graph: Graph) -> list[dict[str, object]]:
    """The batches on the way from the source where this person may have the recall begin, the present one marked."""
    case_id = key(request.GET.get("case"))
    case = f"&case={case_id}" if case_id else ""
    on_the_way = {node.id: node for node in graph.way}
    found = Batch.objects.visible_to(request.actor).filter(pk__in=on_the_way).select_related("place__market")
    allowed = {
        batch.pk for batch in found
        if may_start(request, batch) or may(request.actor, "order_recall", place=batch.place)
    }  # fmt: skip
    return [
        {"url": f"{reverse('recall_new')}?batch={node.id}{case}", "node": node, "here": node.id == graph.start,
         "step": words.STEPS[node.step]}
        for node in on_the_way.values() if node.id in allowed
    ]  # fmt: skip


def reach(scope: Scope) -> dict[str, object]:
    """What a recall reaches, in numbers, and the largest holders."""
    holders = sorted(scope.holders, key=lambda holder: (-holder.expected_kg, holder.name))
    expected = sum((holder.expected_kg for holder in holders), start=0)
    return {
        "stats": words.kilo_stats(scope.totals, holders=len(holders)),
        "batches": len(scope.below),
        "holders": holders[:LISTED],
        "holders_count": len(holders),
        "expected_kg": expected,
    }


@require_safe
@desk("view_recalls")
def request_page(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    return _request_page(request, selectors.request_for(request.actor, request_id))


def _request_page(request, found, refusing: RefuseForm | None = None) -> HttpResponse:
    officer = may(request.actor, "order_recall", place=found.place)
    scope = scope_of(lineage_of(found.batch_id), clock.now())
    numbers = reach(scope)
    context = {
        "asked": found,
        "answers": found.state == "asked" and may_start(request, found.batch),
        "orders": found.state == "refused" and officer,
        "waits": found.state == "asked" and officer,
        "refusing": refusing or RefuseForm(),
        "ordering": OrderForm(),
        "order_words": _("Order the recall of %(kg)s at %(n)d holders")
        % {"kg": kg(numbers["expected_kg"]), "n": numbers["holders_count"]},
        **numbers,
    }
    wrong = refusing is not None and refusing.errors
    return render(request, "traceability/recalls/request.html", context, status=422 if wrong else 200)


@require_POST
@desk("start_recall")
def refuse(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    found = selectors.request_for(request.actor, request_id)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            refuse_recall(request.actor, request=found, **form.cleaned_data)
        except Conflict:
            messages.info(request, _("This request has been answered already."))
            return see_other("recall_request", found.pk)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The refusal is recorded, and the officer is told."))
            return see_other("recall_request", found.pk)
    return _request_page(request, found, form)


@require_POST
@desk("order_recall")
def order(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    found = selectors.request_for(request.actor, request_id)
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _request_page(request, found)
    try:
        made = order_recall(request.actor, request=found, client_key=form.cleaned_data["client_key"])
    except AlreadyRecalled as refusal:
        return see_other("recall", uuid.UUID(refusal.data["recall_id"]))
    except Conflict:
        messages.info(request, _("A recall can be ordered only after the operator has refused it."))
        return see_other("recall_request", found.pk)
    messages.warning(request, _("The recall is ordered. The goods are paused and every holder is told."))
    return see_other("recall", made.pk)
