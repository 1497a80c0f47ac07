"""The field app: what was done without network is sent once, under the right person, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from inspections.models import CheckIn, Claim, Draft, Finding, Submission, SubmissionComplete, Task, VisitPhoto
from registry.models import Account
from tests.browser.field_phone import PATIENCE, POSITION, FieldPhone, photos
from tests.factories.inspections import CoordinatorFactory
from tests.inspections.visits import taken

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = ("C01", "C02", "C12")


@pytest.fixture
def claim(settings, tmp_path) -> Claim:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = taken()
    Account.objects.filter(pk=made.coordinator.account_id).update(name="张三")
    return made


@pytest.fixture
def phone(open_page, site) -> FieldPhone:
    return FieldPhone(open_page(has_touch=True, is_mobile=True, **POSITION), site)


def opened(phone: FieldPhone, claim: Claim) -> None:
    """Signed in, the task on the phone, the worker ready."""
    phone.sign_in(claim.coordinator.account)
    phone.page.locator(f"a[href='#{claim.pk}']").wait_for(timeout=PATIENCE)
    phone.settle()


def arrive(phone: FieldPhone, claim: Claim) -> None:
    phone.open(f"#{claim.pk}/arrive")
    phone.page.locator("#scanned").fill(claim.task.place.typed_code)
    phone.tap("button.primary")
    phone.at("task")


def fill_in(phone: FieldPhone, claim: Claim, pictures, *, between=lambda: None) -> None:
    """Everything passes but C02, which is shown, told, and has a week."""
    for code in ITEMS:
        phone.open(f"#{claim.pk}/{code}")
        phone.choose("fail" if code == "C02" else "pass")
        between()
        if code == "C02":
            phone.write("text", "没有公示上次检查结果")
            between()
            phone.page.locator("[name=measure]").select_option("deadline")
            phone.write("days", "7")
            between()
            phone.photograph(pictures[0])
            between()
    phone.open(f"#{claim.pk}/finish")
    for picture in pictures[1:]:
        phone.photograph(picture)
        between()
    phone.write("sign_refusal", "店主外出")
    between()


def finish(phone: FieldPhone) -> None:
    phone.tap("[data-do=finish]")
    phone.at("list")


def state(claim: Claim) -> str:
    return Task.objects.get(pk=claim.task_id).state


def test_a_whole_visit_in_a_tunnel_with_the_tab_killed_between_every_step(phone, claim, tmp_path):
    opened(phone, claim)
    phone.offline(True)
    phone.kill()
    arrive(phone, claim)
    phone.kill()
    fill_in(phone, claim, photos(tmp_path, 4), between=phone.kill)
    finish(phone)
    phone.kill()
    assert not Submission.objects.exists()
    (row,) = phone.kept()
    assert (row["state"], len(phone.kept("photos"))) == ("ready", 4)
    phone.offline(False)
    phone.kill()
    phone.forgotten(claim)
    submission = Submission.objects.get()
    assert (submission.offline, submission.coordinator_id) == (True, claim.coordinator_id)
    assert (state(claim), VisitPhoto.objects.count(), SubmissionComplete.objects.count()) == ("submitted", 4, 1)
    assert CheckIn.objects.get().outcome == "success"
    assert Finding.objects.get().text == "没有公示上次检查结果"
    assert phone.kept("photos") == []


def test_killed_in_the_middle_of_sending_each_photo_arrives_once(phone, claim, tmp_path):
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 4))
    finish(phone)
    sent = []

    def second_one_dies(route):
        sent.append(route.request.url)
        route.abort() if len(sent) == 2 else route.continue_()

    phone.page.context.route("**/photos", second_one_dies)
    phone.offline(False)
    phone.page.wait_for_timeout(1500)
    phone.kill()
    phone.forgotten(claim)
    assert (VisitPhoto.objects.count(), Submission.objects.count(), state(claim)) == (4, 1, "submitted")
    assert len(sent) <= 6


def test_an_answer_that_was_lost_makes_no_second_record(phone, claim, tmp_path):
    """The server has it, the phone does not know: it sends again, and it is one."""
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 2))
    finish(phone)
    lost = []

    def answer_is_lost(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    phone.page.context.route("**/submissions", answer_is_lost)
    phone.offline(False)
    phone.page.wait_for_timeout(1500)
    assert Submission.objects.count() == 1
    phone.kill()
    phone.forgotten(claim)
    assert (Submission.objects.count(), state(claim)) == (1, "submitted")


def test_the_session_ends_on_the_way_one_signs_in_and_goes_on(phone, claim, tmp_path):
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 2))
    finish(phone)
    phone.page.context.clear_cookies()
    phone.offline(False)
    phone.kill()
    expect(phone.page.locator("#signed-out")).to_be_visible(timeout=PATIENCE)
    assert not Submission.objects.exists()
    phone.sign_in(claim.coordinator.account)
    phone.forgotten(claim)
    assert (Submission.objects.count(), state(claim)) == (1, "submitted")


def test_somebody_else_signs_in_he_neither_sees_nor_sends_them(phone, claim, tmp_path):
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 2))
    finish(phone)
    phone.page.context.clear_cookies()
    phone.offline(False)
    other = CoordinatorFactory(town=claim.task.town)
    phone.sign_in(other.account)
    expect(phone.page.locator("#screen .note-box")).to_contain_text(re.compile("1.*张三"), timeout=PATIENCE)
    phone.page.wait_for_timeout(1000)
    assert not Submission.objects.exists()
    assert phone.page.locator(f"a[href='#{claim.pk}']").count() == 0
    phone.open(f"#{claim.pk}")
    phone.at("list")
    phone.page.context.clear_cookies()
    phone.sign_in(claim.coordinator.account)
    phone.forgotten(claim)
    assert Submission.objects.get().coordinator_id == claim.coordinator_id


def test_who_signed_out_leaves_nothing_to_be_seen_even_without_network(phone, claim):
    opened(phone, claim)
    phone.open(f"#{claim.pk}/C01")
    phone.choose("pass")
    phone.open()
    asked = []
    phone.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    phone.tap("[data-do=leave]")
    expect(phone.page.locator("a[href*='/signin']").last).to_be_visible(timeout=PATIENCE)
    assert "1" in asked[0]
    phone.offline(True)
    phone.kill()
    assert phone.page.locator(f"a[href='#{claim.pk}']").count() == 0
    assert len(phone.kept()) == 1


def test_signing_out_on_another_page_warns_while_something_is_unsent(phone, claim):
    opened(phone, claim)
    phone.open(f"#{claim.pk}/C01")
    phone.choose("pass")
    phone.page.goto(f"{phone.site}/desk/me")
    asked = []
    phone.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    phone.page.locator("details.menu summary").first.tap()
    phone.page.locator("form[action='/signout'] button").first.tap()
    phone.page.wait_for_timeout(300)
    assert asked
    assert phone.page.url.endswith("/desk/me")


def test_a_stale_token_is_fetched_anew(phone, claim, tmp_path):
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 1))
    finish(phone)
    cookies = phone.page.context.cookies()
    phone.page.context.clear_cookies()
    phone.page.context.add_cookies([each for each in cookies if "csrf" not in each["name"]])
    phone.offline(False)
    phone.kill()
    phone.forgotten(claim)
    assert state(claim) == "submitted"


def test_a_record_the_server_knows_otherwise_stays_on_the_phone_and_says_why(phone, claim, tmp_path):
    """Its number stands for something else there: one opens it again and sends it as a new one."""
    opened(phone, claim)
    phone.offline(True)
    fill_in(phone, claim, photos(tmp_path, 1))
    finish(phone)
    refused = []

    def other_content(route):
        if refused:
            route.continue_()
            return
        refused.append(1)
        route.fulfill(status=409, json={"code": "different_content", "detail": "Something else."})

    phone.page.context.route("**/submissions", other_content)
    phone.offline(False)
    phone.kill()
    expect(phone.page.locator("#screen .state.bad")).to_be_visible(timeout=PATIENCE)
    phone.tap(f"a[href='#{claim.pk}']")
    phone.tap("[data-do=anew]")
    phone.open(f"#{claim.pk}/finish")
    finish(phone)
    phone.forgotten(claim)
    assert Submission.objects.count() == 1


def test_while_there_is_network_photos_go_ahead_and_a_draft_is_kept(phone, claim, tmp_path):
    opened(phone, claim)
    phone.open(f"#{claim.pk}/C01")
    phone.choose("pass")
    phone.photograph(photos(tmp_path, 1)[0])
    expect(phone.page.locator("[data-photos] .state.ok")).to_be_visible(timeout=PATIENCE)
    phone.page.wait_for_timeout(500)
    assert VisitPhoto.objects.count() == 1
    assert Draft.objects.get().content["answers"][0]["code"] == "C01"


def test_what_is_lacking_is_said_before_it_is_sent(phone, claim):
    opened(phone, claim)
    phone.open(f"#{claim.pk}/finish")
    phone.tap("[data-do=finish]")
    expect(phone.page.locator("#toasts .state.bad")).to_be_visible()
    assert phone.page.locator("#screen a[href*='/C0']").count() == 2
    (row,) = phone.kept()
    assert row["state"] == "open"


def test_many_visits_and_photos_wait_and_all_arrive_once(phone, claim, tmp_path):
    """Three visits of six photos, as a smaller copy of twenty and a hundred."""
    claims = [claim, *(taken(coordinator=claim.coordinator, task__place__town=claim.task.town) for _ in range(2))]
    opened(phone, claim)
    phone.offline(True)
    pictures = photos(tmp_path, 18)
    for place, each in enumerate(claims):
        fill_in(phone, each, pictures[place * 6 : place * 6 + 6])
        finish(phone)
    assert (len(phone.kept()), len(phone.kept("photos"))) == (3, 18)
    phone.offline(False)
    phone.kill()
    for each in claims:
        phone.forgotten(each)
    assert (Submission.objects.count(), SubmissionComplete.objects.count(), VisitPhoto.objects.count()) == (3, 3, 18)
    assert {state(each) for each in claims} == {"submitted"}


@pytest.mark.parametrize("screen", ["", "#{0}", "#{0}/arrive", "#{0}/C02", "#{0}/unseen", "#{0}/finish"])
def test_every_screen_is_accessible_and_fits(phone, claim, axe, screen):
    opened(phone, claim)
    phone.open(screen.format(claim.pk))
    phone.page.wait_for_timeout(500)
    assert axe(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
