"""Journey B, the recall: from a canteen's positive to everyone who holds the goods, by the pages alone."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from kit import clock
from registry.roles import Role
from tests.factories.registry import GrantFactory, account_with
from tests.factories.traceability import DAWN, RapidTestFactory
from tests.registry.people import signed_in
from tests.traceability.trade import place_of, trade
from traceability.models import HoldItem, PositiveCase, Recall, RecallNotice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(re.findall(r'<input type="hidden" name="(client_key)" value="([^"]+)"', page))


def posted(client, url, **data):
    page = client.get(url).content.decode()
    return client.post(url, form_of(page) | data)


@pytest.fixture
def dawn():
    with clock.freeze(DAWN):
        yield


@pytest.fixture
def goods():
    return trade()


@pytest.fixture
def wholesaler(goods):
    return signed_in(account_with(Role.WHOLESALER, place=goods.batch.place))


@pytest.fixture
def officer():
    return signed_in(account_with(Role.DISTRICT_OFFICER, district_id="440607"))


def test_a_recall_from_its_numbers_to_its_report(goods, wholesaler, officer):
    RapidTestFactory(batch=goods.canteen, positive=True)
    case = PositiveCase.objects.get()
    stallholder = signed_in(account_with(Role.VENDOR, place=goods.stall.place))

    # The officer finds the way back from the canteen and asks the wholesaler.
    page = officer.get("/desk/recalls/new", {"batch": goods.canteen.pk, "case": case.pk}).content.decode()
    assert f"batch={goods.batch.pk}" in page
    answer = posted(officer, f"/desk/recalls/new?batch={goods.batch.pk}&case={case.pk}", reason="食堂快检阳性")
    request = officer.get(answer.url).content.decode()
    assert "食堂快检阳性" in request

    # The wholesaler sees in numbers what it reaches, practises, and starts it.
    home = wholesaler.get("/desk/recalls").content.decode()
    assert answer.url in home
    url = f"/desk/recalls/new?batch={goods.batch.pk}"
    page = wholesaler.get(url).content.decode()
    assert re.search(r"100\W+kg.{0,40}6", page), "all of the 100 kg, at six holders"
    drill = posted(wholesaler, url, reason="演练", drill="1")
    assert not HoldItem.objects.filter(hold__reason="recall").exists()
    assert wholesaler.get(drill.url).status_code == 200
    key = form_of(wholesaler.get(url).content.decode())
    first = wholesaler.post(url, key | {"reason": "快检阳性"})
    again = wholesaler.post(url, key | {"reason": "快检阳性"})
    assert first.url == again.url
    recall = Recall.objects.get(drill=False)
    assert HoldItem.objects.filter(hold=recall.hold).count() == 4

    # The stallholder is told, and answers in three taps; a mistake keeps what was typed.
    assert str(RecallNotice.objects.get(recall=recall, place_id=goods.stall.place_id).pk) in (
        stallholder.get("/desk/stall").content.decode()
    )
    answer = stallholder.get(f"/desk/recalls/{recall.pk}/answer").url
    wrong = stallholder.post(answer, {"found_kg": "0", "done": "set_aside", "answer": "冷柜里"})
    assert wrong.status_code == 422
    assert "冷柜里" in wrong.content.decode()
    stallholder.post(answer, {"found_kg": "18", "done": "set_aside", "answer": "冷柜里"})
    stallholder.post(answer, {"found_kg": "3", "done": "disposed", "answer": ""})
    assert RecallNotice.objects.get(recall=recall, place_id=goods.stall.place_id).found_kg == 18

    # Closing is refused and names who is silent, whose answers are then written down.
    refused = wholesaler.post(f"/desk/recalls/{recall.pk}/close", {"close-conclusion": "完成"})
    assert refused.status_code == 422
    assert "中心小学食堂" in refused.content.decode()
    for notice in RecallNotice.objects.filter(recall=recall, state="sent"):
        wholesaler.post(
            f"/desk/recalls/notices/{notice.pk}", {"found_kg": "0", "done": "nothing_left", "answer": "电话告知"}
        )
    closed = wholesaler.post(f"/desk/recalls/{recall.pk}/close", {"close-conclusion": "全部回执"})
    assert closed.status_code == 303
    recall.refresh_from_db()
    assert recall.state == "closed"

    # The report says the same in three forms.
    reports = {
        form: officer.get(f"/desk/recalls/{recall.pk}/report.{form}").content for form in ("pdf", "docx", "xlsx")
    }
    assert reports["pdf"].startswith(b"%PDF")
    words = zipfile.ZipFile(io.BytesIO(reports["docx"])).read("word/document.xml").decode()
    book = load_workbook(io.BytesIO(reports["xlsx"]))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    for said in ("阿娟蔬菜档", "李婆婆", "下架封存", "全部回执"):
        assert said in words
        assert any(said in cell for cell in cells)
    assert "18" in cells


def test_an_order_follows_a_refusal(goods, wholesaler, officer):
    url = f"/desk/recalls/new?batch={goods.batch.pk}"
    request = posted(officer, url, reason="食堂快检阳性").url
    again = posted(officer, url, reason="再次")
    assert again.status_code == 422
    assert wholesaler.post(f"{request}/refuse", {"reason": ""}).status_code == 422
    wholesaler.post(f"{request}/refuse", {"reason": "认为货物合格"})
    page = officer.get(request).content.decode()
    assert "认为货物合格" in page
    recall = officer.post(f"{request}/order", form_of(page)).url
    page = officer.get(recall).content.decode()
    assert "认为货物合格" in page
    assert Recall.objects.get().kind == "ordered"
    assert officer.post(f"{request}/order", form_of(page)).status_code in (200, 303)
    assert Recall.objects.count() == 1


def test_lists_are_searched_filtered_and_exported(goods, wholesaler, officer):
    posted(wholesaler, f"/desk/recalls/new?batch={goods.batch.pk}", reason="快检阳性")
    recall = Recall.objects.get()
    name = recall.product.name
    listed = f'href="/desk/recalls/{recall.pk}"'
    assert listed in officer.get("/desk/recalls").content.decode()
    assert listed in officer.get("/desk/recalls", {"q": name}).content.decode()
    for narrowed in ({"q": "没有"}, {"kind": "ordered"}, {"show": "ended"}, {"show": "drills"}):
        assert listed not in officer.get("/desk/recalls", narrowed).content.decode()
    assert name in b"".join(officer.get("/desk/recalls.csv").streaming_content).decode()
    holders = f"/desk/recalls/{recall.pk}/holders.csv"
    assert "李婆婆" in b"".join(officer.get(holders).streaming_content).decode()
    page = officer.get(f"/desk/recalls/{recall.pk}", {"q": "食堂"}).content.decode()
    table = page[page.index('id="list"') : page.index("</table>")]
    assert "中心小学食堂" in table
    assert "阿娟蔬菜档" not in table


def test_who_is_silent_is_reminded_and_a_recall_may_be_called_off(goods, wholesaler, officer):
    posted(wholesaler, f"/desk/recalls/new?batch={goods.batch.pk}", reason="快检阳性")
    url = f"/desk/recalls/{Recall.objects.get().pk}"
    assert wholesaler.post(f"{url}/remind").status_code == 303
    assert wholesaler.post(f"{url}/cancel", {"cancel-conclusion": ""}).status_code == 422
    wholesaler.post(f"{url}/cancel", {"cancel-conclusion": "误报"})
    assert Recall.objects.get().state == "cancelled"
    assert "误报" in officer.get(url).content.decode()


def test_a_second_recall_leads_to_the_first(goods, wholesaler):
    url = f"/desk/recalls/new?batch={goods.batch.pk}"
    first = posted(wholesaler, url, reason="快检阳性").url
    assert posted(wholesaler, url, reason="快检阳性").url == first


def test_a_code_finds_the_batch_and_a_strange_one_finds_nothing(goods, wholesaler, officer):
    found = wholesaler.get("/desk/recalls/new", {"batch": goods.batch.typed_code}).content.decode()
    assert 'name="reason"' in found
    for sought in ("", "没有这个", str(goods.canteen.pk)):
        assert 'name="reason"' not in wholesaler.get("/desk/recalls/new", {"batch": sought}).content.decode()


def test_a_holder_who_never_took_the_goods_in_is_asked_too(goods, wholesaler):
    posted(wholesaler, f"/desk/recalls/new?batch={goods.batch.pk}", reason="快检阳性")
    place = place_of(goods.waiting)
    person = GrantFactory(role=Role.VENDOR, place=place).account
    page = signed_in(person).get(f"/desk/recalls/{Recall.objects.get().pk}/answer", follow=True).content.decode()
    assert "10" in page
