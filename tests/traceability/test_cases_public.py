"""What the public is told of a positive: only that sale is paused, then the item, then what became of it."""

import datetime as dt

import pytest
from django.core.cache import cache

from kit import clock
from kit.ids import uuid7
from tests.factories import cases as made
from tests.factories.traceability import BatchFactory, HandIntakeFactory, IntakeFactory
from traceability.models import Batch
from traceability.selectors.prints import test_words as words_on_a_slip
from traceability.selectors.public_goods import shown_tests
from traceability.services.case_answers import lapse_cases
from traceability.services.case_finish import clear

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
ITEM = "克百威"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def case():
    return made.positive(code="CARBO", name=ITEM)


def page(client, case) -> str:
    return client.get(f"/b/{case.batch.token}").content.decode()


def told(client, case) -> dict:
    return client.get(f"/b/{case.batch.token}.json").json()


def first(client, case) -> dict:
    return told(client, case)["tests"][0]


class TestBeforeItMayBeNamed:
    def test_only_the_pause_is_public(self, client, case):
        assert told(client, case)["state"] == "held"
        assert ITEM not in page(client, case)
        assert (first(client, case)["result"], first(client, case)["item"]) == ("under_review", "")

    def test_nor_while_the_laboratory_looks_at_it(self, client, case):
        made.sealed(made.objected(case))
        assert ITEM not in page(client, case)

    def test_nor_after_a_second_strip_that_found_nothing(self, client, case):
        made.repeated(case, "negative")
        assert ITEM not in page(client, case)
        assert len(told(client, case)["tests"]) == 1, "the second strip is part of what became of the first"


class TestNamed:
    def test_accepted(self, client, case):
        page(client, case)
        made.accepted(case)
        assert ITEM in page(client, case)

    def test_confirmed_by_a_second_test(self, client, case):
        page(client, case)
        made.repeated(case, "positive")
        assert ITEM in page(client, case)

    def test_nobody_objected_in_time(self, client, case):
        page(client, case)
        with clock.freeze(made.after(case, hours=4, seconds=1)):
            lapse_cases()
            assert ITEM in page(client, case)

    def test_and_even_before_the_job_has_said_so(self, client, case):
        with clock.freeze(made.after(case, hours=4, seconds=1)):
            assert ITEM in page(client, case)

    def test_failed_inspection_and_disposed_of_with_their_days(self, client, case):
        with clock.freeze(made.after(case, days=1)):
            case = made.reported_by_lab(made.sealed(made.objected(in_time(case))), passed=False)
        found = first(client, case)
        assert (found["result"], found["outcome"], found["outcome_on"]) == ("positive", "lab_fail", "2026-11-23")
        with clock.freeze(made.after(case, days=2)):
            made.disposed(made.fresh(case))
        assert first(client, case)["disposed_on"] == "2026-11-24"
        assert "检验不合格" in page(client, case) or "failed inspection" in page(client, case)

    def test_on_the_page_of_whoever_bought_it_too(self, client):
        intake = IntakeFactory()
        case = made.positive(Batch.objects.get(pk=intake.batch.parent_id), code="CARBO", name=ITEM)
        address = f"/b/{intake.batch.token}"
        assert ITEM not in client.get(address).content.decode()
        made.repeated(case, "positive")
        assert ITEM in client.get(address).content.decode()
        assert ITEM in client.get(f"/s/{intake.place.token}").content.decode()


def in_time(case):
    """The holder's objection window is open as long as a test needs it."""
    type(case).objects.filter(pk=case.pk).update(objection_due_at=made.after(case, days=3))
    return made.fresh(case)


class TestCorrected:
    def test_cleared_by_the_laboratory(self, client, case):
        made.reported_by_lab(made.sealed(made.objected(case)), passed=True)
        now = told(client, case)
        assert now["state"] == "saleable"
        assert (now["tests"][0]["result"], now["tests"][0]["outcome"]) == ("cleared", "lab_pass")
        assert now["tests"][0]["outcome_on"] == "2026-11-22"
        assert ITEM not in page(client, case), "it was never named"

    def test_what_was_named_is_corrected_by_name(self, client, case):
        made.repeated(case, "positive")
        made.reported_by_lab(made.sealed(made.objected(made.fresh(case))), passed=True)
        found = first(client, case)
        assert (found["result"], found["item"]) == ("cleared", ITEM)

    def test_cleared_by_a_second_strip(self, client, case):
        case = made.repeated(case, "negative")
        clear(made.manager(case), case=case, reason="检测卡过期", client_key=uuid7())
        assert first(client, case)["outcome"] == "repeat"
        assert told(client, case)["state"] == "saleable"

    def test_a_slip_says_the_same(self, case):
        def slip():
            return words_on_a_slip(shown_tests([case.batch_id], upstream=())[case.batch_id])

        assert slip().startswith("快检复核中")
        made.reported_by_lab(made.sealed(made.objected(case)), passed=True)
        assert slip().startswith("经检验合格")


def test_a_page_with_many_positives_asks_the_database_no_more_often(client, django_assert_max_num_queries):
    place = BatchFactory().place
    for number in range(5):
        case = made.positive(BatchFactory(place=place), code=f"ITEM{number}", name=f"项目甲{number}")
        if number % 2:
            made.repeated(case, "positive")
    for address in (f"/b/{case.batch.token}", f"/s/{place.token}"):
        with django_assert_max_num_queries(4):
            assert client.get(address).status_code == 200


def test_a_canteens_page_says_it_too(client):
    intake = HandIntakeFactory(place=made.StoreFactory())
    case = made.positive(intake.batch, code="CARBO", name=ITEM, purpose="acceptance")
    assert ITEM not in page(client, case)
    with clock.freeze(case.opened_at + dt.timedelta(minutes=5)):
        made.accepted(case)
    assert ITEM in page(client, case)
