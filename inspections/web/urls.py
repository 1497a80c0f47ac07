from django.urls import path, re_path

from inspections.web import public
from inspections.web.urls_grabbing import urlpatterns as grabbing
from inspections.web.urls_people import urlpatterns as people
from inspections.web.urls_publishing import urlpatterns as publishing
from inspections.web.urls_visits import urlpatterns as visits

urlpatterns = [
    *people,
    *publishing,
    *grabbing,
    *visits,
    re_path(r"^d/(?P<token>[^/]+?)\.(?P<form>json)$", public.store, name="store_page_json"),
    path("d/<str:token>", public.store, name="store_page"),
]
