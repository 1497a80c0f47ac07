"""Device signatures: the published vectors, checked here by another hand than the one that signs."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.device_signing import Verdict, key_bytes, new_key, read_headers, sign, signed_headers, verify
from tests.traceability import device_vectors

PUBLISHED = json.loads(device_vectors.PATH.read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in PUBLISHED["cases"]}
EXPECTED = {
    "a sales message with Chinese text": "good",
    "a GET with a query and no body": "good",
    "a request for codes": "good",
    "readings of an instrument": "good",
    "one byte of a reading changed": "bad_signature",
    "signed with the previous key while both are valid": "good",
    "300 seconds ahead is still accepted": "good",
    "301 seconds ahead is refused": "clock_ahead",
    "300 seconds behind is in time": "good",
    "301 seconds behind is accepted and marked late": "late",
    "three days behind is accepted and marked late": "late",
    "another key": "bad_signature",
    "one byte of the body changed": "bad_signature",
    "another target": "bad_signature",
    "another query": "bad_signature",
    "another method": "bad_signature",
    "another sequence": "bad_signature",
    "another timestamp": "bad_signature",
    "a wrong signature is wrong whatever its time": "bad_signature",
    "a signature in upper case is not read": "missing_signature",
    "a sequence with a leading zero is not read": "missing_signature",
    "a timestamp with a fraction is not read": "missing_signature",
    "a device id in upper case is not read": "missing_signature",
}


def test_the_published_file_is_what_the_code_makes():
    assert device_vectors.PATH.read_text(encoding="utf-8") == device_vectors.text()


def test_the_verdicts_are_those_the_protocol_promises():
    assert {name: case["verdict"] for name, case in CASES.items()} == EXPECTED


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_platform_judges_every_published_message_as_published(case):
    verdict = device_vectors.judge(case["method"], case["target"], case["body"], case["headers"])
    assert verdict == case["verdict"]


@pytest.mark.parametrize(
    "name", [name for name, verdict in EXPECTED.items() if verdict in ("good", "late", "clock_ahead")]
)
def test_a_maker_following_the_text_alone_gets_the_same_signature(name):
    case = CASES[name]
    headers = case["headers"]
    text = "\n".join(
        [
            "SUN-DEVICE-1",
            case["method"],
            case["target"],
            hashlib.sha256(case["body"].encode()).hexdigest(),
            headers["Device-Id"],
            headers["Device-Sequence"],
            headers["Device-Timestamp"],
        ]
    )
    key = bytes.fromhex(case["signing_key"])
    assert text == case["signed_text"]
    assert hmac.digest(key, text.encode(), "sha256").hex() == case["signature"] == headers["Device-Signature"]


KEY = key_bytes(device_vectors.KEY)
PARTS = {"device": device_vectors.DEVICE, "sequence": 7, "timestamp": device_vectors.NOW}


def test_keys_are_random_and_read_back():
    assert new_key() != new_key()
    assert len(key_bytes(new_key())) == 32


@pytest.mark.parametrize("key", ["", "00" * 31, "FF" * 32, "zz" * 32, "00" * 33])
def test_a_key_that_is_not_one_is_refused(key):
    with pytest.raises(ValueError, match="64 lower-case hex"):
        key_bytes(key)


def test_a_device_without_any_valid_key_is_refused():
    headers = read_headers(signed_headers(KEY, "GET", "/", b"", **PARTS))
    assert verify([], "GET", "/", b"", headers, now=PARTS["timestamp"]) is Verdict.WRONG


@pytest.mark.parametrize("header", ["Device-Id", "Device-Sequence", "Device-Timestamp", "Device-Signature"])
@pytest.mark.parametrize("value", [None, "", " 7", "-1", "\uff17", "7\n", "1" * 17])
def test_headers_not_written_as_they_should_be_are_not_read(header, value):
    headers = signed_headers(KEY, "GET", "/", b"", **PARTS)
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    assert read_headers(headers) is None


def test_only_good_and_late_messages_are_let_in():
    assert [verdict for verdict in Verdict if verdict.accepted] == [Verdict.GOOD, Verdict.LATE]


MESSAGES = st.tuples(
    st.sampled_from(["GET", "POST"]),
    st.text("abc/?=&1", min_size=1, max_size=12),
    st.binary(max_size=40),
    st.integers(0, 10**15),
    st.integers(0, 10**10),
)


@given(MESSAGES, MESSAGES)
def test_two_messages_have_one_signature_only_if_they_are_the_same(first, second):
    def signature(message):
        method, target, body, sequence, timestamp = message
        return sign(KEY, method, target, body, device=device_vectors.DEVICE, sequence=sequence, timestamp=timestamp)

    assert (signature(first) == signature(second)) == (first == second)
