"""Pages every signed-in person may open."""

from django.urls import path

from traceability.web import opening

urlpatterns = [
    path("desk/open/<str:token>", opening.open_code, name="open"),
    path("desk/scan", opening.scan, name="scan"),
]
