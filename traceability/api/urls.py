from traceability.api.urls_devices import urlpatterns as devices
from traceability.api.urls_instruments import urlpatterns as instruments
from traceability.api.urls_people import urlpatterns as people

urlpatterns = [*people, *devices, *instruments]
