"""Addresses of recording: samples, a morning's results, sheets, instruments' readings."""

from django.urls import path, re_path

from traceability.web import morning, readings, sample_labels, samples, samples_new, sheet_imports

LABEL = "desk/samples/<str:label>"

urlpatterns = [
    path("desk/samples", samples.index, name="samples"),
    path("desk/samples.csv", samples.export_csv, name="samples_export"),
    path("desk/samples/new", samples_new.new, name="sample_new"),
    path("desk/samples/labels.pdf", sample_labels.several, name="sample_labels"),
    path(LABEL, samples.sample, name="sample"),
    path(f"{LABEL}/test", samples.test, name="sample_test"),
    re_path(r"^desk/samples/(?P<label>[^/]+)/label\.(?P<form>pdf|svg|png)$", sample_labels.one, name="sample_label"),
    path("desk/tests/<uuid:test_id>/strip", samples.strip, name="strip_photo"),
    path("desk/tests/morning", morning.morning, name="morning"),
    path("desk/tests/morning/<str:label>", morning.row, name="morning_row"),
    path("desk/tests/sheets", sheet_imports.upload, name="sheet_import"),
    re_path(r"^desk/tests/sheets/template\.(?P<form>csv|xlsx)$", sheet_imports.template, name="sheet_template"),
    path("desk/tests/sheets/<uuid:sheet_id>", sheet_imports.sheet, name="sheet"),
    path("desk/tests/sheets/<uuid:sheet_id>/bad.csv", sheet_imports.bad_rows, name="sheet_bad_rows"),
    path("desk/readings", readings.index, name="readings"),
    path("desk/readings.csv", readings.export_csv, name="readings_export"),
    path("desk/readings/<uuid:reading_id>", readings.reading, name="reading"),
    path("desk/readings/<uuid:reading_id>/aside", readings.aside, name="reading_aside"),
]
