"""What every API view shares: strict JSON, RFC 9457 problems, idempotent POST, cursor pages."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, pagination, parsers
from rest_framework.request import Request
from rest_framework.response import Response

from kit import idempotency, jsonsafe, problems
from kit.refusals import Refusal

IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
CHARSETS = {"utf-8", "utf8", "us-ascii"}


class TooBig(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("What was sent is too big.")
    default_code = "too_big"


class KeyNeeded(exceptions.APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_detail = _("Send an Idempotency-Key header with every POST.")
    default_code = "idempotency_key_needed"


class StrictJSONParser(parsers.JSONParser):
    """UTF-8 JSON of at most 1 MB, 32 levels deep, without NaN, infinity or duplicate keys."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        _type, parameters = parse_header_parameters(media_type or "")
        if parameters.get("charset", "utf-8").lower() not in CHARSETS:
            raise exceptions.ParseError(_("JSON is sent as UTF-8."), code="bad_json")
        try:
            return jsonsafe.read(stream.read(jsonsafe.MAX_BYTES + 1))
        except jsonsafe.BadJson as error:
            if error.data["reason"] == "size":
                raise TooBig from error
            raise exceptions.ParseError(f"{error.message} ({error.data['reason']})", code=error.code) from error


class CursorPagination(pagination.CursorPagination):
    """Newest first by id, which is in order of time; `?limit=` up to 200."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200


class IdempotentCreateMixin:
    """For an APIView whose POST runs once for each actor, path and `Idempotency-Key`.

    The view implements `create`, and `actor_key` where the caller is not an account.
    """

    def actor_key(self, request: Request) -> str:
        return f"account:{request.user.pk}"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(IDEMPOTENCY_HEADER)
        if not key:
            raise KeyNeeded

        def answer() -> idempotency.Answer:
            response = self.create(request, *args, **kwargs)
            return idempotency.Answer(response.status_code, response.data)

        found = idempotency.once(self.actor_key(request), request.path, key, content(request), answer)
        return Response(found.data, status=found.status, headers={REPLAYED_HEADER: "true"} if found.replayed else None)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotImplementedError


def content(request: Request) -> bytes:
    """What a request says, however it was wrapped: equal content, equal bytes."""
    data = request.data
    if hasattr(data, "lists"):
        data = {name: [_digest(each) for each in values] for name, values in data.lists()}
    return jsonsafe.canonical(data)


def _digest(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return {"sha256": digest.hexdigest()}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Every way in which an API call fails, as an RFC 9457 problem."""
    if isinstance(error, Refusal):
        return _problem(problems.document(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, TOO_BIG):
        error = TooBig()
    if not isinstance(error, exceptions.APIException):
        return None
    return _problem(_document(error), _headers(error))


def _document(error: exceptions.APIException) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": int(error.status_code),
        **_details(error),
        **problems.request_id(),
    }


def _details(error: exceptions.APIException) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        return {"code": error.get_codes(), "detail": str(error.detail)}
    fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    return {"code": "invalid", "detail": str(_("What was sent cannot be accepted.")), "fields": fields}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _problem(document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(document, status=document["status"], headers=headers, content_type=problems.MEDIA_TYPE)
