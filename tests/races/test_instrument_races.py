"""Instruments that upload at the same moment: every system code one test, however often it is sent.

The race has its control beside it. `FULL=1` plays the morning of a whole district: 40 instruments, 200 messages each.
"""

import contextlib
import os
import random
import threading

import pytest

from tests.kit.together import together
from tests.traceability.instruments import detail, enzyme_item, instrument_at, message, sample_of, upload
from traceability.models import InstrumentReading, RapidTest
from traceability.services import instrument_readings

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
CLIENTS, MESSAGES = (40, 200) if os.environ.get("FULL") == "1" else (8, 6)
SENT_AGAIN = 0.3


@pytest.fixture
def sample():
    enzyme_item()
    return sample_of()


def one_code_many_times(sample):
    device = instrument_at(sample.point)
    body = message(device, detail("A1", sample.label))
    return [answer.json()["code"] for answer in together(*[lambda: upload(device, body)] * THREADS)]


def test_one_system_code_uploaded_by_many_at_once_is_one_test(sample):
    assert one_code_many_times(sample) == [0] * THREADS
    assert RapidTest.objects.count() == InstrumentReading.objects.count() == 1


def test_control_without_the_lock_the_others_fail(sample, monkeypatch):
    ready = threading.Barrier(THREADS, timeout=20)

    def all_at_once(_key):
        with contextlib.suppress(threading.BrokenBarrierError):
            ready.wait()

    monkeypatch.setattr(instrument_readings.locks, "one_request", all_at_once)
    assert 3 in one_code_many_times(sample)
    assert RapidTest.objects.count() == 1, "the constraint holds even then"


def test_a_whole_morning_loses_nothing_and_counts_nothing_twice():
    """Every instrument at a point of its own; a third of the messages is sent twice."""
    enzyme_item()
    dice = random.Random(7)
    samples = [sample_of() for _ in range(CLIENTS)]

    def morning(sample):
        device = instrument_at(sample.point)
        twice = [dice.random() < SENT_AGAIN for _ in range(MESSAGES)]

        def run():
            answers = []
            for number in range(MESSAGES):
                body = message(device, detail(f"{device.pk}-{number}", sample.label, 10 + number % 30))
                answers += [upload(device, body).json()["code"] for _ in range(1 + twice[number])]
            return answers

        return run

    answers = together(*(morning(sample) for sample in samples))
    assert {code for each in answers for code in each} == {0}
    assert RapidTest.objects.count() == CLIENTS * MESSAGES
    assert InstrumentReading.objects.filter(problem="").count() == CLIENTS * MESSAGES
