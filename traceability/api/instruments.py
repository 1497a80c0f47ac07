"""Instruments of the DY family upload here, in that family's own words: code 0 to 3 and a message (docs/device-api.md).

They cannot sign. An instrument is let in by HTTP Basic: its id and its key, which many of them can only keep as
part of the address. A DY answer always comes with status 200, except where nobody was let in.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from http import HTTPStatus
from uuid import UUID

import structlog
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kit import clock, jsonsafe, ratelimit
from kit.addresses import client_address
from registry.models import Device
from traceability.instrument_message import Unreadable, read_dy
from traceability.services.instrument_readings import DIFFERENT, KEPT, Answer, receive_readings

OK, BAD_PARAMETER, BAD_JSON, FAILED = range(4)
MAX_BODY = 256 * 1024
WRONG = ratelimit.Misses("instrument-key", limit=60, window=60)
_NOBODY = "0" * 64
log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """One message. Everything readable in it is kept; sent again, it is answered the same and kept once."""
    address = client_address(request)
    if WRONG.blocked(address):
        return _said(BAD_PARAMETER, "too many wrong keys, wait a minute", HTTPStatus.TOO_MANY_REQUESTS)
    device = let_in(request.headers.get("Authorization", ""))
    if device is None:
        WRONG.hit(address)
        answer = _said(BAD_PARAMETER, "unknown instrument or wrong key", HTTPStatus.UNAUTHORIZED)
        answer["WWW-Authenticate"] = 'Basic realm="instruments", charset="UTF-8"'
        return answer
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        return _said(BAD_PARAMETER, f"a message has at most {MAX_BODY} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _received(device, request.body)


def let_in(authorization: str) -> Device | None:
    """The active instrument whose id and key these are; the same time for a wrong key and for nobody's id."""
    scheme, _space, encoded = authorization.partition(" ")
    try:
        name, _colon, key = base64.b64decode(encoded, validate=True).decode().partition(":")
        pk = UUID(name)
    except (binascii.Error, ValueError):
        scheme, pk, key = "", UUID(int=0), ""
    device = Device.objects.filter(pk=pk, kind=Device.Kind.INSTRUMENT).first()
    matches = [hmac.compare_digest(key.encode(), each.encode()) for each in _keys(device)]
    fits = any(matches)
    return device if scheme.lower() == "basic" and fits and device and device.state == Device.State.ACTIVE else None


def _keys(device):
    if device is None:
        return [_NOBODY]
    within = device.previous_key_until and clock.now() < device.previous_key_until
    return [device.key, device.previous_key] if device.previous_key and within else [device.key]


def _received(device: Device, body: bytes) -> JsonResponse:
    try:
        message = jsonsafe.read(body)
    except jsonsafe.BadJson as why:
        return _said(BAD_JSON, f"the body is not JSON ({why.data['reason']})")
    try:
        named, readings = read_dy(message)
    except Unreadable as why:
        return _said(BAD_PARAMETER, f"missing or wrong: {why.field}")
    if named not in (str(device.pk), device.serial_no):
        return _said(BAD_PARAMETER, "missing or wrong: deviceid")
    try:
        answers = receive_readings(device, readings=readings)
    except Exception:
        log.exception("instrument message not processed", device=str(device.pk))
        return _said(FAILED, "not processed, send it again")
    return _summed_up(answers)


def _summed_up(answers: list[Answer]) -> JsonResponse:
    different = [answer.system_code for answer in answers if answer.result == DIFFERENT]
    if different:
        return _said(FAILED, f"known with other content, kept for a person: {', '.join(different[:5])}")
    waiting = sum(answer.result == KEPT for answer in answers)
    return _said(OK, f"{len(answers)} received" + (f", {waiting} to be tied to a sample" if waiting else ""))


def _said(code: int, message: str, status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
