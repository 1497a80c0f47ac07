"""What every address of the API does: strict JSON, plain problems, keyed POST, pages by cursor."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from kit import drf, jsonsafe, outbox
from kit.models import OutboxJob
from tests.kit import handlers

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.urls")]

JSON = "application/json"


def post(client, raw, content_type=JSON, **headers):
    return client.generic("POST", "/api/v1/echo", raw, content_type=content_type, headers=headers)


class TestStrictJson:
    def test_good_json_arrives(self, client):
        assert post(client, '{"品名": "青椒", "kg": 12.5}').json() == {"got": {"品名": "青椒", "kg": 12.5}}

    @pytest.mark.parametrize(
        "raw",
        [
            b'{"kg": NaN}',
            b'{"kg": 1e999}',
            b'{"kg": 1, "kg": 2}',
            b"[" * 100_000,
            b"1" * 5000,
            b'"\\ud800"',
            b'"\\u0000"',
            b"{",
            b"\xff\xfe{}",
        ],
    )
    def test_doubtful_json_is_a_bad_request(self, client, raw):
        response = post(client, raw)
        assert (response.status_code, response.json()["code"]) == (400, "bad_json")

    @pytest.mark.parametrize("charset", ["gbk", "utf-16", "no-such-charset"])
    def test_only_utf8_is_json(self, client, charset):
        assert post(client, b"{}", f"application/json; charset={charset}").status_code == 400

    @pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
    def test_utf8_may_be_said(self, client, charset):
        assert post(client, b"{}", f"application/json; charset={charset}").status_code == 200

    def test_more_than_1_mb_is_too_large(self, client):
        response = post(client, b'"' + b"x" * jsonsafe.MAX_BYTES + b'"')
        assert (response.status_code, response.json()["code"]) == (413, "too_big")

    def test_another_media_type_is_not_read(self, client):
        assert post(client, b"<x/>", "application/xml").status_code == 415


class TestProblems:
    @pytest.mark.parametrize(
        ("kind", "status", "code"),
        [("http404", 404, "not_found"), ("denied", 403, "permission_denied"), ("throttled", 429, "throttled")],
    )
    def test_the_errors_of_django_and_rest_framework_are_problems_too(self, client, kind, status, code):
        response = client.get(f"/api/v1/fail/{kind}")
        assert response["Content-Type"] == "application/problem+json"
        assert (response.status_code, response.json()["status"], response.json()["code"]) == (status, status, code)

    def test_field_errors_are_named_like_those_of_refusals(self, client):
        body = client.get("/api/v1/fail/field").json()
        assert (body["status"], body["code"]) == (400, "invalid")
        assert body["fields"] == {"kg": ["A valid number is required."]}

    def test_errors_of_no_field_stand_under_no_name(self, client):
        assert client.get("/api/v1/fail/list").json()["fields"] == {"": ["Not like this."]}

    def test_who_came_too_often_is_told_when_to_come_again(self, client):
        assert client.get("/api/v1/fail/throttled")["Retry-After"] == "8"

    def test_a_programming_error_is_not_dressed_up(self, client):
        with pytest.raises(ZeroDivisionError):
            client.get("/api/v1/fail/broken")

    def test_a_method_that_is_not_offered_is_a_problem_too(self, client):
        response = client.get("/api/v1/echo")
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


class TestIdempotentCreate:
    @pytest.fixture(autouse=True)
    def known_jobs(self, settings):
        settings.OUTBOX_HANDLERS = handlers.HANDLERS

    def ask(self, client, body=None, key="key-1"):
        headers = {"Idempotency-Key": key} if key else {}
        return client.generic("POST", "/api/v1/once", json.dumps(body or {}), content_type=JSON, headers=headers)

    def test_without_a_key_nothing_happens(self, client):
        response = self.ask(client, key=None)
        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_needed")
        assert not OutboxJob.objects.exists()

    def test_a_repeated_post_gets_the_first_answer_and_is_marked(self, client):
        first, second = self.ask(client), self.ask(client)
        assert first.status_code == second.status_code == 201
        assert first.json() == second.json()
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert OutboxJob.objects.count() == 1

    def test_the_order_of_members_is_not_content(self, client):
        assert self.ask(client, {"a": 1, "b": 2}).json() == self.ask(client, {"b": 2, "a": 1}).json()

    def test_other_content_is_a_conflict(self, client):
        self.ask(client)
        response = self.ask(client, {"kg": 2})
        assert (response.status_code, response.json()["code"]) == (409, "different_content")

    def test_a_refused_post_leaves_nothing_and_may_be_sent_again(self, client):
        assert self.ask(client, {"refuse": True}).status_code == 409
        assert not OutboxJob.objects.exists()
        assert self.ask(client).status_code == 201


def upload(content, name="a.jpg"):
    plain = RequestFactory().post("/", {"kind": "label", "photo": SimpleUploadedFile(name, content)})
    return Request(plain, parsers=[MultiPartParser()])


def test_an_upload_is_known_by_its_bytes_not_by_its_wrapping():
    assert drf.content(upload(b"photo")) == drf.content(upload(b"photo", "b.jpg"))
    assert drf.content(upload(b"photo")) != drf.content(upload(b"another"))


def test_an_upload_can_still_be_read_afterwards():
    request = upload(b"photo")
    drf.content(request)
    assert request.data["photo"].read() == b"photo"


class TestCursorPagination:
    @pytest.fixture(autouse=True)
    def jobs(self, settings):
        settings.OUTBOX_HANDLERS = handlers.HANDLERS
        self.made = [outbox.enqueue("test.effect") for _ in range(5)]

    def page(self, **query):
        request = Request(RequestFactory().get("/jobs", query))
        pager = drf.CursorPagination()
        rows = pager.paginate_queryset(OutboxJob.objects.all(), request)
        return [row.id for row in rows], pager.get_next_link()

    def test_newest_first(self):
        ids, more = self.page()
        assert (ids, more) == ([job.id for job in reversed(self.made)], None)

    def test_the_caller_chooses_how_many_up_to_200(self):
        ids, more = self.page(limit=2)
        assert len(ids) == 2
        assert "cursor=" in more
        assert drf.CursorPagination.max_page_size == 200
