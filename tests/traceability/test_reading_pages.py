"""Instruments' readings at the desk: what waits, the tie, what is set aside."""

import pytest
from django.urls import reverse

from registry.roles import Role
from tests.factories.registry import account_with
from tests.registry.people import signed_in
from tests.traceability.instruments import detail, enzyme_item, instrument_at, message, sample_of, upload
from traceability.models import Hold, InstrumentReading, RapidTest, ReadingTie

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    enzyme_item()
    return sample_of()


@pytest.fixture
def device(sample):
    return instrument_at(sample.point)


@pytest.fixture
def tester(sample):
    return signed_in(account_with(Role.TESTER, market=sample.point.market))


def kept(device, value=12.5, code="A1"):
    upload(device, message(device, detail(code, "旧标签", value)))
    return InstrumentReading.objects.get(system_code=code)


def test_what_waits_is_listed_and_what_was_booked_only_when_asked(tester, device, sample):
    waits = kept(device)
    upload(device, message(device, detail("A2", sample.label)))
    assert [each.pk for each in tester.get(reverse("readings")).context["page"]] == [waits.pk]
    assert tester.get(reverse("readings"), {"show": "all"}).context["count"] == 2
    assert tester.get(reverse("readings"), {"q": "旧标"}).context["count"] == 1
    assert tester.get(reverse("readings"), {"problem": "time"}).context["count"] == 0
    exported = b"".join(tester.get(reverse("readings_export")).streaming_content).decode()
    assert "A1" in exported
    assert "A2" not in exported


def test_nothing_waiting_is_said(tester):
    assert tester.get(reverse("readings")).context["count"] == 0


def test_a_reading_offers_the_samples_of_its_day_and_is_tied_to_one(tester, device, sample):
    reading = kept(device)
    url = reverse("reading", args=[reading.pk])
    assert f"?sample={sample.label}" in tester.get(url).content.decode()
    answer = tester.post(url, {"sample": f"https://x/desk/samples/{sample.label}", "item": "PEST_ENZ"})
    assert answer["Location"] == reverse("readings")
    assert RapidTest.objects.get().sample == sample
    assert tester.get(reverse("readings")).context["count"] == 0
    assert tester.get(url).status_code == 200
    assert tester.post(url, {"sample": sample.label, "item": "PEST_ENZ"}).status_code == 409


def test_a_positive_asks_first(tester, device, sample):
    url = reverse("reading", args=[kept(device, 80).pk])
    asking = tester.post(url, {"sample": sample.label, "item": "PEST_ENZ"})
    assert "100" in asking.content.decode()
    assert not RapidTest.objects.exists()
    tester.post(url, dict(asking.context["hidden"]))
    assert Hold.objects.count() == 1


def test_an_unknown_label_comes_back(tester, device):
    answer = tester.post(reverse("reading", args=[kept(device).pk]), {"sample": "nonsense", "item": "PEST_ENZ"})
    assert answer.status_code == 422
    assert "nonsense" in answer.content.decode()


def test_it_is_set_aside_with_a_reason(tester, device):
    reading = kept(device)
    url = reverse("reading_aside", args=[reading.pk])
    assert tester.post(url, {"note": ""}).status_code == 422
    assert tester.post(url, {"note": "空白对照"})["Location"] == reverse("readings")
    assert ReadingTie.objects.get().note == "空白对照"
    assert tester.post(url, {"note": "再来"}).status_code == 409


def test_a_reading_of_another_market_is_not_found(device):
    stranger = signed_in(account_with(Role.TESTER, market=sample_of().point.market))
    reading = kept(device)
    assert stranger.get(reverse("reading", args=[reading.pk])).status_code == 404
    assert stranger.post(reverse("reading_aside", args=[reading.pk]), {"note": "x"}).status_code == 404
    assert stranger.get(reverse("readings")).context["count"] == 0
