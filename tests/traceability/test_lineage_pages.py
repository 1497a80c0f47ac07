"""The lineage page: drawn and as a table, both directions; groups where there are many; as far as one may see."""

import csv
import re

import pytest

from kit import clock
from registry.roles import Role
from tests.factories.registry import MarketFactory, StallFactory, account_with
from tests.factories.traceability import BatchFactory
from tests.registry.people import signed_in
from tests.traceability.goods import batch_at
from tests.traceability.trade import trade
from traceability.drawing import AT_MOST, draw, fitted
from traceability.selectors.lineage import lineage_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]


@pytest.fixture
def officer():
    return signed_in(account_with(Role.DISTRICT_OFFICER, district_id="440607"))


def at_many_stalls(count):
    """A wholesale batch and its children at as many stalls of one market, and at two of another."""
    batch = BatchFactory()
    market, other = MarketFactory(name="西南农贸市场"), MarketFactory(name="河口农贸市场")
    for stall in [*(StallFactory(market=market) for _ in range(count)), *(StallFactory(market=other) for _ in "ab")]:
        batch_at(stall, "1", parent_id=batch.pk, source_district_id=batch.district_id)
    return batch


def test_both_directions_are_drawn_and_listed(officer):
    goods = trade()
    page = officer.get(f"/desk/batches/{goods.second_tier.pk}/lineage").content.decode()
    drawing = page[page.index("<svg class=") : page.index("</svg></div>")]
    for who in (goods.batch.place.name, "二批", "中心小学食堂"):
        assert who in drawing
        assert page.count(who) > drawing.count(who)
    assert "阿娟蔬菜档" not in page, "what an ancestor sold to others is no part of it"


def test_the_drawing_says_in_words_what_it_shows(officer):
    page = officer.get(f"/desk/batches/{trade().batch.pk}/lineage").content.decode()
    assert re.search(r'role="group" aria-labelledby="lineage-title lineage-desc"', page)
    assert re.search(r"<desc[^>]*>[^<]*3[^<]*2[^<]*</desc>", page)


def test_buyers_without_a_batch_are_drawn_too(officer):
    page = officer.get(f"/desk/batches/{trade().batch.pk}/lineage").content.decode()
    assert "李婆婆" in page
    assert "未入账档" in page


def test_many_of_one_column_are_drawn_as_groups_with_their_totals():
    batch = at_many_stalls(AT_MOST + 1)
    drawing = draw(lineage_of(batch.pk), clock.now())
    groups = {box.title: (box.count, box.kg) for box in drawing.boxes if box.kind == "group"}
    assert groups == {"西南农贸市场": (AT_MOST + 1, AT_MOST + 1), "河口农贸市场": (2, 2)}
    assert sum(box.kg for box in drawing.boxes if box.kind == "group") == AT_MOST + 3


def test_a_group_opens_by_its_link_and_says_what_is_left_out(officer):
    batch = at_many_stalls(AT_MOST + 5)
    page = officer.get(f"/desk/batches/{batch.pk}/lineage").content.decode()
    opened = re.search(rf'href="(/desk/batches/{batch.pk}/lineage\?open=[^"]+)"', page).group(1)
    again = officer.get(opened.replace("&amp;", "&")).content.decode()
    assert again.count('class="box"') > page.count('class="box"')
    assert 'href="#table"' in again


def test_no_box_lies_on_another():
    drawing = draw(lineage_of(at_many_stalls(20).pk), clock.now())
    places = {(box.x, box.y) for box in drawing.boxes}
    assert len(places) == len(drawing.boxes)
    assert all(box.y + drawing.box_h <= drawing.height for box in drawing.boxes)
    assert all(box.x + drawing.box_w <= drawing.width for box in drawing.boxes)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("短", "短"),
        ("a" * 20, "a" * 20),
        ("a" * 30, "a" * 19 + "…"),
        ("字" * 10, "字" * 10),
        ("字" * 11, "字" * 9 + "…"),
    ],
)
def test_names_fit_into_their_box(text, shown):
    assert fitted(text) == shown


def test_the_table_is_searched_and_exported(officer):
    goods = trade()
    url = f"/desk/batches/{goods.batch.pk}/lineage"
    page = officer.get(url, {"q": "食堂"}).content.decode()
    table = page[page.index('id="list"') :]
    assert "中心小学食堂" in table
    assert "阿娟蔬菜档" not in table
    file = b"".join(officer.get(f"{url}.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(file.splitlines()))
    assert len(rows) == 6
    assert officer.get(url, {"q": "没有这个"}).status_code == 200


class TestWhoSeesWhat:
    def test_a_trader_sees_whom_he_sold_to_and_not_their_kilograms_or_buyers(self):
        goods = trade()
        client = signed_in(account_with(Role.WHOLESALER, place=goods.batch.place))
        page = client.get(f"/desk/batches/{goods.batch.pk}/lineage").content.decode()
        assert "二批" in page
        assert "中心小学食堂" not in page
        file = b"".join(client.get(f"/desk/batches/{goods.batch.pk}/lineage.csv").streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(file.splitlines()))
        second_tier = next(row for row in rows if "二批" in row[1])
        assert second_tier[5:8] == ["", "", ""]

    def test_the_way_back_is_named_as_the_public_sees_it(self):
        goods = trade()
        client = signed_in(account_with(Role.STORE_MANAGER, place=goods.canteen.place))
        page = client.get(f"/desk/batches/{goods.canteen.pk}/lineage").content.decode()
        assert goods.batch.place.name in page
        assert "阿娟蔬菜档" not in page
