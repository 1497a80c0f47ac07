"""What an instrument of the DY family sends: kept once, booked on its sample, answered 0 to 3."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from kit import clock
from kit.device_signing import new_key
from kit.ids import uuid7
from registry.models import Device
from registry.roles import Role
from tests.factories.registry import account_with
from tests.factories.testing import TestPointFactory
from tests.traceability.instruments import (
    detail,
    enzyme_item,
    instrument_at,
    message,
    sample_of,
    somebody_testing_at,
    upload,
)
from tests.traceability.signing import Hand
from traceability.instrument_message import Unreadable, read_dy
from traceability.models import (
    Hold,
    InstrumentReading,
    PointInstrument,
    PositiveCase,
    RapidTest,
    ReadingTie,
    SheetImport,
)
from traceability.selectors.instrument_readings import point_of
from traceability.services import instrument_readings as readings

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _no_misses_yet():
    cache.clear()


@pytest.fixture
def item():
    return enzyme_item()


@pytest.fixture
def sample(item):
    return sample_of()


@pytest.fixture
def device(sample):
    return instrument_at(sample.point)


def said(response, status=200):
    assert response.status_code == status, response.content
    return response.json()["code"]


class TestWhatIsRecorded:
    def test_a_reading_becomes_a_test_of_its_sample(self, device, sample):
        assert said(upload(device, message(device, detail("A1", sample.label, 12.5)))) == 0
        test = RapidTest.objects.get()
        assert (test.sample, test.result, test.source) == (sample, "negative", "instrument")
        assert (str(test.raw_value), test.raw_unit, test.device) == ("12.5000", "%", device)

    def test_a_rate_over_the_cut_off_pauses_the_goods(self, device, sample):
        upload(device, message(device, detail("A1", sample.label, 71)))
        assert RapidTest.objects.get().result == "positive"
        assert Hold.objects.get().items.get().batch_id == sample.batch_id
        assert PositiveCase.objects.count() == 1

    def test_the_person_it_names_is_its_tester_when_he_may_test_there(self, device, sample):
        person = account_with(Role.TESTER, market=sample.point.market)
        upload(device, message(device, detail("A1", sample.label), username=person.username))
        upload(device, message(device, detail("A2", sample.label), username="somebody else"))
        assert [test.tested_by_id for test in RapidTest.objects.order_by("id")] == [person.pk, None]

    def test_sent_again_it_is_answered_the_same_and_kept_once(self, device, sample):
        body = message(device, detail("A1", sample.label))
        assert said(upload(device, body)) == said(upload(device, body)) == 0
        assert RapidTest.objects.count() == InstrumentReading.objects.count() == 1

    def test_the_same_code_with_other_content_is_kept_and_answered_three(self, device, sample):
        upload(device, message(device, detail("A1", sample.label, 12.5)))
        other = upload(device, message(device, detail("A1", sample.label, 80)))
        assert said(other) == 3
        assert "A1" in other.json()["message"]
        assert RapidTest.objects.count() == 1
        assert sorted(InstrumentReading.objects.values_list("problem", flat=True)) == ["", "different_content"]

    def test_a_second_reading_of_a_positive_sample_is_its_repeat(self, device, sample):
        upload(device, message(device, detail("A1", sample.label, 71)))
        upload(device, message(device, detail("A2", sample.label, 68)))
        first, second = RapidTest.objects.order_by("id")
        assert second.repeats == first
        assert PositiveCase.objects.get().confirmed

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"sampleid": "no such sample"}, "unknown_sample"),
            ({"time": "2020-01-01 08:00:00"}, "time"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_booked_is_kept_with_its_reason(self, device, sample, changes, problem):
        answer = upload(device, message(device, detail("A1", sample.label, **changes)))
        assert said(answer) == 0
        assert "1 to be tied" in answer.json()["message"]
        assert InstrumentReading.objects.get().problem == problem
        assert not RapidTest.objects.exists()

    def test_an_unknown_item_another_point_and_no_point_are_kept_too(self, device, sample):
        elsewhere = instrument_at(sample_of().point)
        nowhere = instrument_at(TestPointFactory(market=sample_of().point.market, state="closed", closed_on=TODAY))
        type(sample.point).objects.filter(market=nowhere.market).update(state="closed", closed_on=TODAY)
        upload(device, message(device, detail("A1", sample.label), itemid="NONE"))
        upload(elsewhere, message(elsewhere, detail("A1", sample.label)))
        upload(nowhere, message(nowhere, detail("A1", sample.label)))
        problems = InstrumentReading.objects.order_by("id").values_list("problem", flat=True)
        assert list(problems) == ["unknown_item", "other_point", "no_point"]

    def test_an_instrument_lent_to_a_point_reads_there(self, device):
        other = sample_of().point
        PointInstrument.objects.create(district_id=other.district_id, point=other, device=device, placed_at=clock.now())
        assert point_of(device) == other


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "changes",
        [
            {"username": ""}, {"itemid": None}, {"deviceid": "another"}, {"totalnum": 2}, {"totalnum": "one"},
            {"Details": []}, {"Details": "x"}, {"Details": [1]}, {"longitude": "east"}, {"latitude": 400},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_bad_or_missing_parameter_is_one(self, device, sample, changes):
        assert said(upload(device, message(device, detail("A1", sample.label), **changes))) == 1
        assert not InstrumentReading.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"SysCode": ""}, {"SysCode": "x" * 65}, {"sampleid": None}, {"doublevalue": None}, {"doublevalue": "much"},
            {"doublevalue": True}, {"doublevalue": 10**12}, {"unit": "x" * 20}, {"stringvalue": ["a"]},
            {"time": "soon"}, {"time": None},
        ],
        ids=str,
    )  # fmt: skip
    def test_so_is_one_bad_reading_and_nothing_of_the_message_is_kept(self, device, sample, changes):
        body = message(device, detail("A1", sample.label), detail("A2", sample.label, **changes))
        assert said(upload(device, body)) == 1
        assert not InstrumentReading.objects.exists()

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff", b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":' + b"[" * 60 + b"]" * 60 + b"}"]
    )
    def test_what_is_no_json_is_two(self, device, body):
        assert said(upload(device, body)) == 2

    def test_too_much_is_refused_before_it_is_read(self, device):
        assert said(upload(device, b" " * 300_000), 413) == 1

    def test_more_readings_than_a_message_may_have(self, device):
        details = [detail(f"A{number}", "S") for number in range(201)]
        assert said(upload(device, message(device, *details))) == 1

    def test_a_failure_of_ours_is_three_and_may_be_sent_again(self, device, sample, monkeypatch):
        body = message(device, detail("A1", sample.label))
        with monkeypatch.context() as broken:
            broken.setattr(readings, "book", lambda *args, **kwargs: 1 / 0)
            assert said(upload(device, body)) == 3
        assert said(upload(device, body)) == 0
        assert RapidTest.objects.count() == 1

    def test_a_wrong_key_and_nobodys_id_answer_alike(self, device):
        wrong = upload(device, message(device), key=new_key())
        nobody = upload(Device(pk=uuid7(), key=new_key(), serial_no="x"), {})
        assert said(wrong, 401) == said(nobody, 401) == 1
        assert wrong["WWW-Authenticate"].startswith("Basic")
        assert wrong.json() == nobody.json()

    @pytest.mark.parametrize("header", ["", "Basic", "Basic !!", "Bearer abc", "Basic YQ=="])
    def test_no_credentials_are_nobodys(self, client, header):
        assert (
            said(client.post("/api/v1/instruments/dy", b"{}", "application/json", HTTP_AUTHORIZATION=header), 401) == 1
        )

    def test_a_scale_or_a_disabled_instrument_is_nobody(self, device):
        Device.objects.filter(pk=device.pk).update(state=Device.State.DISABLED)
        assert said(upload(device, {}), 401) == 1
        Device.objects.filter(pk=device.pk).update(state=Device.State.ACTIVE, kind=Device.Kind.SCALE)
        assert said(upload(device, {}), 401) == 1

    def test_the_previous_key_is_good_for_its_day(self, device, sample):
        old = device.key
        until = clock.now() + dt.timedelta(hours=1)
        Device.objects.filter(pk=device.pk).update(key=new_key(), previous_key=old, previous_key_until=until)
        assert said(upload(device, message(device, detail("A1", sample.label)), key=old)) == 0

    def test_many_wrong_keys_are_told_to_wait(self, device):
        for _ in range(60):
            upload(device, {}, key=new_key())
        assert said(upload(device, {}), 429) == 1


class TestTheTimeOfTheWall:
    @pytest.mark.parametrize("written", ["2026-11-22 05:40:12", "2026/11/22 05:40:12", "2026-11-22T05:40:12+08:00"])
    def test_is_chinas(self, written):
        _device, (sent,) = read_dy(message(Device(serial_no="x"), detail("A", "S", time=written)))
        assert sent.tested_at == dt.datetime(2026, 11, 21, 21, 40, 12, tzinfo=dt.UTC)

    def test_a_body_that_is_no_object_is_told_so(self):
        with pytest.raises(Unreadable):
            read_dy([])


class TestSigned:
    """Our own way, with the signature of a scale's messages."""

    TARGET = "/api/v1/device/readings"

    def reading(self, of, **changes):
        return {
            "system_code": "R1", "item": "PEST_ENZ", "sample": of.label, "value": "12.5", "unit": "%",
            "tested_at": clock.now().isoformat(),
        } | changes  # fmt: skip

    def send(self, device, *sent, sequence=1):
        return Hand(device).post(self.TARGET, {"sequence": sequence, "readings": list(sent)}, sequence=sequence)

    def test_a_reading_is_recorded_once(self, device, sample):
        sent = self.reading(sample)
        first, again = self.send(device, sent), self.send(device, sent, sequence=2)
        assert first.json()["items"] == [{"system_code": "R1", "result": "recorded", "problem": ""}]
        assert again.json()["items"] == first.json()["items"]
        assert RapidTest.objects.get().source == "api"

    def test_other_content_and_an_unknown_sample_are_answered_each(self, device, sample):
        self.send(device, self.reading(sample))
        answer = self.send(
            device, self.reading(sample, value="60"), self.reading(sample, system_code="R2", sample="none"), sequence=2
        ).json()
        assert [item["result"] for item in answer["items"]] == ["different_content", "kept"]

    @pytest.mark.parametrize(
        "changes", [{"value": None}, {"tested_at": "2026-11-22T05:40:12"}, {"item": ""}, {"system_code": None}], ids=str
    )
    def test_what_cannot_be_read_is_422_and_names_the_field(self, device, sample, changes):
        answer = self.send(device, self.reading(sample, **changes))
        assert (answer.status_code, list(answer.json()["fields"])) == (422, list(changes))

    def test_a_scale_has_no_readings(self, device, sample):
        Device.objects.filter(pk=device.pk).update(kind=Device.Kind.SCALE)
        answer = self.send(device, self.reading(sample))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_an_instrument")

    def test_the_header_has_the_bodys_number(self, device, sample):
        answer = Hand(device).post(self.TARGET, {"sequence": 4, "readings": [self.reading(sample)]}, sequence=5)
        assert answer.status_code == 422


class TestTying:
    """A tester says later which sample a reading is of."""

    @pytest.fixture
    def kept(self, device, sample):
        upload(device, message(device, detail("A1", "旧标签", 71)))
        return InstrumentReading.objects.get()

    def test_a_tied_reading_is_booked_with_all_that_follows(self, kept, sample, item):
        test = readings.tie_reading(somebody_testing_at(sample.point), reading=kept, sample=sample, item=item)
        assert (test.result, test.raw_value) == ("positive", 71)
        assert ReadingTie.objects.get().test == test
        assert Hold.objects.count() == 1

    def test_it_is_tied_once(self, kept, sample, item):
        actor = somebody_testing_at(sample.point)
        readings.tie_reading(actor, reading=kept, sample=sample, item=item)
        with pytest.raises(readings.AlreadyTied):
            readings.tie_reading(actor, reading=kept, sample=sample, item=item)
        with pytest.raises(readings.AlreadyTied):
            readings.set_reading_aside(actor, reading=kept, note="重复")

    def test_or_set_aside_with_a_reason(self, kept, sample):
        with pytest.raises(readings.Invalid):
            readings.set_reading_aside(somebody_testing_at(sample.point), reading=kept, note=" ")
        tie = readings.set_reading_aside(somebody_testing_at(sample.point), reading=kept, note="空白对照")
        assert tie.test is None

    def test_a_tester_of_another_market_may_do_neither(self, kept, sample, item):
        stranger = somebody_testing_at(sample_of().point)
        with pytest.raises(readings.NotFound):
            readings.tie_reading(stranger, reading=kept, sample=sample, item=item)
        with pytest.raises(readings.NotFound):
            readings.set_reading_aside(stranger, reading=kept, note="x")

    def test_a_time_that_does_not_fit_the_sample_is_said(self, device, sample, item):
        upload(device, message(device, detail("A1", sample.label, time="2020-01-01 08:00:00")))
        with pytest.raises(readings.Invalid):
            readings.tie_reading(
                somebody_testing_at(sample.point), reading=InstrumentReading.objects.get(), sample=sample, item=item
            )


class TestConstraints:
    def test_a_reading_is_tied_once(self, device, sample, item):
        upload(device, message(device, detail("A1", "x")))
        kept = InstrumentReading.objects.get()
        person = account_with(Role.TESTER, market=sample.point.market)
        told = {"district_id": kept.district_id, "reading": kept, "tied_by": person, "tied_at": clock.now()}
        with pytest.raises(IntegrityError, match="says_why_not"), transaction.atomic():
            ReadingTie.objects.create(**told)
        ReadingTie.objects.create(**told, note="空白")
        with pytest.raises(IntegrityError, match="reading_tied_once"), transaction.atomic():
            ReadingTie.objects.create(**told, note="空白")

    def test_a_code_has_one_test_and_each_content_one_row(self, device, sample):
        kept = {"district_id": device.district_id, "device": device, "system_code": "A", "received_at": clock.now()}
        InstrumentReading.objects.create(**kept, content={}, content_sha256="a" * 64)
        with pytest.raises(IntegrityError, match="one_test_a_code"), transaction.atomic():
            InstrumentReading.objects.create(**kept, content={}, content_sha256="b" * 64)
        with pytest.raises(IntegrityError, match="instrument_reading_once"), transaction.atomic():
            InstrumentReading.objects.create(**kept, content={}, content_sha256="a" * 64, problem="time")

    def test_a_sheet_is_sent_once_by_a_point(self, sample):
        person = account_with(Role.TESTER, market=sample.point.market)
        sheet = {
            "district_id": sample.district_id, "point": sample.point, "file_name": "a.csv", "file_sha256": "a" * 64,
            "rows": [], "sent_by": person, "sent_at": clock.now(),
        }  # fmt: skip
        SheetImport.objects.create(**sheet)
        with pytest.raises(IntegrityError, match="sheet_import_once"), transaction.atomic():
            SheetImport.objects.create(**sheet)
