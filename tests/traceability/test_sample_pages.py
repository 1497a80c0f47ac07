"""Samples at the desk: taken by place and batch, labelled, found again, read on."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kit import codes, qr
from kit.ids import uuid7
from registry.roles import Role
from tests.factories.registry import ProductFactory, account_with
from tests.factories.testing import TestKitFactory, point_at
from tests.factories.traceability import BatchFactory, HandIntakeFactory, IntakeFactory, WholesaleStallFactory
from tests.kit.test_images import encoded, picture
from tests.registry.people import signed_in
from tests.traceability.instruments import enzyme_item, sample_of
from traceability.models import Batch, Hold, RapidTest, Sample

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    return encoded(picture())


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
def person(batch, point):
    return account_with(Role.TESTER, market=batch.place.market)


@pytest.fixture
def tester(person):
    return signed_in(person)


def take(client, place, *goods, **more):
    sent = {"client_key": uuid7(), "goods": list(goods), "purpose": "routine", "amount": "500 g", **more}
    return client.post(f"{reverse('sample_new')}?place={place.pk}", sent)


class TestTaking:
    def test_what_the_place_holds_today_is_offered(self, tester, batch):
        page = tester.get(f"{reverse('sample_new')}?place={batch.place_id}").content.decode()
        assert f'value="batch:{batch.pk}"' in page
        assert batch.product.name in page

    def test_each_ticked_lot_becomes_a_sample_with_a_label(self, tester, batch):
        second = BatchFactory(place=batch.place, product=ProductFactory(code="12002", name="茄子"))
        answer = take(tester, batch.place, f"batch:{batch.pk}", f"batch:{second.pk}")
        assert answer.status_code == 302 or answer.status_code == 303
        taken = Sample.objects.order_by("id")
        assert [sample.batch_id for sample in taken] == [batch.pk, second.pk]
        assert {sample.link for sample in taken} == {"batch"}
        assert all(codes.read_typed_code(sample.label) for sample in taken)
        assert {sample.origin_text for sample in taken} != {""}

    def test_sent_twice_it_is_taken_once(self, tester, batch):
        key = uuid7()
        for _ in range(2):
            take(tester, batch.place, f"batch:{batch.pk}", client_key=key)
        assert Sample.objects.count() == 1

    def test_nothing_ticked_is_said_and_what_was_typed_stays(self, tester, batch):
        answer = take(tester, batch.place, amount="三根")
        assert answer.status_code == 422
        assert "三根" in answer.content.decode()
        assert not Sample.objects.exists()

    def test_looking_up_a_product_keeps_the_ticks_and_takes_nothing(self, tester, batch):
        ProductFactory(code="12002", name="茄子")
        answer = take(tester, batch.place, f"batch:{batch.pk}", look="1", find="茄子", amount="三根")
        page = answer.content.decode()
        assert 'value="product:12002"' in page
        assert f'value="batch:{batch.pk}" checked' in page
        assert "三根" in page
        assert not Sample.objects.exists()

    def test_a_product_without_a_batch_is_tied_by_the_rule_when_there_is_one(self, tester, batch):
        take(tester, batch.place, f"product:{batch.product_id}")
        sample = Sample.objects.get()
        assert (sample.link, sample.batch_id) == ("rule", batch.pk)

    def test_and_to_nothing_when_there_is_none_or_two(self, tester, batch):
        BatchFactory(place=batch.place)
        take(tester, batch.place, f"product:{batch.product_id}")
        assert Sample.objects.get().link == "none"

    def test_goods_entered_by_hand_are_tied_through_their_entry(self, item):
        intake = HandIntakeFactory()
        point_at(intake.place)
        tester = signed_in(account_with(Role.TESTER, market=intake.place.market))
        take(tester, intake.place, f"intake:{intake.pk}")
        sample = Sample.objects.get()
        assert (sample.link, sample.intake_id, sample.batch_id) == ("intake", intake.pk, intake.batch_id)

    def test_a_scanned_slip_offers_its_lines_where_they_lie(self, item):
        intake = IntakeFactory()
        point_at(intake.place)
        tester = signed_in(account_with(Role.TESTER, market=intake.place.market))
        line = Batch.objects.get(pk=intake.batch_id).source_line_id
        voucher = type(intake)._meta.apps.get_model("traceability.VoucherLine").objects.get(pk=line).voucher
        answer = tester.get(f"{reverse('sample_new')}?q=https://example.cn/v/{voucher.token}")
        assert f"place={intake.place_id}" in answer["Location"]
        page = tester.get(answer["Location"]).content.decode()
        assert f'value="voucher:{line}" checked' in page
        take(tester, intake.place, f"voucher:{line}")
        sample = Sample.objects.get()
        assert (sample.link, sample.voucher_line_id, sample.batch_id) == ("voucher", line, intake.batch_id)

    def test_a_stalls_code_leads_to_the_stall(self, tester, batch):
        answer = tester.get(f"{reverse('sample_new')}?q={batch.place.token}")
        assert answer["Location"].endswith(f"place={batch.place_id}")

    @pytest.mark.parametrize("text", ["nobody", "0" * 17, "A99", "x" * 300])
    def test_what_is_found_nowhere_is_said(self, tester, text):
        answer = tester.get(reverse("sample_new"), {"q": text})
        assert answer.status_code == 200
        assert "note-box due" in answer.content.decode()

    def test_goods_of_another_market_are_not_offered_nor_taken(self, tester, batch):
        other = BatchFactory(place=WholesaleStallFactory())
        assert tester.get(f"{reverse('sample_new')}?place={other.place_id}").status_code == 200
        take(tester, other.place, f"batch:{other.pk}")
        assert take(tester, batch.place, f"batch:{other.pk}").status_code == 422
        assert not Sample.objects.exists()

    def test_a_purpose_the_point_has_not_is_refused(self, tester, batch):
        assert take(tester, batch.place, f"batch:{batch.pk}", purpose="regulator").status_code == 422
        assert take(tester, batch.place, f"batch:{batch.pk}", purpose="blind").status_code == 422

    def test_somebody_of_the_whole_district_takes_them_for_the_regulator(self, batch, point):
        client = signed_in(account_with(Role.TESTER, district_id=batch.district_id))
        take(client, batch.place, f"batch:{batch.pk}", purpose="regulator")
        assert Sample.objects.get().purpose == "regulator"


class TestList:
    def test_is_searched_narrowed_and_exported(self, tester, batch):
        sample, other = sample_of(batch), sample_of()
        page = tester.get(reverse("samples")).content.decode()
        assert codes.grouped(sample.label) in page
        assert codes.grouped(other.label) not in page
        for query, found in (
            ({"q": sample.label}, 1),
            ({"q": "没有"}, 0),
            ({"purpose": "entry"}, 0),
            ({"link": "batch"}, 1),
        ):
            assert tester.get(reverse("samples"), query).context["count"] == found
        rows = list(csv.reader(io.StringIO(content(tester.get(reverse("samples_export"))).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert rows[1][0] == codes.grouped(sample.label)

    def test_is_empty_kindly(self, tester):
        assert reverse("sample_new") in tester.get(reverse("samples")).content.decode()

    def test_a_blind_sample_looks_like_any_other(self, tester, batch):
        sample = sample_of(batch)
        Sample.objects.create(
            district_id=sample.district_id, point=sample.point, place=sample.place, product=sample.product,
            label=codes.new_typed_code(), purpose="blind", link="none", trade_day=sample.trade_day,
            sampled_at=sample.sampled_at, recorded_at=sample.recorded_at, client_key=uuid7(),
        )  # fmt: skip
        assert "盲样" not in content(tester.get(reverse("samples_export"))).decode()


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


class TestLabel:
    @pytest.mark.parametrize("form", ["svg", "png", "pdf"])
    def test_is_drawn_and_was_read_before(self, tester, batch, form, settings):
        sample = sample_of(batch)
        answer = tester.get(reverse("sample_label", args=[sample.label, form]))
        assert answer.status_code == 200
        if form == "png":
            assert qr.decode(answer.content) == [f"{settings.BASE_URL}/desk/samples/{sample.label}"]

    @pytest.mark.parametrize("sheet", ["", "1"])
    def test_a_day_of_labels_is_one_file(self, tester, batch, sheet):
        labels = [sample_of(batch).label for _ in range(3)]
        answer = tester.get(reverse("sample_labels"), {"label": labels, "sheet": sheet})
        assert answer["Content-Type"] == "application/pdf"
        assert tester.get(reverse("sample_labels"), {"label": ["nobody"]}).status_code == 404

    def test_its_code_opens_the_sample_from_the_scan_page(self, tester, batch):
        sample = sample_of(batch)
        for text in (f"https://example.cn/desk/samples/{sample.label}", f"/desk/samples/{sample.label.lower()}"):
            answer = tester.get(reverse("scan"), {"q": text})
            assert answer["Location"] == reverse("sample", args=[sample.label])


class TestOneSample:
    def test_shows_its_tie_its_tests_and_how_closely_it_is_tested(self, tester, batch):
        sample = sample_of(batch)
        page = tester.get(reverse("sample", args=[codes.grouped(sample.label)])).content.decode()
        assert reverse("sample_test", args=[sample.label]) in page
        assert reverse("batch", args=[batch.pk]) in page

    def test_of_another_market_or_nobody_is_not_found(self, tester):
        for label in (sample_of().label, codes.new_typed_code(), "nonsense"):
            assert tester.get(reverse("sample", args=[label])).status_code == 404

    def test_is_seen_but_not_tested_by_an_officer(self, batch, point):
        officer = signed_in(account_with(Role.DISTRICT_OFFICER, district_id=batch.district_id))
        sample = sample_of(batch)
        page = officer.get(reverse("sample", args=[sample.label])).content.decode()
        assert reverse("sample_test", args=[sample.label]) not in page
        assert officer.get(reverse("sample_test", args=[sample.label])).status_code == 403


def read(client, sample, query="", **sent):
    url = reverse("sample_test", args=[sample.label]) + query
    return client.post(url, {"client_key": uuid7(), "item": "PEST_ENZ", **sent})


class TestAResult:
    def test_a_word_is_recorded_with_photo_kit_and_note(self, tester, batch, point, item):
        kit = TestKitFactory(point=point, item=item)
        sample = sample_of(batch)
        file = SimpleUploadedFile("strip.jpg", photo(), "image/jpeg")
        read(tester, sample, result="negative", kit=str(kit.pk), photo=file, note="清晰")
        test = RapidTest.objects.get()
        assert (test.result, test.kit, test.note) == ("negative", kit, "清晰")
        picture = tester.get(reverse("strip_photo", args=[test.pk]))
        assert picture["Content-Type"] == "image/jpeg"
        assert tester.get(reverse("strip_photo", args=[test.pk]) + "?small").status_code == 200
        assert (
            reverse("strip_photo", args=[test.pk])
            in tester.get(reverse("sample", args=[sample.label])).content.decode()
        )

    def test_a_number_is_judged_by_the_rule_in_force(self, tester, batch):
        sample = sample_of(batch)
        read(tester, sample, value="12.5", unit="%")
        test = RapidTest.objects.get()
        assert (test.result, test.raw_value, test.why) == ("negative", 12.5, "under")

    @pytest.mark.parametrize(
        "sent",
        [
            {}, {"result": "negative", "value": "3", "unit": "%"}, {"value": "3"}, {"value": "viel", "unit": "%"},
            {"result": "fine"}, {"result": "negative", "item": "NONE"}, {"result": "negative", "kit": "x"},
            {"result": "negative", "method_no": "KJ 0"}, {"result": "negative", "tested_at": "soon"},
        ],
        ids=str,
    )  # fmt: skip
    def test_what_is_wrong_comes_back_with_what_was_typed(self, tester, batch, sent):
        answer = read(tester, sample_of(batch), note="清晰", **sent)
        assert answer.status_code == 422
        assert "清晰" in answer.content.decode()
        assert not RapidTest.objects.exists()

    def test_an_expired_kit_is_refused_in_words(self, tester, batch, point, item):
        kit = TestKitFactory(point=point, item=item, expires_on="2020-01-01")
        answer = read(tester, sample_of(batch), result="negative", kit=str(kit.pk))
        assert answer.status_code == 422
        assert "expired" in answer.content.decode() or "过期" in answer.content.decode()
        assert not RapidTest.objects.exists()

    @pytest.mark.parametrize("sent", [{"result": "positive"}, {"value": "80", "unit": "%"}], ids=str)
    def test_a_positive_says_first_what_it_stops_and_keeps_the_photo(self, tester, batch, sent):
        sample = sample_of(batch)
        file = SimpleUploadedFile("strip.jpg", photo(), "image/jpeg")
        asking = read(tester, sample, photo=file, **sent)
        page = asking.content.decode()
        assert "100" in page
        assert not RapidTest.objects.exists()
        hidden = dict(asking.context["hidden"])
        assert hidden["kept"]
        assert asking.context["action"] == reverse("sample_test", args=[sample.label])
        tester.post(asking.context["action"], hidden)
        test = RapidTest.objects.get()
        assert test.result == "positive"
        assert test.strip_image
        assert Hold.objects.get().items.get().batch_id == batch.pk

    def test_a_second_strip_names_the_first_and_who_read_both(self, tester, batch, person):
        sample = sample_of(batch)
        read(tester, sample, result="suspect")
        first = RapidTest.objects.get()
        page = tester.get(reverse("sample_test", args=[sample.label]) + f"?repeats={first.pk}").content.decode()
        assert first.item.name in page
        read(tester, sample, f"?repeats={first.pk}", result="negative")
        second = RapidTest.objects.exclude(pk=first.pk).get()
        assert (second.repeats, second.same_person) == (first, True)

    def test_sent_twice_it_is_one_record(self, tester, batch):
        sample, key = sample_of(batch), uuid7()
        for _ in range(2):
            read(tester, sample, result="negative", client_key=key)
        assert RapidTest.objects.count() == 1

    def test_the_strips_photo_is_for_those_who_see_the_test(self, tester, batch):
        sample = sample_of(batch)
        read(tester, sample, result="negative", photo=SimpleUploadedFile("s.jpg", photo(), "image/jpeg"))
        stranger = signed_in(account_with(Role.TESTER, market=sample_of().point.market))
        assert stranger.get(reverse("strip_photo", args=[RapidTest.objects.get().pk])).status_code == 404

    def test_what_is_no_photo_is_said(self, tester, batch):
        answer = read(
            tester, sample_of(batch), result="negative", photo=SimpleUploadedFile("s.jpg", b"no", "image/jpeg")
        )
        assert answer.status_code == 422


class TestFromABatch:
    """One result of one batch in one step."""

    def send(self, client, batch, **sent):
        return client.post(
            f"{reverse('test_new')}?batch={batch.token}", {"client_key": uuid7(), "item": "PEST_ENZ", **sent}
        )

    def test_takes_the_sample_with_the_same_press_and_admits_waiting_goods(self, item):
        batch = BatchFactory(unproven=True)
        point_at(batch.place)
        tester = signed_in(account_with(Role.TESTER, market=batch.place.market))
        self.send(tester, batch, result="negative")
        assert RapidTest.objects.get().sample.batch_id == batch.pk
        batch.refresh_from_db()
        assert batch.state == Batch.State.ADMITTED

    def test_a_positive_asks_first(self, tester, batch):
        asking = self.send(tester, batch, result="positive")
        assert asking.status_code == 200
        assert not RapidTest.objects.exists()
        tester.post(asking.context["action"], dict(asking.context["hidden"]))
        assert Hold.objects.count() == 1

    def test_earlier_tests_offer_a_second_strip(self, tester, batch):
        self.send(tester, batch, result="suspect")
        test = RapidTest.objects.get()
        page = tester.get(f"{reverse('test_new')}?batch={batch.token}").content.decode()
        assert f"{reverse('sample_test', args=[test.sample.label])}?repeats={test.pk}" in page
