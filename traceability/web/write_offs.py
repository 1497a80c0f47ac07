"""下架 · 销毁 · 退回 · 损耗: kilos that leave other than by a sale, and the correction of such an entry."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kit import clock
from kit.refusals import Invalid, NotFound
from kit.templatetags.show import kg
from registry.permissions import may
from registry.roles import BUSINESS_ROLES
from registry.web.doors import KeyedForm, add_refusal, desk, see_other
from traceability.models import Batch, HoldItem, StockMove
from traceability.refusals import NotEnough
from traceability.selectors.days import trade_day_at
from traceability.services.write_off import write_off as services_write_off
from traceability.web import words
from traceability.web.forms_taking_in import plain


class WriteOffForm(KeyedForm):
    kind = forms.ChoiceField(label=gettext_lazy("What happened to the goods"), choices=words.MOVES.items())
    weight_kg = forms.DecimalField(
        label=gettext_lazy("How much"), max_digits=12, decimal_places=3, min_value=Decimal("0.001")
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)
    correction = forms.BooleanField(
        label=gettext_lazy("Take back an earlier entry"), required=False,
        help_text=gettext_lazy("These kilos were written off by mistake and are here again. Say why."),
    )  # fmt: skip

    def clean(self):
        if self.cleaned_data.get("correction") and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Say why the earlier entry was wrong."))
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
@desk("write_off")
def write_off(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    batch = own_batch(request, batch_id)
    form = WriteOffForm(request.POST or None, initial={"weight_kg": plain(batch.kg_on_hand)})
    if request.method == "POST" and form.is_valid() and (answered := written_off(request, form, batch)):
        return answered
    context = {
        "batch": batch,
        "form": form,
        "held": HoldItem.objects.filter(district_id=batch.district_id, batch=batch, released_at=None).exists(),
        "today": trade_day_at(batch.place, clock.now()),
        "kinds": [{"value": kind, "label": word} for kind, word in words.MOVES.items()],
        "moves": StockMove.objects.filter(district_id=batch.district_id, batch=batch)
        .select_related("moved_by")
        .order_by("-moved_at", "-id"),
    }
    return render(request, "traceability/place/write_off.html", context, status=422 if form.errors else 200)


def own_batch(request: HttpRequest, batch_id: uuid.UUID) -> Batch:
    """A batch at a place of this person's; whoever only sees it does not write it off."""
    found = (
        Batch.objects.visible_to(request.actor)
        .select_related("place__market", "product", "origin_region")
        .filter(pk=batch_id)
        .first()
    )
    own = {(scope.place_id, scope.organisation_id) for scope in request.actor.with_role(*BUSINESS_ROLES)}
    if found is None or (found.place_id, found.organisation_id) not in own:
        raise NotFound
    return found


def written_off(request: HttpRequest, form: WriteOffForm, batch: Batch) -> HttpResponse | None:
    data = form.cleaned_data
    weight_kg = -data["weight_kg"] if data["correction"] else data["weight_kg"]
    try:
        made = services_write_off(
            request.actor, batch=batch, kind=data["kind"], weight_kg=weight_kg, reason=data["reason"],
            client_key=data["client_key"],
        )  # fmt: skip
    except NotEnough:
        batch.refresh_from_db()
        what = _("Not that much was written off as this.") if data["correction"] else _("Only %(kg)s are left.")
        form.add_error("weight_kg", what % {"kg": kg(batch.kg_on_hand)})
        return None
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    said = _("Entered: %(kind)s, %(kg)s.") % {"kind": words.MOVES[made.kind], "kg": kg(made.weight_kg)}
    messages.success(request, said, extra_tags=f"draft:write-off-{batch.pk}")
    return see_other("batches" if may(request.actor, "sell", place=batch.place) else "on_sale")
