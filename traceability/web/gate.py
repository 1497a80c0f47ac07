"""入场审核: the queue at a market's gate; one tap for what is complete, several at once, a reason for what is not."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import problems
from kit.refusals import Invalid, Refusal
from kit.templatetags.show import kg
from kit.transitions import IllegalMove, StaleState
from registry.web.doors import add_refusal, desk, see_other
from registry.web.lists import asked, export_url, page_of
from registry.web.stalls import market_at_work
from traceability.gate import Outcome
from traceability.models import Batch, Declaration
from traceability.refusals import GateRefuses
from traceability.selectors import gate_queue as selectors
from traceability.services import audit, gate
from traceability.web import gate_words, words
from traceability.web.forms_gate import RejectForm, ReturnForm
from traceability.web.gate_lacks import lacks
from traceability.web.market_home import trade_day

MOST_AT_ONCE = 50
SHOWN = {
    "": pgettext_lazy("gate", "All"),
    selectors.COMPLETE: pgettext_lazy("gate", "Complete"),
    selectors.TEST: gettext_lazy("Then a test"),
    selectors.LACKING: gettext_lazy("Something missing"),
    selectors.TOMORROW: gettext_lazy("Tomorrow"),
}


@require_safe
@desk("audit_declaration")
def queue(request: HttpRequest) -> HttpResponse:
    market = market_at_work(request)
    if market is None:
        return redirect("market_home")
    today = trade_day(market)
    figures = selectors.figures(request.actor, market, today)
    show = asked(request, "show", SHOWN)
    found = selectors.narrowed(
        selectors.waiting_at(request.actor, market), q=asked(request, "q"), show=show, today=today
    )
    page = page_of(request, found)
    for declaration in page:
        dress(declaration, today)
    context = {
        "market": market,
        "page": page,
        "count": page.paginator.count,
        "chips": chips(figures, show),
        "keep": [("show", show)],
        "figures": figures,
        "searched": bool(asked(request, "q")),
        "may_select": any(declaration.admissible for declaration in page),
        "export_url": export_url(request, "declarations_export"),
    }
    return render(request, "traceability/market/gate.html", context)


def dress(declaration: Declaration, today: dt.date) -> None:
    """What the row shows besides its columns."""
    declaration.lacks = lacks(declaration.gate_missing)
    declaration.admissible = declaration.gate_outcome != Outcome.REJECT
    declaration.pending = declaration.gate_outcome == Outcome.ADMIT_PENDING_TEST
    declaration.tomorrow = declaration.trade_day > today


def chips(figures: selectors.QueueFigures, show: str) -> list[dict[str, object]]:
    counts = {
        "": figures.waiting + figures.tomorrow, selectors.COMPLETE: figures.complete, selectors.TEST: figures.test,
        selectors.LACKING: figures.lacking, selectors.TOMORROW: figures.tomorrow,
    }  # fmt: skip
    return [
        {"label": label, "url": f"?show={key}" if key else "?", "active": key == show, "count": counts[key]}
        for key, label in SHOWN.items()
    ]


@require_safe
@desk("audit_declaration")
def declaration(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    return detail(request, selectors.at_gate(request.actor, declaration_id))


def detail(request: HttpRequest, found: Declaration, refusal: str = "", checked=()) -> HttpResponse:
    """Photos large, what the gate says, a tick for each paper whose number and issuer were compared."""
    answer = gate.ask(found)
    context = {
        "declaration": found,
        "answer": gate_words.told(answer),
        "admissible": answer.outcome != Outcome.REJECT,
        "pending": answer.outcome == Outcome.ADMIT_PENDING_TEST,
        "undecided": found.state == Declaration.State.SUBMITTED,
        "own": found.declared_by_id == request.actor.account_id,
        "refusal": refusal,
        "checked": checked,
        "batch": Batch.objects.filter(district_id=found.district_id, declaration=found).first(),
    }
    return render(request, "traceability/market/declaration.html", context, status=422 if refusal else 200)


@require_POST
@desk("audit_declaration")
def admit(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Let the goods in. From the queue the answer replaces the row; from the page it leads back to the queue."""
    found = selectors.at_gate(request.actor, declaration_id)
    checked = [str(paper.pk) for paper in found.papers_shown if str(paper.pk) in request.POST.getlist("checked")]
    try:
        batch = audit.admit(request.actor, declaration=found, checked_papers=checked)
    except (StaleState, IllegalMove):
        return row_or_queue(request, found, decided_already(found), "none")
    except GateRefuses as refusal:
        said = f"{problems.words(refusal)} {', '.join(str(lack) for lack in lacks(refusal.data['missing']))}"
        return row_or_queue(request, found, said, "bad") if request.htmx else detail(request, found, said, checked)
    return row_or_queue(request, found, admitted_words(found, batch), "due" if waits(batch) else "ok")


def waits(batch: Batch) -> bool:
    return batch.state == Batch.State.PENDING_TEST


def admitted_words(found: Declaration, batch: Batch) -> str:
    words_ = {"product": found.product.name, "kg": kg(found.weight_kg), "stall": found.place.stall_no}
    if waits(batch):
        return _("%(stall)s %(product)s, %(kg)s: may enter, sold only after a test.") % words_
    return _("%(stall)s %(product)s, %(kg)s: admitted.") % words_


def decided_already(found: Declaration) -> str:
    """A colleague was quicker: who, and what it is now."""
    found.refresh_from_db()
    by = found.audited_by.name if found.audited_by else ""
    return _("%(product)s: %(state)s already, by %(by)s. Nothing was done twice.") % {
        "product": found.product.name, "state": words.DECLARATION_STATES[found.state], "by": by or "-",
    }  # fmt: skip


def row_or_queue(request: HttpRequest, found: Declaration, said: str, tone: str) -> HttpResponse:
    if request.htmx:
        return render(request, "traceability/market/_decided.html", {"declaration": found, "said": said, "tone": tone})
    level = {"ok": messages.SUCCESS, "due": messages.WARNING, "bad": messages.ERROR}.get(tone, messages.INFO)
    messages.add_message(request, level, said)
    return see_other("gate")


@require_POST
@desk("audit_declaration")
def admit_several(request: HttpRequest) -> HttpResponse:
    """Each on its own: what was admitted, and which was not and why."""
    chosen = selectors.several_at_gate(request.actor, ids_of(request.POST.getlist("declaration"))[:MOST_AT_ONCE])
    if not chosen:
        messages.info(request, _("Tick the declarations first."))
        return see_other("gate")
    named = {found.pk: found for found in chosen}
    batches, refused = audit.admit_many(request.actor, declarations=chosen)
    context = {
        "admitted": [(named[batch.declaration_id], batch, waits(batch)) for batch in batches],
        "refused": [(found, why(found, refusal)) for found, refusal in refused],
        "title": ngettext("%(n)d declaration admitted", "%(n)d declarations admitted", len(batches))
        % {"n": len(batches)},
    }
    return render(request, "traceability/market/admitted.html", context)


def ids_of(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def why(found: Declaration, refusal: Refusal) -> str:
    if isinstance(refusal, (StaleState, IllegalMove)):
        return decided_already(found)
    if isinstance(refusal, GateRefuses):
        return ", ".join(str(lack) for lack in lacks(refusal.data["missing"]))
    return str(problems.words(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@desk("audit_declaration")
def send_back(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """退回: with a reason the trader can act on."""
    found = selectors.at_gate(request.actor, declaration_id)
    form = ReturnForm(request.POST or None, missing=[str(lack) for lack in lacks(found.gate_missing)])
    answered = decided(request, found, form, audit.send_back, _("Returned. The trader is told why."))
    if answered:
        return answered
    context = {"declaration": found, "form": form, "tiles": form.tiles()}
    return render(request, "traceability/market/return.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("audit_declaration")
def reject(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """不准入: for good; says first what that means."""
    found = selectors.at_gate(request.actor, declaration_id)
    form = RejectForm(request.POST or None)
    answered = decided(request, found, form, audit.reject, _("Kept out. The trader is told why."))
    if answered:
        return answered
    context = {
        "title": _("Keep %(product)s out?") % {"product": found.product.name},
        "text": _("This cannot be undone. If only a paper is missing, return the declaration instead."),
        "tone": "bad",
        "consequences": [(_("Not let in"), kg(found.weight_kg)), (_("Trader"), str(found.place))],
        "form": form,
        "submit": _("Keep %(kg)s out") % {"kg": kg(found.weight_kg)},
        "up": reverse("gate_declaration", args=[found.pk]),
    }
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)


def decided(request: HttpRequest, found: Declaration, form, act, said: str) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act(request.actor, declaration=found, reason=form.cleaned_data["reason"])
    except (StaleState, IllegalMove):
        messages.info(request, decided_already(found))
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    else:
        messages.success(request, said)
    return see_other("gate")
