"""People who act on the same goods at the same moment: every kilo is sold once, taken in once, admitted once.

Each race has a control beside it, the same race with its guards taken out, to show that it is one.
"""

import time
from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, models
from django.db.models import Sum

from kit import locks
from kit.ids import uuid7
from kit.refusals import Refusal
from kit.transitions import IllegalMove, StaleState
from tests.factories.registry import StallFactory
from tests.factories.traceability import (
    BatchFactory,
    DeclarationFactory,
    VoucherFactory,
    buyer_of,
    clerk,
    keeper,
    officer,
)
from tests.kit.together import together
from traceability.models import Batch, Declaration, Hold, HoldItem, Intake, Voucher, VoucherLine
from traceability.refusals import AlreadyTakenIn, NotSellable
from traceability.services import audit, hold, sell, take_in

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8
BUSY_S = 0.05


@pytest.fixture(autouse=True)
def one_queue(settings):
    settings.ZEAL_RAISE = False  # each person asks for himself


def kinds(answers):
    """How often each kind of answer came."""
    return Counter(type(answer) for answer in answers)


@pytest.fixture
def without_row_locks(monkeypatch):
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **how: rows)


# Two buyers for the last kilo


def sell_the_last(monkeypatch, sell_kg):
    """Everybody is sold the same last 10 kg; between looking and moving them the machine is busy."""
    batch = BatchFactory(quantity=Decimal(10))
    seller = keeper(batch.place)
    buyers = [StallFactory() for _ in range(PEOPLE)]
    monkeypatch.setattr(sell, "sell_kg", lambda *args: (time.sleep(BUSY_S), sell_kg(*args))[1])

    def one(buyer):
        line = sell.SaleLine(weight_kg=Decimal(10), product=batch.product)
        return lambda: sell.sell(
            seller, place=batch.place, buyer=sell.Buyer(place=buyer), lines=[line], client_key=uuid7()
        )

    answers = together(*map(one, buyers))
    batch.refresh_from_db()
    return answers, batch, VoucherLine.objects.aggregate(kg=Sum("weight_kg"))["kg"]


def look_then_write(batch_id, district_id, weight_kg):
    """What everybody would write first."""
    batch = Batch.objects.get(district_id=district_id, pk=batch_id)
    if batch.kg_on_hand < weight_kg:
        return False
    time.sleep(BUSY_S)
    batch.sold_kg += weight_kg
    batch.save(update_fields=["sold_kg"])
    return True


def test_the_last_kilos_go_to_one_buyer_and_the_others_are_told_that_none_is_left(monkeypatch):
    answers, batch, sold_kg = sell_the_last(monkeypatch, sell.sell_kg)
    assert kinds(answers) == {Voucher: 1, NotSellable: PEOPLE - 1}
    assert {each.data["shortages"][0]["left_kg"] for each in answers if isinstance(each, NotSellable)} == {"0"}
    assert (batch.kg_on_hand, sold_kg) == (0, 10)


def test_the_conditional_update_alone_is_enough(monkeypatch, without_row_locks):
    answers, batch, sold_kg = sell_the_last(monkeypatch, sell.sell_kg)
    assert kinds(answers) == {Voucher: 1, NotSellable: PEOPLE - 1}
    assert (batch.kg_on_hand, sold_kg) == (0, 10)


def test_control_looking_and_then_writing_sells_the_same_kilos_to_several(monkeypatch, without_row_locks):
    answers, batch, sold_kg = sell_the_last(monkeypatch, look_then_write)
    assert kinds(answers)[Voucher] > 1
    assert sold_kg > batch.admitted_kg


# Double acceptance


def take_in_by_all(monkeypatch, settle):
    """Everybody at the buyer's holds the same slip: half of them at his other stall, where no constraint
    of one intake a line helps."""
    voucher = VoucherFactory()
    here = buyer_of(voucher)
    there = StallFactory(organisation=here.organisation, market=here.market)
    line = voucher.lines.get()
    people = [(place, keeper(place)) for place in (here, there)] * (PEOPLE // 2)
    monkeypatch.setattr(take_in, "_settle", lambda *args: (time.sleep(BUSY_S), settle(*args))[1])

    def one(place, actor):
        answer = take_in.Answer(line.pk, accept_kg=line.weight_kg)
        return lambda: take_in.take_in(actor, place=place, voucher=voucher, answers=[answer], client_key=uuid7())

    answers = together(*(one(*person) for person in people))
    line.refresh_from_db()
    return answers, line, Intake.objects.aggregate(kg=Sum("weight_kg"))["kg"]


def settle_unguarded(line, answer):
    VoucherLine.objects.filter(pk=line.pk).update(accepted_kg=answer.accept_kg)


def test_a_voucher_line_is_taken_in_once_whoever_holds_the_slip(monkeypatch):
    answers, line, taken_kg = take_in_by_all(monkeypatch, take_in._settle)
    assert kinds(answers) == {list: 1, AlreadyTakenIn: PEOPLE - 1}
    assert (line.accepted_kg, taken_kg) == (10, 10)
    assert Batch.objects.filter(source_line_id=line.pk).count() == 1


def test_the_lines_conditional_update_alone_is_enough(monkeypatch, without_row_locks):
    answers, line, taken_kg = take_in_by_all(monkeypatch, take_in._settle)
    assert kinds(answers) == {list: 1, AlreadyTakenIn: PEOPLE - 1}
    assert (line.accepted_kg, taken_kg) == (10, 10)


def test_control_without_it_ten_kilos_become_twenty(monkeypatch, without_row_locks):
    _answers, _line, taken_kg = take_in_by_all(monkeypatch, settle_unguarded)
    assert taken_kg == 20, "once at each of the buyer's stalls"


def test_one_tap_that_arrives_many_times_takes_in_once():
    """The network lost the answer and the phone asks again: everybody gets the same entry."""
    voucher = VoucherFactory()
    place, key = buyer_of(voucher), uuid7()
    actor, line = keeper(place), voucher.lines.get()
    answer = take_in.Answer(line.pk, accept_kg=line.weight_kg)
    answers = together(
        *[lambda: take_in.take_in(actor, place=place, voucher=voucher, answers=[answer], client_key=key)] * PEOPLE
    )
    assert {intake.pk for entry in answers for intake in entry} == {Intake.objects.get().pk}


# Double audit


def busy_clerks(monkeypatch, *calls):
    lock = audit._lock
    monkeypatch.setattr(audit, "_lock", lambda declaration: (lock(declaration), time.sleep(BUSY_S)))
    return together(*calls)


@pytest.fixture
def without_the_clerks_guards(monkeypatch):
    """No lock on the declaration, and its state is set whatever it has become since."""

    def set_state(declaration, states, to, **fields):
        time.sleep(BUSY_S)
        Declaration.objects.filter(pk=declaration.pk).update(state=to, **fields)

    monkeypatch.setattr(audit, "_lock", lambda declaration: None)
    monkeypatch.setattr(audit, "move", set_state)


def admit_by_all(monkeypatch):
    declaration = DeclarationFactory()
    clerks = [clerk(declaration.place) for _ in range(PEOPLE)]

    def one(actor):
        return lambda: audit.admit(actor, declaration=Declaration.objects.get(pk=declaration.pk))

    return busy_clerks(monkeypatch, *map(one, clerks))


def test_two_clerks_admit_one_declaration_and_one_batch_is_made(monkeypatch):
    answers = admit_by_all(monkeypatch)
    assert sum(isinstance(answer, Batch) for answer in answers) == 1
    assert sum(isinstance(answer, (StaleState, IllegalMove)) for answer in answers) == PEOPLE - 1
    assert Batch.objects.count() == 1


def test_control_without_the_guards_the_others_get_an_error_instead_of_an_answer(
    monkeypatch, without_the_clerks_guards
):
    answers = admit_by_all(monkeypatch)
    assert kinds(answers)[IntegrityError] == PEOPLE - 1
    assert Batch.objects.count() == 1, "the constraint holds even then"


def admit_and_reject(monkeypatch):
    """Half of the clerks let the goods in, half keep them out."""
    declaration = DeclarationFactory()
    clerks = [clerk(declaration.place) for _ in range(PEOPLE)]

    def let_in(actor):
        return lambda: audit.admit(actor, declaration=Declaration.objects.get(pk=declaration.pk))

    def keep_out(actor):
        return lambda: audit.reject(actor, declaration=Declaration.objects.get(pk=declaration.pk), reason="变质")

    decide = [(keep_out if number % 2 else let_in)(actor) for number, actor in enumerate(clerks)]
    answers = busy_clerks(monkeypatch, *decide)
    declaration.refresh_from_db()
    decided = sum(not isinstance(answer, Exception) for answer in answers)
    return declaration, decided, answers


def test_one_clerk_decides_and_the_goods_are_either_in_or_out(monkeypatch):
    declaration, decided, answers = admit_and_reject(monkeypatch)
    assert decided == 1
    assert all(isinstance(answer, Refusal) for answer in answers if isinstance(answer, Exception))
    assert (declaration.state == "admitted") == Batch.objects.exists()


def test_control_without_the_guards_goods_are_in_and_out(monkeypatch, without_the_clerks_guards):
    _declaration, decided, _answers = admit_and_reject(monkeypatch)
    assert decided > 1
    assert Batch.objects.exists()


# A hold against goods on their way


def hold_while_taking_in(monkeypatch):
    """Everybody takes in what came of one batch while an officer pauses it. Both are busy before they are done."""
    batch = BatchFactory()
    vouchers = [VoucherFactory(batch=batch) for _ in range(PEOPLE)]
    born, covered = take_in._take, hold._cover
    monkeypatch.setattr(take_in, "_take", lambda *args: (born(*args), time.sleep(4 * BUSY_S))[0])
    monkeypatch.setattr(hold, "_cover", lambda *args: (covered(*args), time.sleep(4 * BUSY_S)))

    def one(voucher):
        place = buyer_of(voucher)
        actor, line = keeper(place), voucher.lines.get()
        answer = take_in.Answer(line.pk, accept_kg=line.weight_kg)
        return lambda: take_in.take_in(actor, place=place, voucher=voucher, answers=[answer], client_key=uuid7())

    def pause():
        return hold.place_hold(inspector, batches=[batch], reason=Hold.Reason.OFFICER, client_key=uuid7())

    inspector = officer()
    answers = together(*map(one, vouchers), pause)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    children = set(Batch.objects.filter(parent_id=batch.pk).values_list("pk", flat=True))
    held = set(HoldItem.objects.filter(released_at=None).values_list("batch_id", flat=True))
    assert len(children) == PEOPLE
    return children - held


def test_no_child_is_born_beneath_a_running_hold_that_is_not_held(monkeypatch):
    assert hold_while_taking_in(monkeypatch) == set()


def test_control_without_the_goods_lock_some_are_born_free(monkeypatch):
    for name in ("own_goods", "share_goods", "share_goods_of"):
        monkeypatch.setattr(locks, name, lambda *districts: None)
    assert hold_while_taking_in(monkeypatch)
