"""Test items, methods and limits."""

from django.urls import path

from traceability.web import standards, standards_try

urlpatterns = [
    path("desk/standards", standards.index, name="standards"),
    path("desk/standards.csv", standards.export_csv, name="standards_export"),
    path("desk/standards/new", standards.new_item, name="standard_new"),
    path("desk/standards/try", standards_try.reading, name="standards_try"),
    path("desk/standards/<slug:code>", standards.item, name="standard"),
    path("desk/standards/<slug:code>/edit", standards.edit_item, name="standard_edit"),
    path("desk/standards/<slug:code>/methods/new", standards.new_method, name="standard_method_new"),
    path(
        "desk/standards/<slug:code>/methods/<uuid:version_id>/end", standards.retire_method, name="standard_method_end"
    ),
    path("desk/standards/<slug:code>/limits/new", standards.new_limit, name="standard_limit_new"),
    path("desk/standards/<slug:code>/limits/<uuid:version_id>/end", standards.retire_limit, name="standard_limit_end"),
]
