"""Addresses that exist only for the tests, in front of the platform's own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from rest_framework import exceptions, permissions
from rest_framework.response import Response
from rest_framework.views import APIView

from config.urls import urlpatterns as platform
from kit import outbox
from kit.drf import IdempotentCreateMixin
from kit.refusals import Conflict, Invalid, NotAllowed, NotFound


class SoldOut(Conflict):
    code = "sold_out"
    message = "Only %(left)s kg are left."


FAILURES = {
    "not-allowed": lambda: NotAllowed(),
    "not-found": lambda: NotFound(),
    "sold-out": lambda: SoldOut(left=3),
    "invalid": lambda: Invalid(
        fields={"weight_kg": ["Say how many kilograms.", "Use digits."], "product": "Choose one."}
    ),
    "http404": Http404,
    "denied": PermissionDenied,
    "throttled": lambda: exceptions.Throttled(wait=7.2),
    "field": lambda: exceptions.ValidationError({"kg": ["A valid number is required."]}),
    "list": lambda: exceptions.ValidationError(["Not like this."]),
    "broken": ZeroDivisionError,
}


def refuse(request, kind):
    raise FAILURES[kind]()


class Open(APIView):
    permission_classes = [permissions.AllowAny]
    authentication_classes = []


class Fail(Open):
    def get(self, request, kind):
        raise FAILURES[kind]()


class Echo(Open):
    def post(self, request):
        return Response({"got": request.data})


class Once(IdempotentCreateMixin, Open):
    def actor_key(self, request):
        return "device:7"

    def create(self, request):
        job = outbox.enqueue("test.effect")
        if request.data.get("refuse"):
            raise SoldOut(left=3)
        return Response({"id": job.id}, status=201)


urlpatterns = [
    path("page/<kind>", refuse),
    path("api/v1/plain/<kind>", refuse),
    path("api/v1/fail/<kind>", Fail.as_view()),
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/once", Once.as_view()),
    *platform,
]
