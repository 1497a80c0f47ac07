"""The verbs of journey A, each as a person does it on the pages."""

from __future__ import annotations

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry.papers import PaperKind
from tests.journeys.people import Page, Person
from traceability.models import Batch, Voucher


def photo(name: str = "slip.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.effect_noise((900, 1200), 60).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def declare(trader: Person, *, kg: str = "480", proof: bool = True, slip: bool = True) -> Page:
    """Look the peppers up, write how many from where, photograph the papers, hand in."""
    form = trader.open("/desk/wholesale").follow("/desk/wholesale/declare").send("find", find="lj").follow("product=")
    assert form.text.count("B12") > 1, "the head and the page say for which stall"
    papers: dict[str, object] = {}
    if slip:
        papers |= {"papers-0-kind": PaperKind.PURCHASE_SLIP, "papers-0-photo": photo()}
    if proof:
        papers |= {"papers-1-kind": PaperKind.COMMITMENT_CERTIFICATE, "papers-1-number": "C440607000123"}
    supplier = {
        "supplier_name": "乐平蔬菜合作社", "supplier_phone": "13800138000", "supplier_address": "乐平镇源潭村",
    }  # fmt: skip
    return form.send("declaration", quantity=kg, origin_text="三水", **supplier, **papers)


def admit(clerk: Person) -> Page:
    """One tap in the queue."""
    return clerk.open("/desk/market/gate").send("/admit")


def batch_of(trader: Person) -> Batch:
    """The newest batch of the trader's list."""
    link = trader.open("/desk/batches").links("/desk/batches/")[0]
    return Batch.objects.get(pk=link.split("/")[3])


def sell(trader: Person, buyer: str, kg: str, price: str = "3.50") -> Voucher:
    """Buyer, product, weight, voucher; each a page."""
    found = trader.open("/desk/wholesale").follow("/desk/wholesale/sell").send("sell", q=buyer)
    weighing = found.follow("buyer=").follow("product=")
    slip = weighing.send("weigh", weight=kg, price=price).send("issue")
    assert slip.address.endswith("/slip"), slip.text
    return Voucher.objects.get(pk=slip.address.split("/")[3])


def scan(buyer: Person, voucher: Voucher) -> Page:
    """The slip's QR, opened by somebody who is signed in."""
    return buyer.open(f"/desk/open/{voucher.token}")


def first_token(page: Page, kind: str) -> str:
    return next(link for link in page.links(f"/{kind}/") if re.fullmatch(rf"/{kind}/[0-9A-Z]{{17}}", link))[3:]
