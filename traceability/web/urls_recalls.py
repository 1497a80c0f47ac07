"""Addresses of recalls and lineages."""

from django.urls import path

urlpatterns = [
    path("desk/recalls/<uuid:recall_id>/answer", lambda request, recall_id: None, name="recall_answer"),
    path("desk/recalls/asked/<uuid:request_id>", lambda request, request_id: None, name="recall_request"),
]
