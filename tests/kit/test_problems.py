"""A refusal reaches a person as a page in their words, and a program as RFC 9457."""

import pytest
from django.utils import translation
from django.utils.functional import lazy

from kit import problems
from kit.refusals import Conflict, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.urls")]

JSON = "application/json"
PROBLEM = "application/problem+json"


def problem(response):
    assert response["Content-Type"].startswith(PROBLEM)
    return response.json()


@pytest.mark.parametrize(
    ("kind", "status"), [("not-allowed", 403), ("not-found", 404), ("sold-out", 409), ("invalid", 422)]
)
class TestStatus:
    def test_of_a_page(self, client, kind, status):
        response = client.get(f"/page/{kind}")
        assert response.status_code == status
        assert response["Content-Type"].startswith("text/html")

    def test_of_an_api_answer(self, client, kind, status):
        for door in ("plain", "fail"):
            response = client.get(f"/api/v1/{door}/{kind}")
            assert (response.status_code, problem(response)["status"]) == (status, status)


def test_a_page_says_the_words_with_their_figures(client):
    assert "Only 3 kg are left." in client.get("/page/sold-out").content.decode()


def test_every_wrong_field_is_named_at_once(client):
    page = client.get("/page/invalid").content.decode()
    assert "Say how many kilograms." in page
    assert "Choose one." in page


def test_a_page_and_a_problem_name_the_request_so_that_it_can_be_found_in_the_log(client):
    headers = {"X-Request-ID": "test-request-1"}
    assert "test-request-1" in client.get("/page/sold-out", headers=headers).content.decode()
    assert problem(client.get("/api/v1/fail/sold-out", headers=headers))["request_id"] == "test-request-1"


def test_htmx_gets_a_piece_and_not_a_page(client):
    piece = client.get("/page/sold-out", headers={"HX-Request": "true"}).content.decode()
    assert "Only 3 kg are left." in piece
    assert "<html" not in piece


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("image/png", "text/html"),
        (JSON, PROBLEM),
        (PROBLEM, PROBLEM),
        ("text/html;q=0.5, application/json", PROBLEM),
    ],
)
def test_who_asks_for_json_gets_it_outside_the_api_too(client, accept, kind):
    assert client.get("/page/sold-out", headers={"Accept": accept})["Content-Type"].startswith(kind)


def test_a_problem_has_the_members_of_rfc_9457_and_a_code(client):
    assert problem(client.get("/api/v1/plain/sold-out", headers={"X-Request-ID": "test-request-2"})) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Only 3 kg are left.",
        "code": "sold_out",
        "data": {"left": 3},
        "request_id": "test-request-2",
    }


def test_a_problem_lists_the_fields(client):
    assert problem(client.get("/api/v1/fail/invalid"))["fields"] == {
        "weight_kg": ["Say how many kilograms.", "Use digits."],
        "product": ["Choose one."],
    }


def test_a_refusal_without_words_of_its_own_has_general_ones():
    with translation.override("en"):
        assert problems.words(NotFound()) == "There is nothing here, or it is not for you."


def test_words_with_a_percent_sign_that_is_no_placeholder_are_shown_as_they_are():
    assert problems.words(Conflict("Only 50 % of %(x)s", left=3)) == "Only 50 % of %(x)s"
    assert problems.words(Conflict("50 %")) == "50 %"


def test_errors_that_are_not_refusals_are_left_to_django(client):
    with pytest.raises(ZeroDivisionError):
        client.get("/page/broken")


class TestWords:
    def test_a_refusal_reads_with_its_figures_wherever_it_is_written_out(self):
        refusal = Conflict("Only %(left)s kg are left.", left=3)
        assert str(refusal) == refusal.words() == "Only 3 kg are left."

    def test_in_the_language_of_whoever_reads_it(self):
        refusal = Conflict(lazy(translation.get_language, str)())
        with translation.override("zh-hans"):
            assert str(refusal) == "zh-hans"

    def test_without_words_its_code_is_written(self):
        assert str(NotFound()) == "not_found"

    @pytest.mark.parametrize("words", ["100 % of it", "%(other)s"])
    def test_a_percent_sign_stays_one(self, words):
        assert str(Conflict(words, left=3)) == words
