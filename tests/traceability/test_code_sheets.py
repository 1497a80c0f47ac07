"""Plates are printed for those who answer for the places, read back first, and written down."""

import io

import pypdfium2
import pytest

from kit import qr
from registry.roles import Role
from registry.services import codes
from tests.factories.registry import MarketFactory, StallFactory, StoreFactory, account_with, actor_with
from traceability.models import TraceEvent

pytestmark = pytest.mark.django_db
URL = "/desk/market/codes"


@pytest.fixture
def market():
    return MarketFactory()


@pytest.fixture
def as_manager(client, market):
    client.force_login(account_with(Role.MARKET_MANAGER, market=market))
    return client


def printed(response):
    """The addresses read from the pages of the sheet."""
    with pypdfium2.PdfDocument(io.BytesIO(response.content)) as document:
        return {text for page in document for text in qr.read(page.render(scale=2, grayscale=True).to_pil())}


def test_the_plates_ticked_are_printed_and_written_down(as_manager, market, settings):
    one, two, _other = (StallFactory(market=market, stall_no=number) for number in ("A01", "A02", "A03"))
    answer = as_manager.post(URL, {"places": [str(one.id), str(two.id)]})
    assert answer["Content-Type"] == "application/pdf"
    assert printed(answer) == {f"{settings.BASE_URL}/s/{stall.token}" for stall in (one, two)}
    events = TraceEvent.objects.filter(kind="printed")
    assert {(event.place_id, event.data["code"]) for event in events} == {(s.id, s.token) for s in (one, two)}


def test_all_of_the_list_are_printed_at_once(as_manager, market):
    for number in range(5):
        StallFactory(market=market, stall_no=f"B{number}")
    StallFactory(market=market, stall_no="C1")
    assert len(printed(as_manager.post(f"{URL}?q=B", {"all": "1"}))) == 5


def test_the_place_one_came_from_is_ticked(as_manager, market):
    stall = StallFactory(market=market)
    StallFactory(market=market)
    assert as_manager.get(URL, {"place": stall.id}).context["offered"] == [(stall, True)]


def test_an_officer_prints_the_plates_of_stores(client, settings):
    client.force_login(account_with(Role.DISTRICT_OFFICER))
    store = StoreFactory()
    StallFactory()
    assert [place for place, ticked in client.get(URL).context["offered"]] == [store]
    assert printed(client.post(URL, {"all": "1"})) == {f"{settings.BASE_URL}/d/{store.token}"}


@pytest.mark.parametrize("sent", [{}, {"places": ["x"]}])
def test_nothing_ticked_is_said(as_manager, market, sent):
    StallFactory(market=market)
    answer = as_manager.post(URL, sent)
    assert answer.status_code == 422
    assert not TraceEvent.objects.exists()


def test_a_stall_of_another_market_is_not_printed(as_manager):
    assert as_manager.post(URL, {"places": [str(StallFactory().id)]}).status_code == 422


def test_a_code_out_of_use_is_not_printed(as_manager, market):
    stall = StallFactory(market=market, stall_no="A09")
    codes.retire_code(actor_with(Role.MARKET_MANAGER, market=market), place=stall, reason="被人复制")
    answer = as_manager.post(URL, {"places": [str(stall.id)]})
    assert answer.status_code == 422
    assert "A09" in answer.context["errors"][0]
