"""The demo's instrument: a number on a page becomes a message, and the message a test."""

import pytest
from django.urls import reverse

from registry.roles import Role
from tests.factories.registry import account_with
from tests.registry.people import signed_in
from tests.traceability.instruments import enzyme_item, instrument_at, sample_of
from traceability.models import RapidTest

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    enzyme_item()
    return sample_of()


@pytest.fixture
def tester(sample):
    return signed_in(account_with(Role.TESTER, market=sample.point.market))


def read(client, label, value="12.5", code="DEMO-1"):
    sent = {"sample": label, "item": "PEST_ENZ", "value": value, "unit": "%", "system_code": code}
    return client.post(reverse("demo_instrument"), sent)


def test_a_number_becomes_a_test_once(tester, sample):
    instrument_at(sample.point)
    for _ in range(2):
        assert read(tester, sample.label).context["answer"].result == "recorded"
    assert RapidTest.objects.get().sample == sample


def test_a_stray_label_is_kept_and_other_content_is_said(tester, sample):
    instrument_at(sample.point)
    assert read(tester, "unknown").context["answer"].result == "kept"
    assert read(tester, sample.label, "60").context["answer"].result == "different_content"


def test_without_an_instrument_it_says_so(tester):
    assert tester.get(reverse("demo_instrument")).context["device"] is None
    assert read(tester, "unknown").status_code in (200, 422)
