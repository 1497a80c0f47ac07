"""What holders answer to a recall, how they are reminded, and when a recall may end."""

import datetime as dt
from decimal import Decimal

import pytest

from kit import clock
from kit.refusals import Invalid, NotFound
from kit.transitions import StaleState
from registry.models import Notice
from registry.roles import Role
from tests.factories.registry import GrantFactory
from tests.factories.traceability import DAWN, RecallFactory, VoucherFactory, keeper
from tests.traceability.trade import trade
from traceability.models import (
    HoldItem,
    Recall,
    RecallNotice,
    RecallStep,
    StockMove,
)
from traceability.refusals import NoticesOpen, RecallIsOver
from traceability.selectors import recalls as selectors
from traceability.services import recall_end, recall_news
from traceability.services.recall_answers import acknowledge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DONE = RecallNotice.Done


def notice_of(recall, place) -> RecallNotice:
    return RecallNotice.objects.select_related("recall__place").get(recall=recall, place_id=place.pk)


def answer_all(recall):
    """Everybody answers that nothing is left; for walk-ins the wholesaler writes it down."""
    operator = keeper(recall.place)
    for notice in RecallNotice.objects.filter(recall=recall, state="sent").select_related("recall__place"):
        acknowledge(operator, notice=notice, found_kg=Decimal(0), done=DONE.NOTHING_LEFT, answer="电话")


class TestAnswer:
    def test_what_was_found_is_recorded_and_leaves_the_stock(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        notice = notice_of(recall, goods.stall.place)
        acknowledge(keeper(goods.stall.place), notice=notice, found_kg=Decimal(12), done=DONE.DISPOSED, answer="已销毁")
        notice.refresh_from_db()
        assert (notice.state, notice.found_kg, notice.on_behalf) == ("acknowledged", 12, False)
        stock = goods.fresh(goods.stall)
        assert (stock.disposed_kg, stock.kg_on_hand) == (12, 8)
        assert StockMove.objects.get(batch=stock).kind == "disposed"

    def test_more_than_the_books_have_is_recorded_as_found(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        notice = notice_of(recall, goods.stall.place)
        acknowledge(keeper(goods.stall.place), notice=notice, found_kg=Decimal(25), done=DONE.RETURNED)
        assert goods.fresh(goods.stall).returned_kg == 20
        assert RecallNotice.objects.get(pk=notice.pk).found_kg == 25

    def test_the_second_answer_is_told_that_there_is_one(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        first, second = notice_of(recall, goods.stall.place), notice_of(recall, goods.stall.place)
        acknowledge(keeper(goods.stall.place), notice=first, found_kg=Decimal(1), done=DONE.SET_ASIDE)
        with pytest.raises(StaleState):
            acknowledge(keeper(goods.stall.place), notice=second, found_kg=Decimal(2), done=DONE.SET_ASIDE)
        assert goods.fresh(goods.stall).withdrawn_kg == 1

    @pytest.mark.parametrize(
        ("found_kg", "done", "field"),
        [(0, DONE.SET_ASIDE, "found_kg"), (3, DONE.NOTHING_LEFT, "found_kg"), (-1, DONE.DISPOSED, "found_kg"),
         (1, "burnt", "done")],
    )  # fmt: skip
    def test_a_quantity_and_what_was_done_must_fit(self, found_kg, done, field):
        goods = trade()
        notice = notice_of(RecallFactory(batch=goods.batch), goods.stall.place)
        with pytest.raises(Invalid) as refusal:
            acknowledge(keeper(goods.stall.place), notice=notice, found_kg=Decimal(found_kg), done=done)
        assert field in refusal.value.fields

    def test_the_recaller_writes_down_what_a_walk_in_customer_says(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        notice = recall.notices.select_related("recall__place").get(voucher_id=goods.walk_in.pk)
        with pytest.raises(Invalid):
            acknowledge(keeper(goods.batch.place), notice=notice, found_kg=Decimal(0), done=DONE.NOTHING_LEFT)
        acknowledge(
            keeper(goods.batch.place), notice=notice, found_kg=Decimal(0), done=DONE.NOTHING_LEFT, answer="电话: 已吃完"
        )
        assert RecallNotice.objects.get(pk=notice.pk).on_behalf

    def test_another_holder_answers_like_a_stranger(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        with pytest.raises(NotFound):
            acknowledge(
                keeper(goods.canteen.place), notice=notice_of(recall, goods.stall.place), found_kg=Decimal(1),
                done=DONE.SET_ASIDE,
            )  # fmt: skip

    def test_a_recall_that_is_over_takes_no_answer(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        recall_end.cancel(keeper(goods.batch.place), recall=recall, reason="误报")
        with pytest.raises(RecallIsOver):
            acknowledge(
                keeper(goods.stall.place), notice=notice_of(recall, goods.stall.place), found_kg=Decimal(1),
                done=DONE.SET_ASIDE,
            )  # fmt: skip


class TestReminding:
    def test_who_has_not_answered_is_asked_again_at_most_once_an_hour(self):
        goods = trade()
        person = GrantFactory(role=Role.VENDOR, place=goods.stall.place).account
        recall = RecallFactory(batch=goods.batch)
        operator = keeper(goods.batch.place)
        assert recall_news.remind(operator, recall=recall) == 0
        with clock.freeze(DAWN + dt.timedelta(hours=2)):
            assert recall_news.remind(operator, recall=recall) == 6
            assert recall_news.remind(operator, recall=recall) == 0
        assert Notice.objects.filter(account=person, kind="recall_reminder").count() == 1
        assert notice_of(recall, goods.stall.place).reminders == 1
        assert RecallStep.objects.get(recall=recall, kind="reminded").data == {"holders": 6}

    def test_the_job_asks_after_a_day(self):
        RecallFactory(batch=trade().batch)
        assert recall_news.remind_due() == 0
        with clock.freeze(DAWN + dt.timedelta(hours=25)):
            assert recall_news.remind_due() == 6
            assert recall_news.remind_due() == 0

    def test_a_drill_reminds_nobody(self):
        drill = RecallFactory(batch=trade().batch, drill=True)
        with clock.freeze(DAWN + dt.timedelta(hours=25)):
            assert recall_news.remind_due() == recall_news.remind(keeper(drill.place), recall=drill) == 0


class TestEnding:
    def test_it_is_not_closed_while_somebody_has_not_answered(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        with pytest.raises(NoticesOpen) as refusal:
            recall_end.close(keeper(recall.place), recall=recall, conclusion="完成")
        assert refusal.value.data["count"] == 6
        assert "阿娟蔬菜档" in "".join(refusal.value.data["holders"])

    def test_it_is_closed_when_all_have(self):
        recall = RecallFactory(batch=trade().batch)
        answer_all(recall)
        recall = recall_end.close(keeper(recall.place), recall=recall, conclusion="完成")
        assert (recall.state, recall.conclusion) == ("closed", "完成")
        with pytest.raises(StaleState):
            recall_end.close(keeper(recall.place), recall=Recall(
                pk=recall.pk, district_id=recall.district_id, place=recall.place, kind="voluntary",
                organisation_id=recall.organisation_id, state="open",
            ), conclusion="再次")  # fmt: skip

    def test_whom_a_late_slip_names_is_added_and_keeps_it_open(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        answer_all(recall)
        HoldItem.objects.filter(hold=recall.hold).update(released_at=clock.now())
        late = VoucherFactory(batch=goods.fresh(goods.batch), walk_in=True, weight_kg=2)
        HoldItem.objects.filter(hold=recall.hold).update(released_at=None)
        with pytest.raises(NoticesOpen) as refusal:
            recall_end.close(keeper(recall.place), recall=recall, conclusion="完成")
        assert refusal.value.data["count"] == 1
        assert recall_end.catch_up(recall=recall) == 1
        assert recall.notices.get(voucher_id=late.pk).expected_kg == 2

    def test_cancelling_says_why_and_leaves_the_pause_to_an_officer(self):
        recall = RecallFactory()
        with pytest.raises(Invalid):
            recall_end.cancel(keeper(recall.place), recall=recall, reason="")
        recall_end.cancel(keeper(recall.place), recall=recall, reason="误报")
        assert HoldItem.objects.filter(hold=recall.hold, released_at=None).exists()

    def test_effect_counts_answers_kilos_and_hours(self):
        goods = trade()
        recall = RecallFactory(batch=goods.batch)
        with clock.freeze(DAWN + dt.timedelta(hours=3)):
            acknowledge(
                keeper(goods.stall.place), notice=notice_of(recall, goods.stall.place), found_kg=Decimal(15),
                done=DONE.SET_ASIDE,
            )  # fmt: skip
            effect = selectors.effect_of(recall, clock.now())
        assert (effect.holders, effect.answered, effect.answered_percent) == (6, 1, 17)
        assert (effect.found_percent, effect.hours) == (75, 3.0)
