"""Signatures of messages from machines: scales, instruments, label printers.

A message is signed with HMAC-SHA256 over seven lines, joined by single line feeds, none at the end:

    SUN-DEVICE-1
    POST                                  method, upper case
    /api/v1/device/sales                  request target as sent, with its query
    e3b0c442…                             SHA-256 of the body, lower-case hex
    0192f0c1-…                            device id, lower-case UUID with hyphens
    1207                                  sequence, decimal
    1795297212                            timestamp, Unix seconds

The signature travels as lower-case hex. The published test vectors are in docs/device-api-vectors.json.

Time is judged only for a message whose signature is right. One from the future by more than five minutes is
refused: the device's clock is wrong and it can ask for the time. One from the past is taken and
marked late: a scale may have been without network for days. Replays are harmless because facts are stored
once by device and sequence.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SCHEME = "SUN-DEVICE-1"
KEY_BYTES = 32
FUTURE_SECONDS = 300
LATE_SECONDS = 300

DEVICE_HEADER = "Device-Id"
SEQUENCE_HEADER = "Device-Sequence"
TIMESTAMP_HEADER = "Device-Timestamp"
SIGNATURE_HEADER = "Device-Signature"

_DEVICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{64}")


class Verdict(StrEnum):
    """What a signature check says. Only GOOD and LATE let a message in."""

    GOOD = "good"
    LATE = "late"
    FUTURE = "clock_ahead"
    WRONG = "bad_signature"

    @property
    def accepted(self) -> bool:
        return self in (Verdict.GOOD, Verdict.LATE)


@dataclass(frozen=True)
class SignedHeaders:
    """The four headers, read. `timestamp` is in Unix seconds."""

    device: str
    sequence: int
    timestamp: int
    signature: str


def new_key() -> str:
    """A device's secret: 256 random bits as 64 hex digits."""
    return secrets.token_hex(KEY_BYTES)


def key_bytes(key: str) -> bytes:
    """The bytes of a key as it is handed out. Raises ValueError."""
    if not _KEY.fullmatch(key):
        raise ValueError("a device key is 64 lower-case hex digits")
    return bytes.fromhex(key)


def canonical(method: str, target: str, body: bytes, *, device: str, sequence: int, timestamp: int) -> bytes:
    """The bytes that are signed."""
    digest = hashlib.sha256(body).hexdigest()
    return "\n".join((SCHEME, method.upper(), target, digest, device, str(sequence), str(timestamp))).encode()


def sign(key: bytes, method: str, target: str, body: bytes, *, device: str, sequence: int, timestamp: int) -> str:
    """The signature, 64 lower-case hex digits."""
    message = canonical(method, target, body, device=device, sequence=sequence, timestamp=timestamp)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def signed_headers(
    key: bytes, method: str, target: str, body: bytes, *, device: str, sequence: int, timestamp: int
) -> dict[str, str]:
    """The four headers a device sends with a message."""
    return {
        DEVICE_HEADER: device,
        SEQUENCE_HEADER: str(sequence),
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: sign(key, method, target, body, device=device, sequence=sequence, timestamp=timestamp),
    }


def read_headers(headers: Mapping[str, str]) -> SignedHeaders | None:
    """The four headers, or None when one is missing or not written as it should be."""
    device = headers.get(DEVICE_HEADER, "")
    sequence = headers.get(SEQUENCE_HEADER, "")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    signature = headers.get(SIGNATURE_HEADER, "")
    if not (
        _DEVICE.fullmatch(device)
        and _NUMBER.fullmatch(sequence)
        and _NUMBER.fullmatch(timestamp)
        and _SIGNATURE.fullmatch(signature)
    ):
        return None
    return SignedHeaders(device, int(sequence), int(timestamp), signature)


def verify(keys: Sequence[bytes], method: str, target: str, body: bytes, signed: SignedHeaders, *, now: int) -> Verdict:
    """Judge a message against every key the device may use now (the present one, and while a new key is
    being loaded the one before). `now` is in Unix seconds. Takes the same time whichever key fits, or none."""
    matches = [
        hmac.compare_digest(
            sign(
                key,
                method,
                target,
                body,
                device=signed.device,
                sequence=signed.sequence,
                timestamp=signed.timestamp,
            ),
            signed.signature,
        )
        for key in keys
    ]
    if not any(matches):
        return Verdict.WRONG
    if signed.timestamp - now > FUTURE_SECONDS:
        return Verdict.FUTURE
    return Verdict.LATE if now - signed.timestamp > LATE_SECONDS else Verdict.GOOD
