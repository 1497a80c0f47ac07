"""Results from a sheet: what each row becomes is shown first, good rows are recorded once, bad ones come back."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from registry.roles import Role
from tests.factories.registry import account_with, actor_with
from tests.factories.testing import TestKitFactory, point_at
from tests.factories.traceability import BatchFactory
from tests.registry.people import signed_in
from tests.traceability.instruments import enzyme_item, sample_of
from traceability import sheets
from traceability.models import Hold, RapidTest, Sample, SheetImport
from traceability.services.import_tests import judged, keep_sheet, record_sheet

pytestmark = pytest.mark.django_db


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
def actor(batch, point):
    return actor_with(Role.TESTER, market=batch.place.market)


@pytest.fixture
def tester(batch, point):
    return signed_in(account_with(Role.TESTER, market=batch.place.market))


def line(batch, **changes):
    told = {"place": batch.place.stall_no, "product": batch.product.name, "item": "PEST_ENZ", "result": "未检出"}
    return [str((told | changes).get(name, "")) for name in sheets.COLUMNS]


def as_csv(*lines, header=sheets.HEADER, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows([header, *lines])
    return out.getvalue().encode(encoding)


def as_excel(*lines):
    book = Workbook()
    for row in (sheets.HEADER, *lines):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(actor, point, *lines, sha="a" * 64):
    return judged(actor, keep_sheet(actor, point=point, file_name="a.csv", sha256=sha, rows=lines))


class TestReading:
    @pytest.mark.parametrize("content", [as_csv, as_excel, lambda *rows: as_csv(*rows, encoding="gb18030")])
    def test_csv_and_excel_say_the_same(self, content):
        rows = sheets.read_sheet(content(["", "A12", "辣椒", "PEST_ENZ", "未检出"]))
        assert rows == [["", "A12", "辣椒", "PEST_ENZ", "未检出", "", "", "", "", "", "", ""]]

    def test_numbers_and_days_of_excel_are_read_as_written(self):
        at = dt.datetime(2026, 11, 22, 5, 40)  # noqa: DTZ001 - a cell of Excel has no time zone
        rows = sheets.read_sheet(as_excel(["", "A12", "辣椒", "X", "", 12.5, "%", "", "", at]))
        assert (rows[0][5], rows[0][9]) == ("12.5", "2026-11-22 05:40:00")

    def test_the_apostrophe_before_a_formula_is_taken_off_and_control_characters_go(self):
        (row,) = sheets.read_sheet(as_csv(["", "'=A1", "辣\x07椒"]))
        assert row[1:3] == ["=A1", "辣椒"]

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"\xff\xfe\x00", b"PK\x03\x04broken", as_csv(header=("a", "b")), as_csv(), b'"never closed',
            as_csv(*[["x"]] * 501), b"a" * (sheets.MOST_BYTES + 1),
        ],
        ids=range(8),
    )  # fmt: skip
    def test_what_is_no_sheet_is_refused(self, content):
        with pytest.raises(sheets.BadSheet):
            sheets.read_sheet(content)

    def test_a_file_that_unpacks_to_too_much_is_not_unpacked(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_UNPACKED + 1))
        with pytest.raises(sheets.SheetTooLarge):
            sheets.read_sheet(out.getvalue())


class TestJudging:
    def test_a_good_row_says_what_it_becomes_and_writes_nothing(self, actor, point, batch):
        (row,) = rows_of(actor, point, line(batch))
        assert (row.good, row.verdict.result, row.batch) == (True, "negative", batch)
        assert not RapidTest.objects.exists()
        assert not Sample.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"place": "Z99"}, {"product": "龙肉"}, {"item": "NONE"}, {"result": "好"}, {"result": ""},
            {"value": "3", "unit": "%"}, {"result": "", "value": "viel", "unit": "%"}, {"result": "", "value": "3"},
            {"result": "", "value": "NaN", "unit": "%"}, {"kit": "LZ0"}, {"method_no": "KJ 0"}, {"label": "nonsense"},
            {"tested_at": "soon"}, {"tested_at": "2020-01-01 08:00"}, {"tested_at": "2999-01-01 08:00"},
            {"tested_at": "2026-02-31 08:00"}, {"purpose": "玩"},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_bad_row_says_why(self, actor, point, batch, changes):
        (row,) = rows_of(actor, point, line(batch, **changes))
        assert row.why
        assert not row.good

    def test_an_expired_kit_and_another_items_are_refused(self, actor, point, batch, item):
        TestKitFactory(point=point, item=item, batch_no="OLD", expires_on="2020-01-01")
        good, bad = rows_of(actor, point, line(batch), line(batch, kit="OLD"))
        assert good.good
        assert bad.why

    def test_a_row_may_name_a_sample_by_its_label(self, actor, point, batch):
        sample = sample_of(batch)
        (row,) = rows_of(actor, point, line(batch, label=sample.label, place="", product=""))
        assert (row.sample, row.batch) == (sample, batch)

    def test_a_stall_of_another_market_is_not_known_here(self, actor, point, batch):
        other = BatchFactory()
        type(other.place).objects.filter(pk=other.place_id).update(stall_no="ZZ1")
        (row,) = rows_of(actor, point, line(batch, place="ZZ1"))
        assert row.why


class TestRecording:
    def test_good_rows_are_recorded_and_bad_ones_left(self, actor, point, batch):
        sheet = keep_sheet(
            actor, point=point, file_name="a.csv", sha256="a" * 64,
            rows=[line(batch), line(batch, place="Z99"), line(batch, result="", value="71", unit="%")],
        )  # fmt: skip
        first, bad, positive = record_sheet(actor, sheet=sheet)
        assert (first.test.result, first.test.source, first.test.batch) == ("negative", "sheet", batch)
        assert bad.why
        assert positive.test.result == "positive"
        assert Hold.objects.get().items.get().batch_id == batch.pk

    def test_pressed_again_or_sent_again_nothing_counts_twice(self, actor, point, batch):
        sent = {"point": point, "file_name": "a.csv", "sha256": "a" * 64, "rows": [line(batch)]}
        record_sheet(actor, sheet=keep_sheet(actor, **sent))
        again = record_sheet(actor, sheet=keep_sheet(actor, **sent | {"file_name": "b.csv"}))
        assert again[0].test == RapidTest.objects.get()
        assert Sample.objects.count() == SheetImport.objects.count() == 1

    def test_somebody_of_another_market_keeps_and_records_nothing(self, point, batch):
        other = BatchFactory()
        stranger = actor_with(Role.TESTER, market=other.place.market)
        with pytest.raises(Exception, match="not_found"):
            keep_sheet(stranger, point=point, file_name="a", sha256="a" * 64, rows=[line(batch)])


class TestPages:
    def send(self, client, point, content, name="a.csv"):
        file = SimpleUploadedFile(name, content)
        return client.post(reverse("sheet_import"), {"point": point.pk, "file": file})

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_the_template_can_be_sent_back(self, tester, point, form):
        answer = tester.get(reverse("sheet_template", args=[form]))
        (row,) = sheets.read_sheet(b"".join(answer.streaming_content))
        assert tuple(row) == sheets.EXAMPLE

    def test_a_sheet_is_shown_row_by_row_then_recorded(self, tester, point, batch):
        answer = self.send(tester, point, as_csv(line(batch), line(batch, place="Z99")))
        page = tester.get(answer["Location"])
        assert [len(page.context["report"].good), len(page.context["report"].bad)] == [1, 1]
        assert "Z99" in page.content.decode()
        assert not RapidTest.objects.exists()
        tester.post(answer["Location"])
        tester.post(answer["Location"])
        assert RapidTest.objects.count() == 1
        bad = b"".join(tester.get(answer["Location"] + "/bad.csv").streaming_content).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(bad)))) == 2

    def test_positives_say_what_they_stop(self, tester, point, batch):
        answer = self.send(tester, point, as_csv(line(batch, result="阳性")))
        page = tester.get(answer["Location"]).content.decode()
        assert "100" in page
        assert "note-box bad" in page

    def test_a_bad_file_comes_back_with_words(self, tester, point):
        answer = self.send(tester, point, b"nothing")
        assert answer.status_code == 422
        assert not SheetImport.objects.exists()

    def test_a_formula_in_a_bad_row_is_no_formula_in_the_file(self, tester, point, batch):
        answer = self.send(tester, point, as_csv(line(batch, place='=HYPERLINK("x")')))
        bad = b"".join(tester.get(answer["Location"] + "/bad.csv").streaming_content).decode()
        assert "'=HYPERLINK" in bad

    def test_a_sheet_of_another_market_is_not_found(self, tester, point, batch):
        answer = self.send(tester, point, as_csv(line(batch)))
        stranger = signed_in(account_with(Role.TESTER, market=BatchFactory().place.market))
        for url in (answer["Location"], answer["Location"] + "/bad.csv"):
            assert stranger.get(url).status_code == 404
