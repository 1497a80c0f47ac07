"""Labels, plates and code sheets: every code on them was read before they were offered."""

import io
from urllib.parse import urlsplit

import pytest
from PIL import Image

from kit import codes, qr
from tests.traceability.printed import ODD, batch_label, code, pages_of, stall_plate, store_plate, words_of
from traceability.print import codesheets, forms, labels, plates, proof


def test_a_label_for_a_label_printer_is_60_by_40_mm_with_its_code_and_facts():
    label = batch_label()

    ((words, size, read),) = pages_of(labels.labels_pdf([label]))

    assert size == (60, 40)
    assert read == [label.url]
    for fact in ("线椒", label.origin, label.seller, label.market, "2026-11-22", "1,250.5 kg", label.evidence):
        assert "".join(fact.split()) in "".join(words.split())


def test_domain_and_typed_code_stand_beside_the_code_so_that_an_overlaid_one_is_noticed():
    label = batch_label()

    words = words_of(labels.labels_pdf([label]))

    assert urlsplit(label.url).netloc in words
    assert codes.grouped(label.typed_code) in words


def test_an_a4_sheet_holds_21_labels_and_every_one_reads():
    sheet = [batch_label() for _ in range(25)]

    pages = pages_of(labels.labels_a4_pdf(sheet))

    assert [size for _, size, _ in pages] == [(210, 297), (210, 297)]
    assert [len(read) for _, _, read in pages] == [21, 4]
    assert {url for _, _, read in pages for url in read} == {label.url for label in sheet}


def test_a_label_as_picture_is_720_by_480_pixels():
    label = batch_label()

    picture = labels.label_png(label)

    assert Image.open(io.BytesIO(picture)).size == (720, 480)
    assert qr.decode(picture) == [label.url]


def test_a_label_as_svg_carries_no_text_of_people():
    drawing = labels.label_svg(batch_label(product="<script>alert(1)</script>"))

    assert drawing.startswith("<svg")
    assert "script" not in drawing


@pytest.mark.parametrize("odd", ODD)
def test_odd_and_long_words_leave_a_label_readable(odd):
    label = batch_label(product=odd, origin=odd, seller=odd, stall_no=odd, market=odd, weight=odd, evidence=odd)

    ((_, size, read),) = pages_of(labels.labels_pdf([label]))

    assert (size, read) == ((60, 40), [label.url])


def test_control_marks_and_pictographs_do_not_reach_paper():
    words = words_of(labels.labels_pdf([batch_label(product="番茄😀\u202e\u0007红")]))

    assert "番茄红" in words


def test_a_code_too_dense_for_its_label_is_refused_by_name():
    good, dense = batch_label(), batch_label(url="https://sunshine.example/b/" + "7K3M9QWX" * 200)

    with pytest.raises(proof.Unreadable) as refusal:
        labels.labels_a4_pdf([good, dense])

    assert refusal.value.data["urls"] == (dense.url,)


def test_a_print_without_the_promised_code_is_refused():
    printed = labels.labels_pdf([batch_label()])

    with pytest.raises(proof.Unreadable) as refusal:
        proof.proved_pdf(printed, ["https://sunshine.example/b/MISSING"])

    assert refusal.value.data["urls"] == ("https://sunshine.example/b/MISSING",)


def test_stall_plates_come_four_on_an_a4():
    hung = [stall_plate(stall_no=f"蔬菜 {number}") for number in range(5)]

    pages = pages_of(plates.stall_plates_pdf(hung))

    assert [len(read) for _, _, read in pages] == [4, 1]
    assert {url for _, _, read in pages for url in read} == {plate.url for plate in hung}
    assert "扫码看进货来源和快检" in pages[0][0]
    assert "蔬菜 3" in pages[0][0]


def test_a_store_plate_names_the_store_its_kind_and_address():
    plate = store_plate()

    ((words, _, read),) = pages_of(plates.store_plates_pdf([plate]))

    assert read == [plate.url]
    for fact in (plate.name, plate.address, plate.kind):
        assert fact in words


@pytest.mark.parametrize("odd", ODD)
def test_odd_and_long_words_leave_plates_readable(odd):
    stall, store = stall_plate(market=odd, stall_no=odd, name=odd), store_plate(name=odd, address=odd, kind=odd)

    assert pages_of(plates.stall_plates_pdf([stall]))[0][2] == [stall.url]
    assert pages_of(plates.store_plates_pdf([store]))[0][2] == [store.url]


def test_a_code_sheet_holds_twelve_live_codes_a_page():
    shown = tuple(
        forms.SheetCode(kind="批次", title=f"线椒 {number}", detail=ODD[number % 5], **code("b"))
        for number in range(13)
    )

    pages = pages_of(codesheets.code_sheet_pdf(forms.CodeSheet(title="跟着这颗辣椒走", note=ODD[2], codes=shown)))

    assert [len(read) for _, _, read in pages] == [12, 1]
    assert "跟着这颗辣椒走" in pages[0][0]
