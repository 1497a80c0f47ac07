"""Every address of the platform, and one that answers a constant: what server and middleware cost by themselves."""

from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as platform

urlpatterns = [path("constant", lambda request: HttpResponse("constant")), *platform]
