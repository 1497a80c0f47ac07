from django.urls import path

from traceability.api import devices

urlpatterns = [
    path("device/time", devices.TimeView.as_view(), name="device_time"),
    path("device/delta", devices.DeltaView.as_view(), name="device_delta"),
    path("device/codes", devices.CodesView.as_view(), name="device_codes"),
    path("device/sales", devices.SalesView.as_view(), name="device_sales"),
]
