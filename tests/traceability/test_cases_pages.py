"""The pages of positives, as their readers use them: what waits for whom, each step, wrong input, a second click."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from zeal import zeal_ignore

from kit import clock
from kit.ids import uuid7
from registry.models import Account, Notice
from registry.roles import Role
from registry.selectors.notices import lines
from tests.factories import cases as made
from tests.factories.registry import StallFactory, account_with
from tests.factories.traceability import DAWN, BatchFactory, IntakeFactory, WholesaleStallFactory
from tests.registry.people import signed_in
from traceability.models import CasePhoto, CaseStep, PositiveCase
from traceability.services.case_finish import close
from traceability.services.samples import Goods, take_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def place():
    return WholesaleStallFactory()


@pytest.fixture
def case(place):
    return made.positive(BatchFactory(place=place), code="CARBO")


@pytest.fixture
def keeper(place):
    return signed_in(account_with(Role.WHOLESALER, place=place))


@pytest.fixture
def manager(place):
    return signed_in(account_with(Role.MARKET_MANAGER, market=place.market))


@pytest.fixture
def town_officer(place):
    return signed_in(account_with(Role.TOWN_OFFICER, town=place.town))


def photo(name="before.jpg"):
    return SimpleUploadedFile(name, made.picture().content, "image/jpeg")


def url(case, step=""):
    return f"/desk/cases/{case.pk}" + (f"/{step}" if step else "")


def send(client, case, step, **data):
    return client.post(url(case, step), {"client_key": str(uuid7()), **data})


def text(response) -> str:
    return response.content.decode()


class TestTheList:
    def test_it_shows_first_what_is_due_from_the_reader(self, case, keeper, manager):
        assert "CARBO" in text(keeper.get("/desk/cases"))
        assert keeper.get("/desk/cases").context["show"] == "mine"
        assert manager.get("/desk/cases").context["show"] == "open", "nothing waits for the market"
        assert manager.get("/desk/cases").context["count"] == 1

    def test_the_most_urgent_comes_first(self, place, case, keeper):
        with clock.freeze(DAWN + dt.timedelta(hours=1)):
            later = made.positive(BatchFactory(place=place), code="OTHER")
        assert [row[0].pk for row in keeper.get("/desk/cases").context["rows"]] == [case.pk, later.pk]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [("q=CARBO", 1), ("q=nothing", 0), ("q=辣椒", 1), ("show=overdue", 0), ("show=closed", 0), ("branch=market", 1),
         ("branch=canteen", 0), ("state=notified", 1), ("state=sealed", 0), ("days=today", 1), ("days=yesterday", 0)],
    )  # fmt: skip
    def test_it_is_searched_and_narrowed(self, case, manager, asked, found):
        assert manager.get(f"/desk/cases?{asked}").context["count"] == found

    def test_a_batchs_code_finds_it(self, case, manager):
        assert manager.get(f"/desk/cases?q={case.batch.typed_code}").context["count"] == 1

    def test_a_lapsed_objection_waits_for_the_regulator_even_before_the_job_ran(self, place):
        case = made.regulators_positive(BatchFactory(place=place))
        officer = signed_in(account_with(Role.TOWN_OFFICER, town=place.town))
        assert officer.get("/desk/cases").context["mine"] == 0
        with clock.freeze(made.after(case, hours=5)):
            assert officer.get("/desk/cases").context["mine"] == 1

    def test_empty_it_says_what_would_be_there(self, manager):
        assert "empty" in text(manager.get("/desk/cases"))
        assert "empty" in text(manager.get("/desk/cases?show=overdue"))
        assert "empty" in text(manager.get("/desk/cases?q=nothing"))

    def test_it_can_be_taken_along(self, case, manager):
        response = manager.get("/desk/cases.csv?show=open")
        rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert "辣椒" in rows[1]

    def test_a_stall_sees_its_own_only(self, case):
        other = signed_in(account_with(Role.VENDOR, place=StallFactory()))
        assert other.get("/desk/cases").context["count"] == 0
        assert other.get(url(case)).status_code == 404

    def test_the_first_pages_lead_there(self, case, keeper, manager):
        assert url(case) in text(keeper.get("/desk/wholesale"))
        made.objected(made.fresh(case))
        assert url(case) in text(manager.get("/desk/market"))
        tester = signed_in(case.test.tested_by)
        assert url(case) in text(tester.get("/desk/tests"))


class TestACase:
    def test_the_holder_reads_what_it_means_and_what_to_do(self, case, keeper):
        page = text(keeper.get(url(case)))
        assert url(case, "answer") in page
        assert "note-box bad" in page

    def test_each_side_sees_what_is_due_and_only_its_own_buttons(self, case, manager, town_officer):
        for client in (manager, town_officer):
            page = text(client.get(url(case)))
            assert url(case, "answer") not in page
        assert url(case, "repeat") in text(manager.get(url(case)))
        assert url(case, "repeat") not in text(town_officer.get(url(case)))

    @pytest.mark.parametrize("last", ["sealed", "lab", "disposed", "closed"])
    def test_every_state_has_its_page_for_every_side(self, case, keeper, manager, town_officer, last):
        bring(case, last)
        for client in (keeper, manager, town_officer):
            with zeal_ignore():
                assert client.get(url(case)).status_code == 200

    def test_the_story_tells_who_did_what(self, case, manager):
        made.objected(case)
        page = text(manager.get(url(case)))
        assert "这批菜有合格证" in page


def bring(case, last):
    """The case as far as `last`."""
    if last in ("sealed", "lab"):
        case = made.sealed(made.objected(case))
        return made.reported_by_lab(case, passed=True) if last == "lab" else case
    case = made.disposed(made.accepted(case))
    if last == "closed":
        case = made.followed_up(made.resampled(made.reported(case)))
        close(made.manager(case), case=case, note="办结", client_key=uuid7())
    return case


class TestTheSteps:
    def test_accepting(self, case, keeper):
        assert send(keeper, case, "answer", answer="accept").status_code == 303
        assert made.fresh(case).state == "accepted"

    def test_objecting_with_a_reason(self, case, keeper):
        again = send(keeper, case, "answer", answer="object", reason="")
        assert again.status_code == 422
        assert 'value="object"' in text(again)
        send(keeper, case, "answer", answer="object", reason="检测卡有问题")
        assert made.fresh(case).objection == "检测卡有问题"

    def test_a_late_objection_is_told_why(self, place, keeper):
        case = made.regulators_positive(BatchFactory(place=place))
        with clock.freeze(made.after(case, hours=5)):
            response = keeper.post(
                url(case, "answer"), {"client_key": str(uuid7()), "answer": "object", "reason": "不认"}, follow=True
            )
        assert "第88条" in text(response)
        assert made.fresh(case).objection == ""

    def test_the_second_click_is_the_first(self, case, keeper):
        data = {"client_key": str(uuid7()), "answer": "accept"}
        for _ in range(2):
            assert keeper.post(url(case, "answer"), data).status_code == 303
        assert CaseStep.objects.filter(case=case, kind="accepted").count() == 1

    def test_a_page_out_of_date_leads_back_to_the_case(self, case, keeper):
        made.accepted(case)
        assert keeper.get(url(case, "answer"))["Location"] == url(case)
        assert send(keeper, case, "answer", answer="object", reason="不认")["Location"] == url(case)

    def test_a_second_strip_is_recorded_with_its_photo(self, case, manager):
        send(manager, case, "repeat", result="negative", strip=photo())
        case = made.fresh(case)
        assert case.confirmed is False
        assert case.photos.get().kind == "strip"
        assert send(manager, case, "clear", note="").status_code == 422
        send(manager, case, "clear", note="第一条卡受潮")
        assert made.fresh(case).outcome == "cleared_by_repeat"

    def test_sealing_keeps_the_photo_when_something_else_is_missing(self, case, manager):
        made.objected(case)
        again = send(manager, case, "seal", seal_no="", laboratory=made.LABORATORY, seal=photo())
        assert again.status_code == 422
        kept = re.search(r'name="kept_seal" value="([^"]+)"', text(again)).group(1)
        assert manager.get(f"/desk/papers/kept/{kept}").status_code == 200
        send(manager, case, "seal", seal_no="FY-7", laboratory=made.LABORATORY, kept_seal=kept)
        assert made.fresh(case).seal_no == "FY-7"

    def test_what_is_no_picture_is_refused_at_its_field(self, case, manager):
        made.objected(case)
        fake = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
        again = send(manager, case, "seal", seal_no="FY-7", laboratory=made.LABORATORY, seal=fake)
        assert again.status_code == 422
        assert "seal" in again.context["form"].errors

    def test_a_rapid_method_is_refused_at_its_field(self, case, town_officer):
        made.sealed(made.objected(case))
        data = {
            "outcome": "passed", "laboratory": made.LABORATORY, "report_no": "1", "method": "KJ 201710",
            "issued_on": "2026-11-22",
        }  # fmt: skip
        again = send(town_officer, case, "lab", **data)
        assert "method" in again.context["form"].errors
        send(town_officer, case, "lab", **(data | {"method": "GB 23200.121-2021"}))
        assert made.fresh(case).outcome == "cleared_by_lab"

    def test_a_disposal_with_too_many_kilos_says_how_many_there_are_and_keeps_both_photos(self, case, keeper):
        made.accepted(case)
        data = {"method": "destroyed", "witnesses": "王强", "before": photo(), "after": photo("after.jpg")}
        again = send(keeper, case, "dispose", weight_kg="500", **data)
        assert "100" in str(again.context["form"].errors["weight_kg"])
        kept = {name: re.search(rf'name="{name}" value="([^"]+)"', text(again)).group(1)
                for name in ("kept_before", "kept_after")}  # fmt: skip
        send(keeper, case, "dispose", weight_kg="100", method="destroyed", witnesses="王强", **kept)
        assert made.fresh(case).state == "disposed"

    def test_the_report_the_follow_up_and_the_end(self, case, manager):
        made.disposed(made.accepted(case))
        assert send(manager, case, "report", reported_to="").status_code == 422
        send(manager, case, "report", reported_to="西南市场监管所")
        page = manager.get(url(case, "resample"))
        assert 'value="new"' in text(page)
        send(manager, case, "resample", sample="new")
        case = made.fresh(case)
        assert case.state == "resampled"
        send(manager, case, "close", note="办结")
        assert made.fresh(case).state == "resampled", "the follow-up sample is not tested yet"
        made.followed_up(case)
        send(manager, case, "close", note="复查未检出")
        assert made.fresh(case).state == "closed"

    def test_an_officer_names_a_sample_somebody_has_taken(self, case, town_officer):
        case = made.reported(made.disposed(made.accepted(case)))
        taken = take_sample(
            made.tester_at(case.point), point=case.point, purpose="follow_up", client_key=uuid7(),
            goods=Goods(place=case.place, product=case.product),
        )  # fmt: skip
        page = text(town_officer.get(url(case, "resample")))
        assert 'value="new"' not in page, "officers take no samples at a market's point"
        assert str(taken.pk) in page
        send(town_officer, case, "resample", sample=str(taken.pk))
        assert made.fresh(case).resample_id == taken.pk

    def test_telling_a_holder_without_an_account(self, place, manager):
        batch = BatchFactory(place=place)
        place.grants.filter(role=Role.WHOLESALER).update(ended_at=clock.now())
        case = made.positive(batch)
        send(manager, case, "notify", how="当面告知")
        assert made.fresh(case).state == "notified"


class TestPhotos:
    def test_a_photo_is_for_those_who_see_the_case(self, case, manager):
        made.sealed(made.objected(case))
        found = CasePhoto.objects.get()
        response = manager.get(f"/desk/cases/photos/{found.pk}")
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Disposition"] == "inline"
        assert "sandbox" in response["Content-Security-Policy"]
        small = manager.get(f"/desk/cases/photos/{found.pk}?small")
        assert small.status_code == 200
        other = signed_in(account_with(Role.VENDOR, place=StallFactory()))
        assert other.get(f"/desk/cases/photos/{found.pk}").status_code == 404


class TestNotices:
    def test_every_notice_of_a_case_has_two_plain_lines(self, place):
        account_with(Role.TOWN_OFFICER, town=place.town)
        for last in ("sealed", "lab", "closed"):
            bring(made.positive(BatchFactory(place=place)), last)
        made.canteen_positive()
        kinds = set(Notice.objects.filter(kind__startswith="case_").values_list("kind", flat=True))
        assert kinds >= {
            "case_opened", "case_found", "case_accepted", "case_objected", "case_sealed", "case_lab_pass",
            "case_disposed", "case_reported", "case_resampled", "case_closed",
        }  # fmt: skip
        for notice in Notice.objects.filter(kind__startswith="case_"):
            assert len(lines(notice)) == 2, notice.kind

    def test_the_notice_leads_to_the_case(self, case):
        notice = Notice.objects.filter(kind="case_opened").first()
        client = signed_in(Account.objects.get(pk=notice.account_id))
        assert client.get(f"/desk/notices/{notice.pk}")["Location"] == url(case)


def test_a_canteen_answers_its_own_case_and_tells_the_seller():
    intake = IntakeFactory(voucher__buyer=made.StoreFactory())
    case = made.positive(intake.batch, purpose="acceptance")
    client = signed_in(account_with(Role.STORE_MANAGER, place=intake.place))
    send(client, case, "answer", answer="accept")
    send(
        client,
        case,
        "dispose",
        method="returned",
        weight_kg="10",
        witnesses="李敏",
        before=photo(),
        after=photo("b.jpg"),
    )
    send(client, case, "report", reported_to="西南市场监管所")
    case = PositiveCase.objects.get(pk=case.pk)
    assert case.state == "reported"
    case.batch.refresh_from_db()
    assert case.batch.returned_kg == 10
