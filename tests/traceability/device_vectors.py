"""The published test vectors of the device signature: `python -m tests.traceability.device_vectors` writes them."""

import hashlib
import json
from pathlib import Path

from kit.device_signing import SCHEME, canonical, key_bytes, read_headers, sign, signed_headers, verify

PATH = Path(__file__).resolve().parents[2] / "docs" / "device-api-vectors.json"
KEY = bytes(range(32)).hex()
PREVIOUS_KEY = bytes(range(32, 64)).hex()
DEVICE = "0192f0c1-7d3a-7c55-8e21-5a0b6c9d1e2f"
NOW = 1795297212
SALES = (
    '{"sales":[{"sequence":1207,"token":"0S9ZK4T1M8QX7A2CN","typed_code":"7K2M9QXA4M",'
    '"sold_at":"2026-11-22T05:40:12+08:00","offline":true,"cursor":"MTc5NTI5NzIxMg",'
    '"seller_place":"3JD8Q5W0RV6B1TXNM","buyer":{"walk_in":{"name":"张记","phone":"13800138000"}},'
    '"lines":[{"button":3,"weight_kg":"25.40","unit_price_fen":650,"amount_fen":16510}]}]}'
)
SALE = {"method": "POST", "target": "/api/v1/device/sales", "body": SALES, "sequence": 1207}
DELTA = {"method": "GET", "target": "/api/v1/device/delta?since=MTc5NTI5NzIxMg", "body": "", "sequence": 0}
READINGS = (
    '{"sequence":412,"readings":[{"system_code":"R-00000412","item":"PEST_ENZ","sample":"7K2M9QXA4M","value":"12.5",'
    '"unit":"%","text":"阴性","tested_at":"2026-11-22T05:40:12+08:00","username":"tester1"}]}'
)
READING = {"method": "POST", "target": "/api/v1/device/readings", "body": READINGS, "sequence": 412}
CODES = {"method": "POST", "target": "/api/v1/device/codes", "body": '{"sequence":1208,"count":200}', "sequence": 1208}


def build() -> dict:
    return {
        "scheme": SCHEME,
        "key": KEY,
        "previous_key": PREVIOUS_KEY,
        "cases": [
            _case("a sales message with Chinese text", SALE),
            _case("a GET with a query and no body", DELTA),
            _case("a request for codes", CODES),
            _case("readings of an instrument", READING),
            _case("one byte of a reading changed", READING, sent={"body": READINGS.replace("12.5", "52.5")}),
            _case("signed with the previous key while both are valid", SALE, key=PREVIOUS_KEY),
            _case("300 seconds ahead is still accepted", SALE, age=-300),
            _case("301 seconds ahead is refused", SALE, age=-301),
            _case("300 seconds behind is in time", SALE, age=300),
            _case("301 seconds behind is accepted and marked late", SALE, age=301),
            _case("three days behind is accepted and marked late", SALE, age=259200),
            _case("another key", SALE, key="ff" * 32),
            _case("one byte of the body changed", SALE, sent={"body": SALES.replace("25.40", "25.41")}),
            _case("another target", SALE, sent={"target": "/api/v1/device/sales/"}),
            _case("another query", DELTA, sent={"target": "/api/v1/device/delta"}),
            _case("another method", SALE, sent={"method": "PUT"}),
            _case("another sequence", SALE, sent={"sequence": 1208}),
            _case("another timestamp", SALE, sent={"timestamp": NOW + 1}),
            _case("a wrong signature is wrong whatever its time", SALE, key="ff" * 32, age=-301),
            _case("a signature in upper case is not read", SALE, headers={"Device-Signature": str.upper}),
            _case("a sequence with a leading zero is not read", SALE, headers={"Device-Sequence": "0{}".format}),
            _case("a timestamp with a fraction is not read", SALE, headers={"Device-Timestamp": "{}.0".format}),
            _case("a device id in upper case is not read", SALE, headers={"Device-Id": str.upper}),
        ],
    }


def _case(name, signed, *, key=KEY, age=0, sent=None, headers=None):
    """One message as it arrives: signed as `signed`, then changed by `sent` and `headers`."""
    signed = {"timestamp": NOW - age, **signed}
    arrived = {**signed, **(sent or {})}
    parts = {"device": DEVICE, "sequence": signed["sequence"], "timestamp": signed["timestamp"]}
    message = (signed["method"], signed["target"], signed["body"].encode())
    carried = signed_headers(key_bytes(key), *message, **parts)
    carried |= {"Device-Sequence": str(arrived["sequence"]), "Device-Timestamp": str(arrived["timestamp"])}
    carried |= {header: change(carried[header]) for header, change in (headers or {}).items()}
    return {
        "name": name,
        "method": arrived["method"],
        "target": arrived["target"],
        "body": arrived["body"],
        "headers": carried,
        "now": NOW,
        "signing_key": key,
        "signed_text": canonical(*message, **parts).decode(),
        "signature": sign(key_bytes(key), *message, **parts),
        "body_sha256": hashlib.sha256(signed["body"].encode()).hexdigest(),
        "verdict": judge(arrived["method"], arrived["target"], arrived["body"], carried),
    }


def judge(method, target, body, headers) -> str:
    """What the platform says of a message: a verdict, or `missing_signature` when its headers cannot be read."""
    signed = read_headers(headers)
    if signed is None:
        return "missing_signature"
    keys = [key_bytes(KEY), key_bytes(PREVIOUS_KEY)]
    return verify(keys, method, target, body.encode(), signed, now=NOW)


def text() -> str:
    return json.dumps(build(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
