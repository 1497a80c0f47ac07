"""Officers read who missed what, open every score, plan blind samples and plans, and take files with them."""

from __future__ import annotations

import csv
import datetime as dt
import re

import pytest
from django.test import Client

from kit import clock, codes
from kit.ids import uuid7
from registry.roles import Role
from tests.factories.registry import ProductFactory, StallFactory, account_with
from tests.factories.testing import point_at
from tests.factories.traceability import DAWN, TODAY, officer
from tests.registry.people import signed_in
from tests.traceability.evaluated import Way, by_hand, carbofuran, traced, way
from traceability.models import BlindSample, PlanLine, PositiveCase
from traceability.services.blind import plan_blind, send_blind
from traceability.services.sampling import make_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def reader() -> Client:
    return signed_in(account_with(Role.DISTRICT_OFFICER, district_id="440607"))


@pytest.fixture
def goods() -> Way:
    """Peppers a market found nothing in, and a canteen did; three more results found nothing."""
    goods = way()
    goods.tested_upstream()
    for _ in range(3):
        goods.found(result="negative")
    trace = traced(goods.found())
    PositiveCase.objects.filter(pk=trace.case_id).update(state="accepted")
    return goods


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return re.sub(r"\s+", " ", response.content.decode())


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def file_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return b"".join(response.streaming_content).decode()


class TestOverview:
    def test_an_empty_month_says_that_there_is_no_data(self, reader):
        said = words_of(page(reader, "/desk/evaluation?lang=en"))
        assert "no data" in said
        assert "0%" not in said

    def test_the_month_at_a_glance(self, reader, goods):
        said = words_of(page(reader, "/desk/evaluation?lang=en"))
        assert "25%" in said
        assert goods.market_point.name in said

    def test_another_month_has_other_figures(self, reader, goods):
        assert "25%" not in words_of(page(reader, "/desk/evaluation?month=2026-10&lang=en"))
        assert "25%" in words_of(page(reader, "/desk/evaluation?month=year&lang=en"))

    @pytest.mark.parametrize("wrong", ["month=2026-13", "month=x", "town=000", "month=1900-01"])
    def test_a_wrong_address_shows_this_month(self, reader, goods, wrong):
        assert "25%" in words_of(page(reader, f"/desk/evaluation?{wrong}"))

    def test_a_town_officer_reads_his_town(self, goods):
        town = signed_in(account_with(Role.TOWN_OFFICER, town=goods.canteen.town))
        assert "25%" in words_of(page(town, "/desk/evaluation"))

    def test_the_weights_are_changed_by_whoever_may(self, reader, goods):
        town = signed_in(account_with(Role.TOWN_OFFICER, town=goods.canteen.town))
        assert "/desk/policies" in page(reader, "/desk/evaluation/by/points")
        assert "/desk/policies" not in page(town, "/desk/evaluation/by/points")


class TestTables:
    @pytest.mark.parametrize("by", ["points", "markets", "suppliers", "bases"])
    def test_an_empty_table_says_what_will_be_there(self, reader, by):
        assert "empty" in page(reader, f"/desk/evaluation/by/{by}")

    def test_points_show_the_miss_the_weights_and_the_formula(self, reader, goods):
        said = words_of(page(reader, "/desk/evaluation/by/points?lang=en"))
        assert "25% (1/4)" in said
        assert "40 × blind samples answered rightly" in said

    def test_markets_show_where_goods_came_through(self, reader, goods):
        said = words_of(page(reader, "/desk/evaluation/by/markets"))
        assert goods.batch.place.market.name in said

    def test_every_point_taken_from_a_supplier_is_opened(self, reader, goods):
        html = page(reader, "/desk/evaluation/by/suppliers?lang=en")
        assert "−10" in html
        assert "Positive confirmed, found 2026-11-22" in html
        assert "/desk/evaluation/traces/" in html
        assert "100 − 20 × failed at the laboratory" in words_of(html)

    def test_a_supplier_below_the_line_is_listed(self, reader):
        canteen = None
        market = None
        supplier_of = []
        for _ in range(5):
            found = way(canteen=canteen, market=market)
            canteen, market = found.canteen, found.batch.place.market
            trace = traced(found.found())
            PositiveCase.objects.filter(pk=trace.case_id).update(state="accepted")
            supplier_of.append(trace.supplier_id)
        html = page(reader, "/desk/evaluation/by/suppliers?lang=en")
        assert "red list" in html
        assert "red list" in page(reader, "/desk/evaluation?lang=en")

    def test_names_are_searched(self, reader, goods):
        name = goods.market_point.name
        assert name in page(reader, f"/desk/evaluation/by/points?q={name}")
        assert name not in page(reader, "/desk/evaluation/by/points?q=nowhere")

    @pytest.mark.parametrize("by", ["points", "markets", "suppliers", "bases"])
    def test_tables_go_with_one_as_csv_and_as_a_workbook(self, reader, goods, by):
        rows = list(csv.reader(file_of(reader, f"/desk/evaluation/by/{by}.csv?lang=en").splitlines()))
        assert len(rows) >= (1 if by == "bases" else 2)
        assert {len(row) for row in rows} == {len(rows[0])}
        assert reader.get(f"/desk/evaluation/by/{by}.xlsx").status_code == 200

    def test_a_file_holds_part_and_whole_of_every_rate(self, reader, goods):
        header, *rows = file_of(reader, "/desk/evaluation/by/points.csv?lang=en").splitlines()
        assert "Missed %,Missed n,Missed N" in header
        assert any(",25.00,1,4," in row for row in rows)


class TestReport:
    def test_a_month_of_the_towns_as_paper_and_as_sheets(self, reader, goods):
        paper = reader.get("/desk/evaluation/report.pdf")
        assert paper.content.startswith(b"%PDF")
        assert "西南街道" in file_of(reader, "/desk/evaluation/report.csv")
        assert reader.get("/desk/evaluation/report.xlsx").status_code == 200

    def test_an_empty_month_prints_too(self, reader):
        assert reader.get("/desk/evaluation/report.pdf?month=2026-03").content.startswith(b"%PDF")


class TestTraces:
    def test_the_list_narrows_to_what_was_missed(self, reader, goods):
        assert "克百威" in page(reader, "/desk/evaluation/traces?show=missed")
        assert "克百威" not in page(reader, "/desk/evaluation/traces?show=broken")
        assert "克百威" not in page(reader, "/desk/evaluation/traces?q=nowhere")
        assert "克百威" in file_of(reader, "/desk/evaluation/traces.csv")

    def test_one_way_back_shows_every_place_and_what_it_found(self, reader, goods):
        trace = goods.child.cases.get().back_traces.get()
        said = words_of(page(reader, f"/desk/evaluation/traces/{trace.pk}?lang=en"))
        assert goods.batch.place.name in said
        assert "missed" in said
        assert goods.batch.declaration.supplier.name in said

    def test_a_broken_way_is_said(self, reader):
        goods = way()
        trace = traced(by_hand(goods.canteen, goods.market_point).found())
        assert "The way back is broken" in page(reader, f"/desk/evaluation/traces/{trace.pk}?lang=en")


class TestPoint:
    def test_a_score_is_opened_part_by_part(self, reader, goods):
        said = words_of(page(reader, f"/desk/evaluation/points/{goods.market_point.pk}?lang=en"))
        assert "Tests recorded within 24 hours 20 100% (1/1) 20" in said
        assert "Blind samples answered rightly, 12 months 40 no data no data" in said
        assert "Results not contradicted later 20 75% (3/4) 15" in said
        assert "divided by 60" in said
        assert "fewer than 30 downstream results" in said

    def test_a_point_of_another_district_is_not_there(self, reader, goods):
        assert reader.get(f"/desk/evaluation/points/{uuid7()}").status_code == 404


class TestBlindPages:
    @pytest.fixture
    def point(self):
        return point_at(StallFactory())

    def form(self, point, **changes):
        product = ProductFactory().pk
        asked = {"point": str(point.pk), "product": product, "item": carbofuran().pk, "expected": "positive",
                 "planned_for": TODAY.isoformat(), "client_key": str(uuid7())}  # fmt: skip
        return asked | changes

    def test_one_is_planned_sent_and_labelled(self, reader, point):
        made = reader.post("/desk/evaluation/blind/new", self.form(point))
        assert made.status_code == 303
        sent = reader.post(made["Location"] + "/send", follow=True)
        blind = BlindSample.objects.get()
        assert blind.state == "sent"
        assert sent.status_code == 200
        assert codes.grouped(blind.sample.label) in sent.content.decode()

    def test_a_second_click_plans_one(self, reader, point):
        asked = self.form(point)
        reader.post("/desk/evaluation/blind/new", asked)
        reader.post("/desk/evaluation/blind/new", asked)
        assert BlindSample.objects.count() == 1

    def test_what_was_chosen_stays_when_something_is_wrong(self, reader, point):
        answer = reader.post("/desk/evaluation/blind/new", self.form(point, planned_for="2020-01-01"))
        assert answer.status_code == 422
        assert f'value="{point.pk}" selected' in answer.content.decode()

    def test_one_is_called_off_with_a_reason(self, reader, point):
        blind = plan_blind(
            officer(), point=point, item=carbofuran(), product=ProductFactory(), expected="negative",
            planned_for=TODAY, client_key=uuid7(),
        )  # fmt: skip
        assert reader.post(f"/desk/evaluation/blind/{blind.pk}/call-off", {"reason": ""}).status_code == 422
        reader.post(f"/desk/evaluation/blind/{blind.pk}/call-off", {"reason": "样品变质"})
        assert "样品变质" in page(reader, f"/desk/evaluation/blind/{blind.pk}")
        assert "样品变质" in file_of(reader, "/desk/evaluation/blind.csv")

    def test_an_overdue_answer_stands_out(self, reader, point):
        blind = send_blind(officer(), blind=plan_blind(
            officer(), point=point, item=carbofuran(), product=ProductFactory(), expected="negative",
            planned_for=TODAY, client_key=uuid7(),
        ))  # fmt: skip
        with clock.freeze(DAWN + dt.timedelta(days=4)):
            assert "answer overdue" in page(reader, "/desk/evaluation/blind?lang=en")
            assert point.name in page(reader, "/desk/evaluation/blind?state=late")
            assert "The answer is overdue" in page(reader, f"/desk/evaluation/blind/{blind.pk}?lang=en")
        assert point.name not in page(reader, "/desk/evaluation/blind?state=wrong")

    def test_the_rule_is_asked_at_once(self, reader, goods):
        reader.post("/desk/evaluation/blind/by-rule")
        count = BlindSample.objects.count()
        assert count == 2
        assert "1 in 3 months" in page(reader, f"/desk/evaluation/blind/{BlindSample.objects.first().pk}?lang=en")
        reader.post("/desk/evaluation/blind/by-rule")
        assert BlindSample.objects.count() == count

    def test_a_town_officer_looks_and_does_not_plan(self, goods):
        town = signed_in(account_with(Role.TOWN_OFFICER, town=goods.canteen.town))
        assert "/blind/new" not in page(town, "/desk/evaluation/blind")
        assert town.post("/desk/evaluation/blind/by-rule").status_code == 403


class TestSamplingPages:
    def test_the_district_makes_tomorrows_plans_and_reads_what_was_done(self, reader, goods):
        assert "sampling/make" in page(reader, "/desk/sampling?day=2026-11-23")
        answer = reader.post("/desk/sampling/make", {"day": "2026-11-23"}, follow=True)
        assert PlanLine.objects.exists()
        said = words_of(answer.content.decode())
        assert goods.market_point.name in said
        assert "0 of 2 done" in words_of(page(reader, "/desk/sampling?day=2026-11-23&lang=en"))
        reader.post("/desk/sampling/make", {"day": "2026-11-23"})
        assert PlanLine.objects.count() == 2

    def test_no_plan_is_made_of_yesterday(self, reader):
        assert reader.post("/desk/sampling/make", {"day": "2026-11-21"}).status_code == 404
        assert reader.post("/desk/sampling/make", {"day": "never"}).status_code == 404
        assert "sampling/make" not in page(reader, "/desk/sampling?day=2026-11-21")

    def test_plans_are_searched_and_taken_along(self, reader, goods):
        make_plans(officer(), district_id="440607", day=TODAY)
        assert goods.market_point.name in page(reader, f"/desk/sampling?q={goods.market_point.name}")
        assert goods.market_point.name not in page(reader, "/desk/sampling?kind=vehicle")
        assert "辣椒" in file_of(reader, "/desk/sampling.csv")
        assert reader.get("/desk/sampling.xlsx").status_code == 200

    def test_a_tester_finds_the_plan_on_the_first_page(self, goods):
        make_plans(officer(), district_id="440607", day=TODAY)
        tester = signed_in(account_with(Role.TESTER, market=goods.batch.place.market))
        assert "1 of 1 done" in words_of(page(tester, "/desk/tests?lang=en"))
        said = words_of(page(tester, "/desk/tests/plan?lang=en"))
        assert "辣椒" in said
        assert "The plan for tomorrow is made this evening." in said

    def test_a_tester_sees_samples_that_were_sent_and_not_what_is_in_them(self, goods):
        send_blind(officer(), blind=plan_blind(
            officer(), point=goods.market_point, item=carbofuran(), product=ProductFactory(), expected="positive",
            planned_for=TODAY, client_key=uuid7(),
        ))  # fmt: skip
        tester = signed_in(account_with(Role.TESTER, market=goods.batch.place.market))
        said = words_of(page(tester, "/desk/tests/plan?lang=en"))
        assert "Samples sent to you" in said
        assert "substance added" not in said
        other = signed_in(account_with(Role.TESTER, market=StallFactory().market))
        assert "Samples sent to you" not in page(other, "/desk/tests/plan?lang=en")
