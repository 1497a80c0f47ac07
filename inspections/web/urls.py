from django.urls import path, re_path

from inspections.web import public
from inspections.web.urls_people import urlpatterns as people
from inspections.web.urls_publishing import urlpatterns as publishing

urlpatterns = [
    *people,
    *publishing,
    re_path(r"^d/(?P<token>[^/]+?)\.(?P<form>json)$", public.store, name="store_page_json"),
    path("d/<str:token>", public.store, name="store_page"),
]
