"""暂停销售: pauses that stand and stood; one placed on a batch and all that came of it; one lifted."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import export
from kit.refusals import Invalid
from kit.templatetags.show import kg
from registry.permissions import may
from registry.roles import Role
from registry.web.doors import add_refusal, desk, see_other
from registry.web.lists import asked, export_url, page_of, select
from traceability.models import Batch, Hold
from traceability.selectors import holds as selectors
from traceability.selectors.rapid_tests import batch_called
from traceability.services.hold import AlreadyReleased, place_hold, release_hold
from traceability.web import words
from traceability.web.forms_tests import HoldForm, ReleaseForm

OPEN, LIFTED = "open", "lifted"
SHOWN = {OPEN: pgettext_lazy("pauses", "In force"), LIFTED: pgettext_lazy("pauses", "Lifted")}


@require_safe
@desk("place_hold", "oversee")
def index(request: HttpRequest) -> HttpResponse:
    found, show = asked_for(request)
    page = page_of(request, found)
    batches = selectors.first_batches(page)
    context = {
        "page": page,
        "rows": [(hold, batches.get(hold.pk)) for hold in page],
        "count": page.paginator.count,
        "show": show,
        "chips": [{"label": label, "url": f"?show={key}", "active": key == show} for key, label in SHOWN.items()],
        "keep": [("show", show)],
        "selects": [select(request, "reason", _("All reasons"), words.HOLD_REASONS)],
        "export_url": export_url(request, "holds_export"),
        "searched": any(request.GET.get(name) for name in ("q", "reason")),
        "may_place": may_place(request),
    }
    return render(request, "traceability/holds/index.html", context)


def may_place(request: HttpRequest) -> bool:
    return request.actor.has_role(Role.MARKET_MANAGER, Role.TOWN_OFFICER, Role.DISTRICT_OFFICER)


def asked_for(request: HttpRequest):
    show = asked(request, "show", SHOWN) or OPEN
    found = selectors.narrowed(
        selectors.holds_for(request.actor),
        q=asked(request, "q"),
        reason=asked(request, "reason", words.HOLD_REASONS),
        is_open=show == OPEN,
    )
    return found, show


@require_safe
@desk("place_hold", "oversee")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Paused at"), _("Reason"), _("Note"), _("Product"), _("Where"), _("Batches"), _("Stalls and stores"),
              _("On hand, kg"), _("Decided by"), _("Lifted at"), _("Lifted by"), _("Why lifted")]  # fmt: skip
    found = list(asked_for(request)[0])
    batches = selectors.first_batches(found)
    rows = ([
        hold.placed_at, words.HOLD_REASONS[hold.reason], hold.note, *goods(batches.get(hold.pk)), hold.batches,
        hold.places, hold.on_hand_kg, hold.placed_by.name if hold.placed_by else "", hold.released_at,
        hold.released_by.name if hold.released_by else "", hold.release_note,
    ] for hold in found)  # fmt: skip
    return export.csv_response("holds.csv", header, rows)


def goods(batch: Batch | None) -> tuple[str, str]:
    return (batch.product.name, str(batch.place)) if batch else ("", "")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("place_hold")
def new(request: HttpRequest) -> HttpResponse:
    """The batch, then what a pause of it reaches, in numbers, and the reason."""
    text = asked(request, "batch")
    batch = batch_called(request.actor, text) if text else None
    if batch is None or not may(request.actor, "place_hold", place=batch.place):
        return render(request, "traceability/holds/choose.html", {"sought": text, "wrong": bool(text)})
    form = HoldForm(reasons_of(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        hold = place_hold(request.actor, batches=[batch], **form.cleaned_data)
        n = selectors.hold_for(request.actor, hold.pk).places
        said = ngettext("Sale is paused. %(n)d place is told.", "Sale is paused. %(n)d places are told.", n) % {"n": n}
        messages.warning(request, said)
        return see_other("hold", hold.pk)
    reach = selectors.reach_of([batch])
    numbers = {"kg": kg(reach.on_hand_kg), "n": reach.places}
    context = {
        "title": _("Pause the sale of %(product)s?") % {"product": batch.product.name},
        "text": _("%(place)s. From this moment neither this batch nor anything that came from it may be sold.")
        % {"place": batch.place},
        "tone": "bad",
        "consequences": [
            (_("On hand"), numbers["kg"]),
            (_("Batches"), reach.batches),
            (_("Stalls and stores that are told"), reach.places),
        ],
        "form": form,
        "submit": _("Pause %(kg)s, tell %(n)s") % numbers,
        "up": reverse("holds"),
    }
    return render(request, "registry/confirm.html", context, status=422 if form.errors else 200)


def reasons_of(request: HttpRequest) -> list[str]:
    """A positive test pauses by itself; a person pauses for the papers, or for whom he works."""
    officer = request.actor.has_role(Role.TOWN_OFFICER, Role.DISTRICT_OFFICER)
    return [Hold.Reason.PAPERS, Hold.Reason.OFFICER if officer else Hold.Reason.MARKET]


@require_safe
@desk("place_hold", "oversee")
def hold(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    return hold_page(request, selectors.hold_for(request.actor, hold_id), ReleaseForm())


def hold_page(request: HttpRequest, found: Hold, form: ReleaseForm) -> HttpResponse:
    items = page_of(request, selectors.items_for(request.actor, found))
    context = {
        "hold": found,
        "page": items,
        "seen": items.paginator.count,
        "form": form,
        "may_release": selectors.may_release(request.actor, found),
    }
    return render(request, "traceability/holds/hold.html", context, status=422 if form.errors else 200)


@require_POST
@desk("release_hold")
def release(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    """An officer lifts one pause; a batch under another one stays paused."""
    found = selectors.hold_for(request.actor, hold_id)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            release_hold(request.actor, hold=found, **form.cleaned_data)
        except AlreadyReleased:
            messages.info(request, _("This pause has already been lifted."))
            return see_other("hold", found.pk)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The pause is lifted. Everybody who holds the goods is told."))
            return see_other("hold", found.pk)
    return hold_page(request, found, form)
