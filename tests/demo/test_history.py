"""A history written by COPY is what the services would have written."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from demo import bench, world
from demo.history.history import History
from demo.history.plan import Volume, plan
from demo.history.suppliers import Past
from kit import clock, verification
from kit.models import PublicCode, SealLeaf
from registry.models import Supplier
from tests.demo.replay import COMPARED, Replay
from traceability.ledger import TRACE
from traceability.models import (
    BackTrace,
    Batch,
    CaseStep,
    Intake,
    PositiveCase,
    RapidTest,
    Sample,
    TestKit,
    TraceEvent,
    Voucher,
    VoucherLine,
)  # fmt: skip

SMALL, DAYS = 0.012, 9
SETTING = (Supplier, Past, TestKit)


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """A small district before its first day of trade."""
    with django_db_blocker.unblock(), transaction.atomic():
        world.load_reference()
        world.load_standards()
        world.settle(0.03, lambda line: None, clock.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def settled(district, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def often_positive(monkeypatch):
    monkeypatch.setattr(bench, "POSITIVE", 0.12)
    monkeypatch.setattr(bench, "SUSPECT", 0.06)
    monkeypatch.setattr(bench, "INVALID", 0.06)


def history(days=DAYS, volume=SMALL, seed=7):
    until = clock.now() - dt.timedelta(days=3)
    return History(seed=seed, volume=Volume().times(volume), until=until, days=days, district_id=world.DISTRICT)


def made(past):
    """Its rows, still in memory."""
    for date in past.dates:
        past.dice.seed(f"{past.seed} {date}")
        past.days.make(plan(date, past.volume))
    past.days.cases.end()
    return past


def write_what_it_stands_on(past):
    with connection.cursor() as cursor:
        for model in SETTING:
            past.days.writers[model].send(cursor)


def test_the_services_would_have_written_every_row_of_it(settled, often_positive):
    past = made(history())
    write_what_it_stands_on(past)
    replay = Replay(past)
    replay.play()
    pairs = {model.__name__: (replay.ours(model), replay.services(model)) for model in COMPARED}
    assert {name: differences(*pair) for name, pair in pairs.items() if pair[0] != pair[1]} == {}
    assert {row["kind"] for row in replay.rows[CaseStep]} >= {
        "notified", "repeat", "accepted", "objected", "lapsed", "sealed", "disposed", "reported", "resampled", "closed",
    }  # fmt: skip
    assert all(replay.rows[model] for model in (Batch, Voucher, Intake, Sample, RapidTest, TraceEvent))


def differences(ours, theirs):
    """The first row that is not the same, column by column."""
    only, other = list((ours - theirs).elements()), list((theirs - ours).elements())
    if not (only and other):
        return len(only), len(other), (only or other)[:1]
    likest = min(other, key=lambda row: len(set(row) ^ set(only[0])))
    return len(only), len(other), sorted(set(only[0]) ^ set(likest), key=str)


def test_its_kilos_add_up_and_its_ledger_verifies(settled, often_positive):
    *_, tally = history().write()
    assert tally.rows > 1000
    assert verification.verify(TRACE) == []
    assert SealLeaf.objects.count() == TraceEvent.objects.count()
    gone = F("sold_kg") + F("disposed_kg")
    assert not Batch.objects.filter(admitted_kg__lt=gone).exists()
    for batch in Batch.objects.annotate(on_slips=Sum(F("lines__weight_kg") - F("lines__refused_kg"))):
        assert batch.sold_kg == (batch.on_slips or 0)
    for line in VoucherLine.objects.filter(accepted_kg__gt=0):
        assert Batch.objects.get(source_line_id=line.pk).admitted_kg == line.accepted_kg


def test_every_thing_of_it_has_the_code_that_leads_to_it(settled):
    list(history(days=2).write())
    for model, kind in ((Batch, "b"), (Voucher, "v")):
        for row in model.objects.all():
            code = PublicCode.objects.get(pk=row.token)
            assert (code.kind, code.target_id, code.typed_code) == (kind, row.pk, row.typed_code)


def test_every_positive_has_its_case_traced_back(settled, often_positive):
    list(history().write())
    positive = RapidTest.objects.filter(result="positive", repeats=None)
    assert PositiveCase.objects.count() == positive.count() > 10
    assert BackTrace.objects.count() == PositiveCase.objects.count()
    waiting = PositiveCase.objects.exclude(state="closed")
    assert waiting.filter(due_at=None).count() == 0
    closed = PositiveCase.objects.filter(state="closed").aggregate(
        all=Count("id"), open=Count("id", Q(due_at__isnull=False))
    )
    assert closed["all"] > 0
    assert closed["open"] == 0


def test_the_same_seed_and_dates_tell_the_same_story(settled):
    first, second, other = (made(history(days=2, seed=seed)) for seed in (7, 7, 8))
    drawn = {"token", "typed_code", "label", "data"}

    def told(past):
        rows = [
            row for model in (Batch, Voucher, Intake, RapidTest, TraceEvent) for row in past.days.writers[model].rows
        ]
        return [{name: value for name, value in row.items() if name not in drawn} for row in rows]

    assert told(first) == told(second)
    assert told(first) != told(other)


def test_it_is_told_of_an_empty_database_only():
    with pytest.raises(CommandError, match="months"):
        call_command("world", months=13, stdout=StringIO())


def test_a_district_that_trades_already_is_left_as_it_is(settled):
    with pytest.raises(CommandError, match="sealed"):
        call_command("world", stdout=StringIO())
