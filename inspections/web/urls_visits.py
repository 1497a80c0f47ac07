"""On site: the form of a visit, and the app that does it without network."""

from django.urls import path

from inspections.web import field, visit_finish, visit_items, visiting

VISIT = "desk/work/<uuid:claim_id>"

urlpatterns = [
    path("desk/field/", field.app, name="field_app"),
    path("desk/field/manifest.webmanifest", field.manifest, name="field_manifest"),
    path("desk/field/sw.js", field.worker, name="field_worker"),
    path("desk/work/photos/<uuid:photo_id>", visit_finish.photo, name="visit_photo"),
    path(VISIT, visiting.index, name="visit"),
    path(f"{VISIT}/arrive", visiting.arrive, name="visit_arrive"),
    path(f"{VISIT}/unseen", visiting.unseen, name="visit_unseen"),
    path(f"{VISIT}/items", visit_items.listed, name="visit_list"),
    path(f"{VISIT}/items/<str:code>", visit_items.item, name="visit_item"),
    path(f"{VISIT}/promotion", visit_items.promotion, name="visit_promotion"),
    path(f"{VISIT}/photos", visit_finish.add, name="visit_photo_add"),
    path(f"{VISIT}/photos/drop", visit_items.drop_photo, name="visit_photo_drop"),
    path(f"{VISIT}/finish", visit_finish.finish, name="visit_finish"),
]
