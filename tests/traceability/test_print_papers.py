"""Photographs of papers for the demo world: like papers, small, repeatable, and marked as specimens."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from registry.papers import PaperKind
from tests.traceability.printed import ODD
from traceability.print.paper_forms import FORMS
from traceability.print.papers import MAX_BYTES, paper_photo

FIELDS = {
    "product": "线椒",
    "quantity": "1,250 kg",
    "origin": "广东省佛山市三水区大塘镇",
    "supplier": "大塘永平蔬菜专业合作社",
    "issued_on": "2026-11-22",
    "number": "DEMO-1122003",
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_makes_a_small_jpeg_without_metadata(kind):
    photo = paper_photo(kind, FIELDS, seed=7)

    image = Image.open(io.BytesIO(photo))
    assert image.format == "JPEG"
    assert len(photo) <= MAX_BYTES
    assert min(image.size) >= 600
    assert not image.getexif()


def test_the_papers_the_gate_asks_for_all_have_a_form():
    assert {
        PaperKind.COMMITMENT_CERTIFICATE,
        PaperKind.PURCHASE_SLIP,
        PaperKind.PURCHASE_AGREEMENT,
        PaperKind.SELF_GROWN_STATEMENT,
        PaperKind.ANIMAL_QUARANTINE,
        PaperKind.MEAT_QUALITY,
        PaperKind.ENTRY_QUARANTINE,
        PaperKind.TEST_REPORT,
        PaperKind.BASE_CONTRACT,
    } <= set(FORMS)


def test_the_same_seed_gives_the_same_picture_in_another_process():
    script = (
        "import hashlib; from traceability.print.papers import paper_photo;"
        f"print(hashlib.sha256(paper_photo('test_report', {FIELDS!r}, 3)).hexdigest())"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout for _ in "ab"
    )

    assert first == second


def test_another_seed_gives_another_picture():
    assert len({paper_photo("purchase_slip", FIELDS, seed) for seed in range(12)}) == 12


@pytest.mark.parametrize("odd", ODD)
def test_odd_and_long_words_still_make_a_picture(odd):
    photo = paper_photo(PaperKind.PURCHASE_AGREEMENT, dict.fromkeys(FIELDS, odd), seed=1)

    assert len(photo) <= MAX_BYTES


def test_a_kind_without_a_form_is_an_error():
    with pytest.raises(KeyError):
        paper_photo(PaperKind.OTHER, FIELDS, seed=1)
