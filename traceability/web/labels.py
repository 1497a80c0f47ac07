"""批次标签: seen before it is printed; every print is in the goods ledger."""

from __future__ import annotations

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.permissions import require
from registry.web.doors import desk
from registry.web.lists import carried_out
from traceability.models import Batch
from traceability.print import labels
from traceability.print.forms import BatchLabel
from traceability.selectors.prints import label_of
from traceability.selectors.stock import batch_for
from traceability.services.labels import MOST, note_print
from traceability.web.vouchers import as_file

SHEET = 21
FORMS = {
    "pdf": _("Label printer, 60 x 40 mm (PDF)"),
    "a4": _("A4 sheets, 21 labels each (PDF)"),
    "png": _("One picture (PNG)"),
    "svg": _("One drawing (SVG)"),
}


class LabelForm(forms.Form):
    copies = forms.IntegerField(label=_("How many labels"), min_value=1, max_value=MOST, initial=1)
    form = forms.ChoiceField(label=_("For"), choices=FORMS.items(), widget=forms.RadioSelect, initial="pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("print_labels")
def label(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """How the label looks, how many, on what; then the file."""
    batch = printable(request, batch_id)
    form = LabelForm(request.POST if request.method == "POST" else None)
    file = carried_out(form, lambda data: made(request, batch, **data))
    if file:
        return file
    context = {"batch": batch, "form": form, "sheet": SHEET}
    return render(request, "traceability/wholesale/label.html", context, status=422 if form.errors else 200)


def made(request: HttpRequest, batch: Batch, copies: int, form: str) -> HttpResponse:
    """The file, decoded before it is offered; a picture is one label, whatever the number."""
    drawn, copies = label_of(batch), 1 if form in ("png", "svg") else copies
    content, content_type, ending = drawn_as(drawn, form, copies)
    note_print(request.actor, batch=batch, copies=copies, form=form)
    return as_file(content, content_type, f"label-{batch.typed_code}.{ending}", inline=ending == "pdf")


def drawn_as(label: BatchLabel, form: str, copies: int) -> tuple[bytes, str, str]:
    match form:
        case "png":
            return labels.label_png(label), "image/png", "png"
        case "svg":
            return labels.label_svg(label).encode(), "image/svg+xml", "svg"
        case "a4":
            return labels.labels_a4_pdf([label] * copies), "application/pdf", "pdf"
    return labels.labels_pdf([label] * copies), "application/pdf", "pdf"


@require_safe
@desk("print_labels")
def preview(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """The label as a picture on the page; looking is not printing."""
    return HttpResponse(labels.label_svg(label_of(printable(request, batch_id))), content_type="image/svg+xml")


def printable(request: HttpRequest, batch_id: uuid.UUID) -> Batch:
    batch = batch_for(request.actor, batch_id)
    require(request.actor, "print_labels", place=batch.place)
    return batch
