from traceability.api.urls_devices import urlpatterns as devices

urlpatterns = [*devices]
