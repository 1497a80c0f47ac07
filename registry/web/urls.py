"""The registry's pages: people and their desk, places and what stands in them."""

from registry.web.urls_people import urlpatterns as people
from registry.web.urls_places import urlpatterns as places

urlpatterns = [*people, *places]
