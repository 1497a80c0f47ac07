"""Recalls: what they reach, who is told, who may start, ask for, order and see one."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock
from kit.ids import uuid7
from kit.models import OutboxJob
from kit.refusals import Invalid, NotAllowed, NotFound
from kit.transitions import StaleState
from registry.models import Notice
from registry.roles import Role
from registry.selectors.actors import actor_for
from tests.factories.registry import ElsewhereFactory, GrantFactory, StoreFactory, actor_with
from tests.factories.traceability import DAWN, BatchFactory, RecallFactory, clerk, keeper, officer
from tests.traceability.trade import buy, place_of, trade
from traceability.models import (
    Hold,
    HoldItem,
    Recall,
    RecallItem,
    RecallNotice,
    RecallRequest,
    TraceEvent,
)
from traceability.refusals import AlreadyRecalled, NotRefused, NotSellable, RecallIsOver
from traceability.selectors import recalls as selectors
from traceability.services import recall_end, recall_news
from traceability.services.recall import order_recall
from traceability.services.recall_answers import acknowledge
from traceability.services.recall_request import ask_recall, refuse_recall
from traceability.services.sell import Buyer, SaleLine, sell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DONE = RecallNotice.Done


def notice_of(recall, place) -> RecallNotice:
    return RecallNotice.objects.select_related("recall__place").get(recall=recall, place_id=place.pk)


class TestOpening:
    def test_everything_that_came_from_the_batch_is_paused_and_listed(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        reached = {goods.batch.pk, goods.second_tier.pk, goods.canteen.pk, goods.stall.pk}
        assert set(RecallItem.objects.filter(recall=recall).values_list("batch_id", flat=True)) == reached
        assert set(HoldItem.objects.filter(hold=recall.hold).values_list("batch_id", flat=True)) == reached
        assert recall.hold.reason == Hold.Reason.RECALL
        assert TraceEvent.objects.filter(kind="recalled", disposition="recalled").count() == 4

    def test_each_holder_gets_one_notice_with_what_he_should_have(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        notices = {
            (str(notice.place_id or ""), notice.voucher_id): notice.expected_kg for notice in recall.notices.all()
        }
        assert notices == {
            (str(goods.batch.place_id), None): 35,
            (str(goods.second_tier.place_id), None): 22,
            (str(goods.canteen.place_id), None): 8,
            (str(goods.stall.place_id), None): 20,
            (str(place_of(goods.waiting).pk), None): 10,
            ("", goods.walk_in.pk): 5,
        }
        assert recall.notices.get(voucher_id=goods.walk_in.pk).holder_name == "李婆婆"

    def test_every_kilogram_that_came_in_is_in_one_place(self):
        recall = RecallFactory(batch=trade().batch)
        kilos = selectors.kilos_of(recall)
        assert kilos["start_kg"] == 100
        assert (kilos["on_hand_kg"], kilos["waiting_kg"], kilos["walk_in_kg"]) == (85, 10, 5)
        assert kilos["unaccounted_kg"] == kilos["presumed_sold_kg"] == kilos["gone_kg"] == 0

    def test_retail_goods_past_their_shelf_life_are_presumed_sold(self):
        goods = trade()
        with clock.freeze(DAWN + dt.timedelta(days=30)):
            kilos = selectors.kilos_of(RecallFactory(batch=goods.batch))
        assert kilos["presumed_sold_kg"] == 28
        assert kilos["on_hand_kg"] == 57

    def test_people_at_each_place_are_told_once(self):
        goods = trade()
        person = GrantFactory(role=Role.STORE_MANAGER, place=goods.canteen.place).account
        recall = RecallFactory(batch=goods.batch)
        recall_news.tell_recall(recall_id=recall.id, district_id=recall.district_id)
        told = Notice.objects.get(account=person, kind="recall_notice")
        assert told.url == f"/desk/recalls/{recall.id}/answer"

    def test_nothing_more_is_sold(self):
        goods = trade()
        RecallFactory(batch=goods.batch)
        seller = goods.fresh(goods.second_tier)
        line = SaleLine(weight_kg=Decimal(1), batch=seller)
        buyer = Buyer(name="李婆婆", phone="13712345678")
        with pytest.raises(NotSellable):
            sell(keeper(seller.place), place=seller.place, buyer=buyer, lines=[line], client_key=uuid7())

    def test_upstream_is_kept_for_the_way_back_and_gets_no_notice(self):
        goods = trade()
        recall = RecallFactory(batch=goods.fresh(goods.second_tier))
        upstream = RecallItem.objects.get(recall=recall, upstream=True)
        assert upstream.batch_id == goods.batch.pk
        assert not recall.notices.filter(place_id=goods.batch.place_id).exists()
        assert set(recall.notices.values_list("place_id", flat=True)) == {
            goods.second_tier.place_id, goods.canteen.place_id,
        }  # fmt: skip

    def test_sent_twice_it_is_one_recall(self):
        batch, key = BatchFactory(), uuid7()
        assert RecallFactory(batch=batch, client_key=key) == RecallFactory(batch=batch, client_key=key)
        assert Recall.objects.count() == 1

    def test_a_second_recall_of_the_batch_is_refused_and_names_the_first(self):
        first = RecallFactory()
        with pytest.raises(AlreadyRecalled) as refusal:
            RecallFactory(batch=first.batch)
        assert refusal.value.data["recall_id"] == str(first.pk)

    def test_only_its_own_keeper_recalls(self):
        batch = BatchFactory()
        with pytest.raises(NotFound):
            RecallFactory(batch=batch, actor=keeper(BatchFactory().place))
        with pytest.raises(NotAllowed):
            RecallFactory(batch=batch, actor=officer())

    def test_a_reason_is_needed(self):
        with pytest.raises(Invalid):
            RecallFactory(reason="  ")

    def test_a_holder_in_another_district_is_told_by_a_job(self):
        goods = trade()
        far = buy(goods.second_tier, StoreFactory(town=ElsewhereFactory(), name="南海饭店"), 2)
        recall = RecallFactory(batch=goods.batch)
        notice = recall.notices.get(place_id=far.place_id)
        assert (notice.district_id, notice.place_district_id) == ("440607", "440605")
        job = OutboxJob.objects.get(name="traceability.tell_recall")
        person = GrantFactory(role=Role.STORE_MANAGER, place=far.place).account
        recall_news.tell_recall(**job.args)
        assert Notice.objects.filter(account=person, kind="recall_notice", district_id="440605").exists()
        assert selectors.notice_for(actor_with(Role.DISTRICT_OFFICER, district_id="440605"), notice.pk) == notice


class TestDrill:
    def test_it_reckons_and_touches_nothing_else(self):
        goods = trade()
        before = (TraceEvent.objects.count(), Notice.objects.count(), Hold.objects.count())
        drill = RecallFactory(batch=goods.batch, drill=True)
        assert (TraceEvent.objects.count(), Notice.objects.count(), Hold.objects.count()) == before
        assert drill.hold is None
        assert drill.notices.count() == 6
        assert drill.scope_ms < 5000

    def test_holders_do_not_see_it_and_cannot_answer_it(self):
        goods = trade()
        drill = RecallFactory(batch=goods.batch, drill=True)
        holder = keeper(goods.stall.place)
        assert not selectors.to_answer(holder).exists()
        with pytest.raises(NotFound):
            selectors.notice_for(holder, notice_of(drill, goods.stall.place).pk)
        with pytest.raises(RecallIsOver):
            acknowledge(holder, notice=notice_of(drill, goods.stall.place), found_kg=Decimal(1), done=DONE.SET_ASIDE)

    def test_it_stands_beside_a_real_recall_and_is_closed_at_once(self):
        batch = BatchFactory()
        RecallFactory(batch=batch)
        drill = RecallFactory(batch=batch, drill=True)
        assert recall_end.close(keeper(batch.place), recall=drill, conclusion="用时合格").state == "closed"


class TestOrder:
    def ask(self, batch):
        return ask_recall(officer(), batch=batch, reason="快检阳性", client_key=uuid7())

    def test_an_officer_orders_only_after_a_refusal(self):
        batch = BatchFactory()
        request = self.ask(batch)
        with pytest.raises(NotRefused):
            order_recall(officer(), request=request, client_key=uuid7())
        refuse_recall(keeper(batch.place), request=request, reason="认为货物合格")
        recall = order_recall(officer(), request=request, client_key=uuid7())
        assert (recall.kind, recall.refusal) == ("ordered", "认为货物合格")
        request.refresh_from_db()
        assert (request.state, request.recall_id) == ("followed", recall.pk)

    def test_a_recall_answers_the_request(self):
        batch = BatchFactory()
        request = self.ask(batch)
        recall = RecallFactory(batch=batch)
        request.refresh_from_db()
        assert (request.state, request.recall_id) == ("followed", recall.pk)

    def test_a_refusal_needs_a_reason_and_tells_who_asked(self):
        batch, asker = BatchFactory(), GrantFactory(role=Role.DISTRICT_OFFICER, district_id="440607").account
        request = ask_recall(actor_for(asker), batch=batch, reason="快检阳性", client_key=uuid7())
        with pytest.raises(Invalid):
            refuse_recall(keeper(batch.place), request=request, reason=" ")
        refuse_recall(keeper(batch.place), request=request, reason="认为货物合格")
        assert Notice.objects.get(account=asker).kind == "recall_refused"
        with pytest.raises(StaleState):
            refuse_recall(keeper(batch.place), request=RecallRequest(
                pk=request.pk, district_id=request.district_id, place=batch.place,
                organisation_id=request.organisation_id, state="asked",
            ), reason="再次拒绝")  # fmt: skip

    def test_a_batch_is_asked_for_once_at_a_time(self):
        batch = BatchFactory()
        self.ask(batch)
        with pytest.raises(StaleState):
            self.ask(batch)

    def test_a_market_manager_neither_asks_nor_orders(self):
        batch = BatchFactory()
        with pytest.raises(NotAllowed):
            ask_recall(clerk(batch.place), batch=batch, reason="快检阳性", client_key=uuid7())

    def test_the_operator_does_not_end_what_was_ordered(self):
        batch = BatchFactory()
        request = self.ask(batch)
        refuse_recall(keeper(batch.place), request=request, reason="认为货物合格")
        recall = order_recall(officer(), request=request, client_key=uuid7())
        with pytest.raises(NotFound):
            recall_end.cancel(keeper(batch.place), recall=recall, reason="不召回")


class TestWhoSees:
    def test_its_people_and_those_above_see_a_recall_and_nobody_else(self):
        recall = RecallFactory()
        for actor in (keeper(recall.place), clerk(recall.place), officer()):
            assert selectors.recall_for(actor, recall.pk) == recall
        for actor in (keeper(BatchFactory().place), officer("440605")):
            with pytest.raises(NotFound):
                selectors.recall_for(actor, recall.pk)

    def test_a_holder_sees_his_notice_alone(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        holder = keeper(goods.stall.place)
        assert selectors.own_notice(holder, recall.pk) == notice_of(recall, goods.stall.place)
        with pytest.raises(NotFound):
            selectors.notice_for(holder, notice_of(recall, goods.canteen.place).pk)
        with pytest.raises(NotFound):
            selectors.recall_for(holder, recall.pk)
