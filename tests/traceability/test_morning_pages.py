"""A morning of samples in rows: defaults carried down, one press a row, nothing lost on a reload."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kit.ids import uuid7
from registry.roles import Role
from tests.factories.registry import account_with
from tests.factories.testing import TestItemFactory, TestKitFactory, TestMethodFactory, point_at
from tests.factories.traceability import BatchFactory
from tests.kit.test_images import encoded, picture
from tests.registry.people import signed_in
from tests.traceability.instruments import enzyme_item, sample_of
from traceability.models import Hold, RapidTest

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def item():
    return enzyme_item()


@pytest.fixture
def batch(item):
    return BatchFactory()


@pytest.fixture
def point(batch):
    return point_at(batch.place)


@pytest.fixture
def tester(batch, point):
    return signed_in(account_with(Role.TESTER, market=batch.place.market))


@pytest.fixture
def samples(batch):
    return [sample_of(batch) for _ in range(3)]


def carry(client, point, **said):
    return client.post(reverse("morning"), {"point": point.pk, "item": "PEST_ENZ", **said})


def press(client, sample, *, headers=None, **sent):
    data = {"client_key": uuid7(), "item": "PEST_ENZ", **sent}
    return client.post(reverse("morning_row", args=[sample.label]), data, headers=headers)


def labels_waiting(client):
    return [row["sample"].label for row in client.get(reverse("morning")).context["waiting"]]


def test_the_samples_of_today_are_rows(tester, samples):
    assert labels_waiting(tester) == [sample.label for sample in samples]


def test_a_day_without_samples_says_where_to_begin(tester, point):
    page = tester.get(reverse("morning")).content.decode()
    assert f"{reverse('sample_new')}?point={point.pk}" in page


def test_somebody_without_a_point_is_told_so(batch):
    nobody = signed_in(account_with(Role.TESTER, market=batch.place.market))
    assert nobody.get(reverse("morning")).status_code == 200


def test_one_press_records_a_row_and_a_reload_shows_it_done(tester, samples):
    answer = press(tester, samples[0], result="negative")
    assert answer["Location"] == reverse("morning")
    assert labels_waiting(tester) == [sample.label for sample in samples[1:]]
    assert list(tester.get(reverse("morning")).context["done"]) == [RapidTest.objects.get()]


def test_with_htmx_the_row_alone_comes_back(tester, samples):
    answer = press(tester, samples[0], result="negative", headers=HTMX)
    assert answer.content.decode().strip().startswith("<li>")
    assert b"<html" not in answer.content


def test_a_second_press_of_the_same_row_is_the_same_record(tester, samples):
    key = uuid7()
    for _ in range(2):
        press(tester, samples[0], result="negative", client_key=key)
    assert RapidTest.objects.count() == 1


def test_what_is_said_once_is_carried_down(tester, samples, point, item):
    kit = TestKitFactory(point=point, item=item)
    carry(tester, point, kit=str(kit.pk), method_no="GB/T 5009.199", unit="%")
    page = tester.get(reverse("morning")).content.decode()
    assert 'name="value"' in page
    press(tester, samples[0], value="12.5")
    test = RapidTest.objects.get()
    assert (test.kit, test.method.method_no, test.raw_value, test.raw_unit) == (kit, "GB/T 5009.199", 12.5, "%")


def test_another_item_lets_the_old_kit_go(tester, samples, point, item):
    kit = TestKitFactory(point=point, item=item)
    TestMethodFactory(item=TestItemFactory(code="CARBO", name="克百威"), method_no="KJ 2026-1")
    carry(tester, point, kit=str(kit.pk))
    assert carry(tester, point, item="CARBO", kit=str(kit.pk)).status_code == 303
    press(tester, samples[0], item="CARBO", result="negative")
    test = RapidTest.objects.get()
    assert (test.item_id, test.kit) == ("CARBO", None)


def test_each_item_has_its_own_rows_to_read(tester, samples, point):
    TestItemFactory(code="CARBO", name="克百威")
    press(tester, samples[0], result="negative")
    carry(tester, point, item="CARBO")
    assert len(labels_waiting(tester)) == 3


@pytest.mark.parametrize(
    "sent", [{}, {"value": "viel"}, {"result": "fine"}, {"client_key": "x", "result": "negative"}], ids=str
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_a_wrong_row_comes_back_with_what_was_typed(tester, samples, sent, headers):
    answer = press(tester, samples[0], note="看不清", headers=headers, **sent)
    assert answer.status_code == 422
    assert "看不清" in answer.content.decode()
    assert not RapidTest.objects.exists()


def test_an_expired_kit_that_is_carried_down_is_refused_in_words(tester, samples, point, item):
    kit = TestKitFactory(point=point, item=item, expires_on="2020-01-01")
    carry(tester, point, kit=str(kit.pk))
    answer = press(tester, samples[0], result="negative", headers=HTMX)
    assert answer.status_code == 422
    assert not RapidTest.objects.exists()


@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_a_positive_asks_in_numbers_and_keeps_the_photo(tester, samples, batch, headers):
    file = SimpleUploadedFile("strip.jpg", encoded(picture()), "image/jpeg")
    asking = press(tester, samples[0], result="positive", photo=file, headers=headers)
    assert asking.status_code == 200
    assert asking.get("HX-Retarget") == (headers and "#dialog")
    assert "100" in asking.content.decode()
    assert not RapidTest.objects.exists()
    answer = tester.post(asking.context["action"], dict(asking.context["hidden"]))
    assert answer["Location"] == reverse("morning")
    assert RapidTest.objects.get().strip_image
    assert Hold.objects.get().items.get().batch_id == batch.pk


def test_a_row_of_another_market_is_not_found(tester, point):
    assert press(tester, sample_of(), result="negative").status_code == 404


def test_an_officer_has_no_grid(batch):
    officer = signed_in(account_with(Role.DISTRICT_OFFICER, district_id=batch.district_id))
    assert officer.get(reverse("morning")).status_code == 403


def test_thirty_rows_cost_no_more_queries_than_three(tester, batch, samples):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            tester.get(reverse("morning"))
        return len(seen)

    few = queries()
    [sample_of(batch) for _ in range(27)]
    assert queries() == few
