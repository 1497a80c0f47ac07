"""Scales: what they sent, and the one to try in the demo."""

from django.urls import path

from traceability.web import scales

urlpatterns = [
    path("desk/devices/<uuid:device_id>/messages", scales.sent, name="device_messages"),
]
