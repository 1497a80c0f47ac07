"""The API's own description: the OpenAPI document, a page to read it, and an answer for wrong addresses.

Open to everybody in the demo, elsewhere to people who are signed in: it tells what the platform can do.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.openapi_reader import read_document
from kit.refusals import NotFound
from registry.api.auth import SignedIn


class DemoOrSignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return settings.DEMO or SignedIn().has_permission(request, view)


class SchemaView(SpectacularAPIView):
    permission_classes = [DemoOrSignedIn]


class AnyType(DefaultContentNegotiation):
    """A page for a browser, whatever it accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@extend_schema(exclude=True)
class DocsView(APIView):
    permission_classes = [DemoOrSignedIn]
    content_negotiation_class = AnyType

    def get(self, request: Request):
        document = SchemaGenerator().get_schema(public=True)
        return render(request._request, "api/docs.html", {"api": read_document(document)})


@extend_schema(exclude=True)
class NoSuchAddress(APIView):
    """Says so in the API's own words, whatever was sent."""

    authentication_classes: list = []
    permission_classes: list = []
    content_negotiation_class = AnyType

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        self.args, self.kwargs, self.headers = args, kwargs, {}
        request = self.request = self.initialize_request(request)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request, force=True)
        return self.finalize_response(request, self.handle_exception(NotFound()))
