"""样品标签: one, or those of a day, decoded before they are handed out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.refusals import NotFound
from registry.web.doors import desk
from registry.web.lists import asked
from traceability.models import Sample
from traceability.print import sample_labels as drawn
from traceability.print.forms import SampleLabel
from traceability.selectors.samples import sample_called, samples_for
from traceability.web.vouchers import as_file

MOST = 120


@require_safe
@desk("record_test", "oversee")
def one(request: HttpRequest, label: str, form: str) -> HttpResponse:
    """The label of one sample as PDF (50 x 30 mm), SVG or PNG."""
    sample = sample_called(request.actor, label)
    shown = label_of(sample)
    match form:
        case "svg":
            return as_file(drawn.label_svg(shown).encode(), "image/svg+xml", f"{sample.label}.svg", inline=True)
        case "png":
            return as_file(drawn.label_png(shown), "image/png", f"{sample.label}.png", inline=True)
    return as_file(drawn.labels_pdf([shown]), "application/pdf", f"{sample.label}.pdf", inline=True)


@require_safe
@desk("record_test")
def several(request: HttpRequest) -> HttpResponse:
    """The labels named by `?label=`, or all of a day's at a point: on A4 with `?sheet=1`, else one a page."""
    found = (
        samples_for(request.actor).filter(label__in=request.GET.getlist("label")[:MOST]).order_by("sampled_at", "id")
    )
    labels = [label_of(sample) for sample in found[:MOST]]
    if not labels:
        raise NotFound
    pdf = drawn.labels_a4_pdf(labels) if asked(request, "sheet") else drawn.labels_pdf(labels)
    return as_file(pdf, "application/pdf", "sample-labels.pdf", inline=True)


def label_of(sample: Sample) -> SampleLabel:
    place = sample.place
    return SampleLabel(
        product=sample.product.name,
        place=f"{place.stall_no} {place.name}".strip() if place else "",
        point=sample.point.name,
        sampled_at=sample.sampled_at,
        url=f"{settings.BASE_URL}/desk/samples/{sample.label}",
        typed_code=sample.label,
    )
