"""Test points, their testers, instruments and kits."""

from django.urls import path

from traceability.web import kits, point_parts, points

POINT = "desk/points/<uuid:point_id>"

urlpatterns = [
    path("desk/points", points.index, name="points"),
    path("desk/points.csv", points.export_csv, name="points_export"),
    path("desk/points/new", points.new, name="point_new"),
    path("desk/points/kits", kits.index, name="kits"),
    path("desk/points/kits.csv", kits.export_csv, name="kits_export"),
    path("desk/points/kits/<uuid:kit_id>/used-up", kits.use_up, name="kit_used_up"),
    path("desk/points/kits/<uuid:kit_id>/discard", kits.discard, name="kit_discard"),
    path(POINT, points.point, name="point"),
    path(f"{POINT}/edit", points.edit, name="point_edit"),
    path(f"{POINT}/close", points.close, name="point_close"),
    path(f"{POINT}/staff/new", point_parts.add_staff, name="point_staff_new"),
    path(f"{POINT}/staff/<uuid:staff_id>/renew", point_parts.renew_staff, name="point_staff_renew"),
    path(f"{POINT}/staff/<uuid:staff_id>/end", point_parts.end_staff, name="point_staff_end"),
    path(f"{POINT}/instruments/new", point_parts.place_instrument, name="point_instrument_new"),
    path(f"{POINT}/instruments/<uuid:placed_id>/remove", point_parts.remove_instrument, name="point_instrument_remove"),
    path(f"{POINT}/kits/new", kits.receive, name="kit_new"),
]
