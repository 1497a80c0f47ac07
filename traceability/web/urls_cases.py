"""Positives: the list, one case, the page of each of its steps, its photos; the district's rules."""

from django.urls import path

from traceability.web import case_pages, cases, policies

STEPS = ("notify", "answer", "repeat", "clear", "seal", "lab", "dispose", "report", "resample", "close")

urlpatterns = [
    path("desk/cases", cases.index, name="cases"),
    path("desk/cases.csv", cases.export_csv, name="cases_export"),
    path("desk/cases/<uuid:case_id>", cases.case, name="case"),
    path("desk/cases/photos/<uuid:photo_id>", cases.photo, name="case_photo"),
    *(path(f"desk/cases/<uuid:case_id>/{step}", getattr(case_pages, step), name=f"case_{step}") for step in STEPS),
    path("desk/policies", policies.index, name="policies"),
    path("desk/policies/<str:name>", policies.policy, name="policy"),
]
