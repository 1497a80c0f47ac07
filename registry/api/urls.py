from registry.api.urls_lookups import urlpatterns as lookups
from registry.api.urls_people import urlpatterns as people

urlpatterns = [*people, *lookups]
