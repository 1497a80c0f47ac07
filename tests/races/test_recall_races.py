"""Recalls under many hands at once. Each race has a control beside it, the same race without its guard."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import transaction

from kit import locks
from kit.ids import uuid7
from kit.transitions import StaleState
from tests.factories.traceability import RecallFactory, VoucherFactory, keeper
from tests.kit.together import together
from tests.traceability.goods import batch_at, wholesale_stall
from tests.traceability.trade import trade
from traceability.models import HoldItem, Recall, RecallNotice, StockMove
from traceability.refusals import AlreadyRecalled
from traceability.services import recall, recall_answers, recall_end
from traceability.services.recall import open_recall
from traceability.services.recall_answers import acknowledge

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 6


def opened_by_many(batch):
    actor = keeper(batch.place)
    return together(
        *[lambda: open_recall(actor, batch=batch, reason="快检阳性", client_key=uuid7()) for _ in range(HANDS)]
    )


@pytest.fixture
def slow_scope(monkeypatch):
    """Between looking for a recall under way and writing one passes some time."""
    reckon = recall.lineage_of
    monkeypatch.setattr(recall, "lineage_of", lambda batch_id: (time.sleep(0.1), reckon(batch_id))[1])


def test_of_many_who_open_a_recall_one_does_and_the_others_are_told_which(slow_scope):
    answers = opened_by_many(batch_at(wholesale_stall()))
    (made,) = [answer for answer in answers if isinstance(answer, Recall)]
    refused = [answer for answer in answers if answer is not made]
    assert all(isinstance(answer, AlreadyRecalled) for answer in refused)
    assert {answer.data["recall_id"] for answer in refused} == {str(made.pk)}


def test_control_without_the_districts_lock_they_meet_the_constraint(slow_scope, monkeypatch):
    monkeypatch.setattr(locks, "own_goods", lambda district_id: None)
    answers = opened_by_many(batch_at(wholesale_stall()))
    assert not all(isinstance(answer, Recall | AlreadyRecalled) for answer in answers)
    assert Recall.objects.count() == 1, "the constraint holds even then"


def answered_by_many():
    goods = trade()
    made = RecallFactory(batch=goods.batch)
    actor = keeper(goods.stall.place)

    def answer():
        notice = RecallNotice.objects.select_related("recall__place").get(recall=made, place_id=goods.stall.place_id)
        time.sleep(0.05)
        return acknowledge(actor, notice=notice, found_kg=Decimal(2), done=RecallNotice.Done.SET_ASIDE)

    return together(*[answer] * HANDS)


def test_of_many_answers_to_one_notice_one_counts():
    answers = answered_by_many()
    assert sum(isinstance(answer, StaleState) for answer in answers) == HANDS - 1
    assert StockMove.objects.count() == 1


def test_control_without_compare_and_set_all_of_them_count(monkeypatch):
    def overwrite(row, states, to, **fields):
        RecallNotice.objects.filter(pk=row.pk).update(state=to, **fields)

    monkeypatch.setattr(recall_answers, "move", overwrite)
    assert not any(isinstance(answer, StaleState) for answer in answered_by_many())


def closed_while_a_holder_is_found():
    """One closes a recall that everybody answered; meanwhile a late slip names one more holder."""
    batch = batch_at(wholesale_stall())
    made = RecallFactory(batch=batch)
    actor = keeper(batch.place)
    own = RecallNotice.objects.select_related("recall__place").get(recall=made)
    acknowledge(actor, notice=own, found_kg=Decimal(0), done=RecallNotice.Done.NOTHING_LEFT)
    with transaction.atomic():
        HoldItem.objects.filter(hold=made.hold).delete()
    counted, named = threading.Event(), threading.Event()
    count = recall_end._require_answers

    def slow_count(of):
        count(of)
        counted.set()
        named.wait(2)

    def close():
        recall_end._require_answers = slow_count
        try:
            return recall_end.close(
                actor, recall=Recall.objects.select_related("place").get(pk=made.pk), conclusion="完"
            )
        finally:
            recall_end._require_answers = count

    def find():
        counted.wait(5)
        VoucherFactory(batch=type(batch).objects.select_related("place__market").get(pk=batch.pk), walk_in=True)
        found = recall_end.catch_up(recall=Recall.objects.get(pk=made.pk))
        named.set()
        return found

    answers = together(close, find)
    made.refresh_from_db()
    return answers, made


def test_a_holder_found_while_a_recall_is_closed_is_not_left_without_an_answer():
    (closed, found), made = closed_while_a_holder_is_found()
    assert isinstance(closed, Recall)
    assert found == 0
    assert not RecallNotice.objects.filter(recall=made, state="sent").exists()


def test_control_without_the_recalls_lock_a_closed_recall_has_an_open_notice(monkeypatch):
    monkeypatch.setattr(
        recall_end, "_under_way", lambda of: Recall.objects.filter(pk=of.pk, state="open", drill=False).exists()
    )
    (closed, found), made = closed_while_a_holder_is_found()
    assert isinstance(closed, Recall)
    assert found == 1
    assert made.state == "closed"
    assert RecallNotice.objects.filter(recall=made, state="sent").exists()
