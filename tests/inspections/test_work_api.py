"""What the field app asks of the API."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from inspections.models import CheckIn, Draft, Submission, VisitPhoto
from kit.ids import uuid7
from tests.factories.inspections import CoordinatorFactory
from tests.inspections.visits import LATITUDE, LONGITUDE, digest, picture, record, state, taken

pytestmark = pytest.mark.django_db
API = "/api/v1/work"


class Phone:
    def __init__(self, account, *, csrf: bool = False) -> None:
        self.client = APIClient(enforce_csrf_checks=csrf)
        self.client.force_login(account, backend="registry.backends.NameOrPhone")

    def get(self, path):
        return self.client.get(f"{API}/{path}")

    def post(self, path, body, *, key=None, **more):
        headers = {"Idempotency-Key": str(key or uuid7()), **more}
        return self.client.post(f"{API}/{path}", body, format="json", headers=headers)

    def photo(self, claim, content, *, sha256=None, key=None):
        file = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
        body = {
            "sha256": sha256 or digest(content), "item": "", "taken_at": "2026-11-22T09:00:00Z", "file": file,
            "latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 12.7,
        }  # fmt: skip
        return self.client.post(
            f"{API}/claims/{claim.pk}/photos", body, format="multipart", headers={"Idempotency-Key": key or digest(content)}
        )


@pytest.fixture
def claim():
    return taken()


@pytest.fixture
def phone(claim):
    return Phone(claim.coordinator.account)


def test_everything_needed_without_network_comes_at_once(phone, claim, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        answer = phone.get("tasks")
    (task,) = answer.json()["tasks"]
    assert (task["claim"], task["place"]["name"]) == (str(claim.pk), "三水实验小学食堂")
    assert [item["code"] for item in task["items"]] == ["C01", "C02", "C12"]
    assert answer.json()["person"]["id"] == str(claim.coordinator.account_id)
    assert answer["Cache-Control"] == "no-store"


def test_tasks_in_hand_cost_no_more_questions_each(phone, claim, django_assert_max_num_queries):
    for _ in range(2):
        taken(coordinator=claim.coordinator, task__place__town=claim.task.town)
    with django_assert_max_num_queries(18):
        assert len(phone.get("tasks").json()["tasks"]) == 3


def test_arrival_record_photos_and_then_it_is_complete(phone, claim):
    arrival = {
        "phone_at": "2026-11-22T09:00:00Z", "scanned": claim.task.place.token,
        "position": {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 20.4},
    }  # fmt: skip
    made = phone.post(f"claims/{claim.pk}/arrivals", arrival)
    assert (made.status_code, CheckIn.objects.get().accuracy_m) == (201, 20)
    sent = phone.post(f"claims/{claim.pk}/submissions", record()).json()
    assert (sent["complete"], sent["missing"]) == (False, [digest(picture())])
    standing = phone.photo(claim, picture()).json()
    assert standing["submission"]["complete"]
    assert state(claim) == "submitted"
    assert VisitPhoto.objects.get().distance_m == 0


def test_replayed_it_says_how_things_stand_now(phone, claim):
    key, content = uuid7(), record()
    first = phone.post(f"claims/{claim.pk}/submissions", content, key=key).json()
    phone.photo(claim, picture())
    again = phone.post(f"claims/{claim.pk}/submissions", content, key=key)
    assert (again.status_code, again.json()["id"], again.json()["complete"]) == (201, first["id"], True)
    assert Submission.objects.count() == 1


def test_other_content_under_the_same_key(phone, claim):
    key = uuid7()
    phone.post(f"claims/{claim.pk}/submissions", record(), key=key)
    answer = phone.post(f"claims/{claim.pk}/submissions", record(sign_refusal="不肯"), key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "different_content")


def test_what_it_lacks_is_said_by_item(phone, claim):
    answer = phone.post(f"claims/{claim.pk}/submissions", record(answers=[]))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_record")
    assert set(answer.json()["fields"]) == {"C01", "C02", "C12"}


@pytest.mark.parametrize("body", [[], "text", {"outcome": 3}, {"manifest": [3]}, {"answers": {"a": 1}}, {"started_at": 5}])
def test_nonsense_is_refused_in_words(phone, claim, body):
    answer = phone.post(f"claims/{claim.pk}/submissions", body)
    assert answer.status_code == 422


def test_a_post_without_a_key_is_refused(phone, claim):
    answer = phone.client.post(f"{API}/claims/{claim.pk}/submissions", record(), format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")


def test_a_damaged_photo_is_told_apart(phone, claim):
    answer = phone.photo(claim, picture(), sha256="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_damaged")


def test_a_draft_comes_back_with_the_task(phone, claim):
    draft = {"answers": [{"code": "C01", "result": "pass"}]}
    assert phone.client.put(f"{API}/claims/{claim.pk}/draft", draft, format="json").status_code == 204
    assert phone.get("tasks").json()["tasks"][0]["draft"] == draft
    assert Draft.objects.count() == 1


def test_somebody_else_signed_in_on_the_phone_sends_nothing_of_it(claim):
    other = Phone(CoordinatorFactory(town=claim.task.town).account)
    answers = [
        other.post(f"claims/{claim.pk}/submissions", record()),
        other.photo(claim, picture()),
        other.post(f"claims/{claim.pk}/arrivals", {"phone_at": "2026-11-22T09:00:00Z"}),
        other.get(f"claims/{claim.pk}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_a_fresh_token_is_fetched_for_what_was_queued(claim):
    phone = Phone(claim.coordinator.account, csrf=True)
    assert phone.post(f"claims/{claim.pk}/submissions", record(), **{"X-CSRFToken": "stale"}).status_code == 403
    token = json.loads(phone.get("me").content)["csrf"]
    assert phone.post(f"claims/{claim.pk}/submissions", record(), **{"X-CSRFToken": token}).status_code == 201


class TestApp:
    def test_the_page_holds_nothing_of_anybody(self, phone, claim):
        page = phone.client.get("/desk/field/").content.decode()
        assert claim.coordinator.account.name not in page
        assert "csrf" not in page

    def test_the_worker_keeps_what_exists(self, client):
        answer = client.get("/desk/field/sw.js")
        assert answer["Content-Type"] == "text/javascript"
        body = answer.content.decode()
        assets = json.loads(body.split("ASSETS = ")[1].split(";")[0])
        assert {client.get(asset).status_code for asset in assets} == {200}

    def test_every_script_the_app_imports_is_kept(self, client):
        import re

        from inspections.web.field import PLAIN

        for name in PLAIN:
            body = b"".join(client.get(f"/static/{name}")).decode()
            for imported in re.findall(r'from "\./(?:field/)?(\w+)\.js"', body):
                assert f"js/field/{imported}.js" in PLAIN

    def test_it_can_be_installed(self, client):
        said = client.get("/desk/field/manifest.webmanifest").json()
        assert (said["start_url"], said["display"]) == ("/desk/field/", "standalone")
