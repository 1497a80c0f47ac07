"""A visit by the form alone, without script: every step a plain POST."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inspections.models import CheckIn, Claim, Draft, Finding, Review, Submission, Task
from kit import clock
from kit.ids import uuid7
from tests.factories.inspections import CoordinatorFactory
from tests.inspections.visits import FAILING, LATITUDE, LONGITUDE, hand_in, picture, record, send_photo, state, taken
from tests.registry.people import signed_in

pytestmark = pytest.mark.django_db


def upload(seed: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", picture(seed), "image/jpeg")


class Visitor:
    """The coordinator of a claim, at the form."""

    def __init__(self, claim: Claim) -> None:
        self.claim, self.client = claim, signed_in(claim.coordinator.account)

    def url(self, name: str, *parts: str) -> str:
        return reverse(name, args=[self.claim.pk, *parts])

    def get(self, name: str, *parts: str) -> str:
        answer = self.client.get(self.url(name, *parts))
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, name: str, *parts: str, **data):
        return self.client.post(self.url(name, *parts), data)

    def answered(self, code: str, **said):
        return self.post("visit_item", code, **{f"{code}-{name}": value for name, value in said.items()})

    def key(self, name: str) -> str:
        return re.search(r'name="client_key" value="([^"]+)"', self.get(name)).group(1)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(taken())


def arrived(visitor: Visitor, **more):
    place = visitor.claim.task.place
    data = {"scanned": place.typed_code, "latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 12}
    return visitor.post("visit_arrive", client_key=uuid7(), **data | more)


def test_from_the_door_to_the_reviewer(visitor):
    assert arrived(visitor).status_code == 303
    assert CheckIn.objects.get().outcome == "success"
    assert visitor.answered("C01", result="pass").url.endswith("/items/C02")
    failing = {**FAILING, "photo": upload(1)}
    assert visitor.answered("C02", **failing).url.endswith("/items/C12")
    assert visitor.answered("C12", result="na").url.endswith("/finish")
    page = visitor.get("visit_finish")
    assert "disabled" not in page
    assert visitor.post("visit_finish", client_key=visitor.key("visit_finish"), sign_refusal="店主外出").status_code == 303
    assert state(visitor.claim) == "submitted"
    assert Finding.objects.get().text == FAILING["text"]
    assert "审" in visitor.get("visit") or "reviewer" in visitor.get("visit")


def test_what_the_platform_knows_is_shown_and_not_asked(visitor):
    place = visitor.claim.task.place
    type(place).objects.filter(pk=place.pk).update(permit_no="JY14406070000001")
    page = visitor.get("visit")
    for known in ("三水实验小学食堂", "西南街道文锋路2号", "JY14406070000001", place.organisation.name):
        assert known in page


def test_a_failing_item_without_photo_is_kept_and_comes_back(visitor):
    answer = visitor.answered("C02", **FAILING)
    assert answer.status_code == 422
    assert FAILING["text"] in answer.content.decode()
    assert Draft.objects.get().content["answers"][0]["result"] == "fail"
    assert visitor.answered("C02", **FAILING, photo=upload(1)).status_code == 303


def test_what_is_no_photo_is_said_at_its_field_and_the_answer_is_kept(visitor):
    answer = visitor.answered("C02", **FAILING, photo=SimpleUploadedFile("x.jpg", b"<svg/>", "image/jpeg"))
    assert answer.status_code == 422
    assert Draft.objects.get().content["answers"][0]["text"] == FAILING["text"]


def test_all_items_at_once(visitor):
    said = {f"{code}-result": "pass" for code in ("C01", "C02", "C12")}
    assert visitor.post("visit_list", **said).url.endswith("/finish")
    assert len(Draft.objects.get().content["answers"]) == 3
    assert visitor.get("visit_list").count("checked") == 3


def test_the_end_names_what_is_missing(visitor):
    page = visitor.get("visit_finish")
    assert "许可证有效、范围一致、公示" in page
    assert "disabled" in page
    answer = visitor.post("visit_finish", client_key=uuid7(), sign_refusal="外出")
    assert answer.status_code == 422
    assert not Submission.objects.exists()


def test_pressed_twice_it_is_sent_once(visitor):
    arrived(visitor)
    for code in ("C01", "C02", "C12"):
        visitor.answered(code, result="pass")
    visitor.post("visit_photo_add", photo=upload())
    key = uuid7()
    answers = [visitor.post("visit_finish", client_key=key, sign_refusal="外出") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Submission.objects.count() == 1


def test_a_signature_is_a_photo_of_its_own(visitor):
    for code in ("C01", "C02", "C12"):
        visitor.answered(code, result="pass")
    visitor.post("visit_photo_add", photo=upload())
    visitor.post("visit_finish", client_key=uuid7(), signed_by="陈旺", signature=upload(7))
    submission = Submission.objects.get()
    assert (submission.signed_by, len(submission.manifest)) == ("陈旺", 1)
    assert submission.signature_sha256
    assert state(visitor.claim) == "submitted"


def test_a_photo_is_taken_out_again(visitor):
    visitor.post("visit_photo_add", photo=upload())
    (photo,) = Draft.objects.get().content["manifest"]
    visitor.post("visit_photo_drop", sha256=photo["sha256"], item="")
    assert Draft.objects.get().content["manifest"] == []


def test_a_closed_door_with_its_photo(visitor):
    said = {"client_key": uuid7(), "outcome": "closed", "text": "卷闸门紧闭"}
    assert visitor.post("visit_unseen", **said).status_code == 422
    assert visitor.post("visit_unseen", **said, photo=upload()).status_code == 303
    assert Submission.objects.get().outcome == "closed"


def test_a_promotion_tells_where_for_how_many_with_what():
    visitor = Visitor(taken(task__kind__code="PROMO", task__kind__group="promotion"))
    assert "三水实验小学食堂" in visitor.get("visit_promotion")
    said = {"place": "文锋社区", "audience": 40, "topic": "小程序", "material": "传单 40 份", "photo": upload()}
    assert visitor.post("visit_promotion", **said).url.endswith("/finish")
    for code in ("C01", "C02", "C12"):
        visitor.answered(code, result="na")
    assert visitor.post("visit_finish", client_key=uuid7()).status_code == 303
    assert Submission.objects.get().promotion["audience"] == 40


def test_a_number_is_read_with_its_unit(visitor):
    visitor.claim.task.checklist.items.filter(code="C02").update(evidence="number", unit="℃")
    assert "℃" in visitor.get("visit_item", "C02")
    assert visitor.answered("C02", result="pass").status_code == 422
    assert visitor.answered("C02", result="pass", value="4.5").status_code == 303
    assert Draft.objects.get().content["answers"][0]["value"] == "4.5"


def test_sent_back_only_the_named_items_are_shown(visitor):
    claim = visitor.claim
    send_photo(claim, picture())
    submission = hand_in(claim, record())
    Review.objects.create(
        district_id=claim.district_id, task_id=claim.task_id, submission=submission, outcome="returned",
        reviewer=CoordinatorFactory(town=claim.task.town).account, coordinator_account=claim.coordinator.account_id,
        reason="照片看不清", items=["C02"], at=clock.now(),
    )  # fmt: skip
    Task.objects.filter(pk=claim.task_id).update(state="returned", returns=1)
    Claim.objects.update(released_at=None, end_reason="", lease_until=clock.now() + dt.timedelta(hours=24))
    page = visitor.get("visit_list")
    assert "上次检查结果公示" in page
    assert "三防设施" not in page
    assert "照片看不清" in visitor.get("visit")
    assert visitor.post("visit_finish", client_key=uuid7(), sign_refusal="外出").status_code == 303
    assert Submission.objects.count() == 2


def test_after_the_lease_the_form_says_so(visitor):
    Claim.objects.update(lease_until=clock.now() - dt.timedelta(minutes=1))
    assert visitor.client.get(visitor.url("visit")).status_code == 200
    assert visitor.answered("C01", result="pass").status_code == 409


def test_somebody_elses_visit_is_not_found(visitor):
    other = signed_in(CoordinatorFactory(town=visitor.claim.task.town).account)
    for name in ("visit", "visit_list", "visit_finish", "visit_arrive"):
        assert other.get(visitor.url(name)).status_code == 404


def test_a_photo_is_seen_by_whoever_took_it(visitor):
    photo = send_photo(visitor.claim, picture())
    for query in ("", "?small"):
        answer = visitor.client.get(reverse("visit_photo", args=[photo.pk]) + query)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
