from traceability.api.urls_devices import urlpatterns as devices
from traceability.api.urls_people import urlpatterns as people

urlpatterns = [*people, *devices]
