"""表格导入: the template, the file, what each row will become, and the rows that could not be taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kit import export
from kit.refusals import Invalid, NotFound
from kit.templatetags.show import kg
from registry.web.doors import add_refusal, desk, see_other
from traceability import sheets
from traceability.judging import Result
from traceability.models import SheetImport, TestPoint
from traceability.selectors.holds import reach_of
from traceability.selectors.points import points_for
from traceability.services.import_tests import judged, keep_sheet, record_sheet
from traceability.services.samples import may_test
from traceability.services.sheet_rows import Row

LATEST = 10


class SheetForm(forms.Form):
    point = forms.ChoiceField(label=gettext_lazy("Test point"))
    file = forms.FileField(label=gettext_lazy("The sheet"), help_text=gettext_lazy("CSV or Excel, 500 rows at most."))

    def __init__(self, points: list[TestPoint], *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        self.fields["point"].choices = [(pk, point.name) for pk, point in self.points.items()]


@dataclass(frozen=True)
class Report:
    """The rows of a sheet, sorted by what becomes of them."""

    rows: list[Row]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if row.good]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.why]

    @property
    def recorded(self) -> list[Row]:
        return [row for row in self.rows if row.test]

    @property
    def positives(self) -> list[Row]:
        return [row for row in self.good if row.verdict and row.verdict.result == Result.POSITIVE]


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def upload(request: HttpRequest) -> HttpResponse:
    """A file is read and shown row by row; nothing is recorded yet."""
    points = points_of(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SheetForm(points, *sent, initial={"point": request.GET.get("point", "")})
    if request.method == "POST" and form.is_valid():
        try:
            sheet = kept(request, form)
            return see_other("sheet", sheet.pk)
        except Invalid as refusal:
            add_refusal(form, refusal)
    latest = SheetImport.objects.filter(point__in=points).select_related("point", "sent_by").order_by("-sent_at")
    context = {"form": form, "points": points, "latest": latest[:LATEST]}
    return render(request, "traceability/tests/sheet_upload.html", context, status=422 if form.errors else 200)


def points_of(request: HttpRequest) -> list[TestPoint]:
    return [point for point in points_for(request.actor) if may_test(request.actor, point)]


def kept(request: HttpRequest, form: SheetForm) -> SheetImport:
    file, point = form.cleaned_data["file"], form.points[form.cleaned_data["point"]]
    content = file.read(sheets.MOST_BYTES + 1)
    rows = sheets.read_sheet(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return keep_sheet(request.actor, point=point, file_name=file.name, sha256=sha256, rows=rows)


@require_safe
@desk("record_test")
def template(request: HttpRequest, form: str) -> HttpResponse:
    """The empty sheet with one row that shows how."""
    if form == "xlsx":
        return export.xlsx_response("rapid-tests.xlsx", sheets.HEADER, [sheets.EXAMPLE], sheet="快检结果")
    return export.csv_response("rapid-tests.csv", sheets.HEADER, [sheets.EXAMPLE])


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """What each row will be recorded as, or why not; a press records the good ones."""
    found = sheet_for(request, sheet_id)
    if request.method == "POST":
        n = sum(row.fresh for row in record_sheet(request.actor, sheet=found))
        messages.success(request, ngettext("%(n)d row recorded.", "%(n)d rows recorded.", n) % {"n": n})
        return see_other("sheet", found.pk)
    report = Report(judged(request.actor, found))
    context = {"sheet": found, "report": report, "stops": stops(report), "columns": sheets.HEADER}
    return render(request, "traceability/tests/sheet.html", context)


def stops(report: Report) -> str:
    """What the positives of the sheet pause, in numbers."""
    if not report.positives:
        return ""
    batches = [row.batch for row in report.positives if row.batch]
    reach = reach_of(batches)
    return _("%(n)d positive: pauses up to %(kg)s in %(batches)d batches at %(places)d places.") % {
        "n": len(report.positives), "kg": kg(reach.on_hand_kg), "batches": reach.batches, "places": reach.places,
    }  # fmt: skip


@require_safe
@desk("record_test")
def bad_rows(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The rows that could not be taken, each with its reason, to be mended and sent again."""
    found = sheet_for(request, sheet_id)
    rows = ([*row.cells, row.why] for row in Report(judged(request.actor, found)).bad)
    return export.csv_response("rapid-tests-to-mend.csv", [*sheets.HEADER, "原因"], rows)


def sheet_for(request: HttpRequest, sheet_id: UUID) -> SheetImport:
    found = SheetImport.objects.filter(pk=sheet_id, point__in=points_for(request.actor).values("pk"))
    sheet = found.select_related("point__market", "point__place", "sent_by").first()
    if sheet is None or not may_test(request.actor, sheet.point):
        raise NotFound
    return sheet
