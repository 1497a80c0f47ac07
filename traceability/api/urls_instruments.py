from django.urls import path

from traceability.api import device_readings, instruments

urlpatterns = [
    path("device/readings", device_readings.ReadingsView.as_view(), name="device_readings"),
    path("instruments/dy", instruments.upload, name="instrument_dy"),
]
