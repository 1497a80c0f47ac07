"""A public page is drawn once and sent many times; what must be true now is asked each time."""

import gzip

import pytest

from kit import public_codes, queue
from tests.factories.traceability import BatchFactory, HoldFactory, IntakeFactory
from traceability.models import Scan
from traceability.services.scans import write_scans

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return BatchFactory()


@pytest.fixture
def noted(monkeypatch):
    """Openings that wait to be written, without Valkey."""
    waiting = []
    monkeypatch.setattr(queue, "push", lambda name, item: waiting.append(item))
    monkeypatch.setattr(queue, "pop", lambda name, count: waiting)


def test_it_is_compressed_for_whoever_takes_that(client, batch):
    plain = client.get(f"/b/{batch.token}")
    packed = client.get(f"/b/{batch.token}", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]


def test_a_reader_who_has_it_gets_it_no_second_time(client, batch):
    headers = {"Accept-Encoding": "gzip"}
    tag = client.get(f"/b/{batch.token}", headers=headers)["ETag"]
    assert client.get(f"/b/{batch.token}", headers={**headers, "If-None-Match": tag}).status_code == 304


def test_a_pause_of_sale_is_on_the_page_with_the_next_request(client):
    intake = IntakeFactory()
    address = f"/s/{intake.place.token}"
    before = client.get(address).content
    assert client.get(address).content == before
    HoldFactory(batches=[intake.batch])
    assert "暂停销售" in client.get(address).content.decode()


def test_a_kept_page_takes_one_query(client, batch, django_assert_num_queries):
    client.get(f"/b/{batch.token}")
    with django_assert_num_queries(1):
        client.get(f"/b/{batch.token}")


def test_a_page_whose_content_changed_is_drawn_anew(client, batch):
    tag = client.get(f"/b/{batch.token}")["ETag"]
    public_codes.touch(batch.token)
    answer = client.get(f"/b/{batch.token}", headers={"If-None-Match": tag})
    assert answer.status_code == 200


def test_every_opening_is_counted_though_the_page_is_kept(client, batch, noted):
    for _ in range(3):
        client.get(f"/b/{batch.token}")
    write_scans()
    assert Scan.objects.filter(token=batch.token).count() == 3
