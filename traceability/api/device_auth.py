"""Letting a machine in by the signature of its message (docs/device-api.md, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from kit import clock, ratelimit
from kit.addresses import client_address
from kit.device_signing import SCHEME, Verdict, key_bytes, new_key, read_headers, verify
from registry.models import Device

MAX_BODY = 256 * 1024
WRONG = ratelimit.Misses("device signature", limit=60, window=60)
_NOBODY = key_bytes(new_key())


class MissingSignature(exceptions.AuthenticationFailed):
    default_code = "missing_signature"
    default_detail = _("A device signs its messages with four headers.")


class BadSignature(exceptions.AuthenticationFailed):
    default_code = "bad_signature"
    default_detail = _("The signature is wrong, or there is no such device.")


class ClockAhead(exceptions.AuthenticationFailed):
    default_code = "clock_ahead"
    default_detail = _("The device's clock is ahead of the platform's. Ask for the time and sign again.")


class DeviceDisabled(exceptions.PermissionDenied):
    default_code = "device_disabled"
    default_detail = _("This device is switched off.")


class TooMany(exceptions.Throttled):
    default_code = "too_many_requests"


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("Send fewer sales at once.")


@dataclass(frozen=True)
class SignedMessage:
    """`request.auth` of a message from a device. `late`: it came long after it was signed."""

    device: Device
    sequence: int
    late: bool


class DeviceAuthentication(BaseAuthentication):
    """Sets `request.device`. Only wrong signatures are counted: a right one is always let in."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, SignedMessage]:
        plain = request._request
        if int(plain.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            raise TooLarge
        signed = read_headers(request.headers)
        if signed is None:
            raise MissingSignature
        now = clock.now()
        device = Device.objects.select_related("market", "place__market").filter(pk=signed.device).first()
        query = plain.META.get("QUERY_STRING", "")
        target = f"{plain.path}?{query}" if query else plain.path
        verdict = verify(keys_of(device, now), plain.method, target, plain.body, signed, now=int(now.timestamp()))
        if verdict == Verdict.WRONG:
            raise self.refusal(plain)
        if device.state != Device.State.ACTIVE:
            raise DeviceDisabled
        if verdict == Verdict.FUTURE:
            raise ClockAhead
        plain.device = device
        return AnonymousUser(), SignedMessage(device, signed.sequence, verdict == Verdict.LATE)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME

    @staticmethod
    def refusal(request) -> exceptions.APIException:
        address = client_address(request)
        if WRONG.blocked(address):
            return TooMany(wait=WRONG.window)
        WRONG.hit(address)
        return BadSignature()


class FromDevice(BasePermission):
    def has_permission(self, request, view) -> bool:
        return isinstance(request.auth, SignedMessage)


def keys_of(device: Device | None, now) -> list[bytes]:
    """The keys that are good now. Nobody's key for nobody's device, so that both cost the same."""
    if device is None:
        return [_NOBODY]
    keys = [device.key]
    if device.previous_key and device.previous_key_until and now < device.previous_key_until:
        keys.append(device.previous_key)
    return [key_bytes(key) for key in keys]


class SignatureScheme(OpenApiAuthenticationExtension):
    target_class = "traceability.api.device_auth.DeviceAuthentication"
    name = "signature"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        said = "HMAC-SHA256; with Device-Id, Device-Sequence and Device-Timestamp. See docs/device-api.md."
        return {"type": "apiKey", "in": "header", "name": "Device-Signature", "description": said}
