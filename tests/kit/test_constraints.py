"""Each rule the database keeps for kit's tables, broken once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kit.ids import uuid7
from kit.models import IdempotencyRecord, OutboxJob, Seal, SealLeaf

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HERE = "320582"


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def seal(number=1):
    return Seal.objects.create(
        district_id=HERE, ledger="notes", number=number, algorithm="", leaf_count=0, cutoff=NOON, sealed_at=NOON
    )


def leaf(made, position=0, row_id=None):
    return SealLeaf.objects.create(district_id=HERE, seal=made, position=position, row_id=row_id or uuid7())


def test_a_key_is_recorded_once_for_an_actor_and_a_route():
    record = {"actor_key": "account:1", "route": "/", "key": "k", "at": NOON}
    IdempotencyRecord.objects.create(**record)
    with refused("idempotency_record_once"), transaction.atomic():
        IdempotencyRecord.objects.create(**record)


@pytest.mark.parametrize(("state", "finished_at"), [("waiting", NOON), ("done", None), ("dead", None)])
def test_a_job_is_either_waiting_or_finished(state, finished_at):
    with refused("outbox_job_waiting_or_finished"), transaction.atomic():
        OutboxJob.objects.create(
            name="x", state=state, created_at=NOON, due_at=NOON, publish_at=NOON, finished_at=finished_at
        )


def test_a_seal_has_its_own_number():
    seal()
    with refused("seal_number_once"), transaction.atomic():
        seal()


def test_a_leaf_has_its_own_place():
    made = seal()
    leaf(made)
    with refused("seal_leaf_position_once"), transaction.atomic():
        leaf(made)


def test_a_row_is_sealed_once():
    first = leaf(seal())
    with refused("seal_leaf_row_once"), transaction.atomic():
        leaf(seal(2), row_id=first.row_id)
