"""What the database keeps of recalls, each rule broken once; and what opening one costs."""

import pytest
from django.db import IntegrityError, transaction

from kit import clock
from kit.ids import uuid7
from tests.factories.traceability import BatchFactory, RecallFactory, keeper, officer
from tests.traceability.trade import trade
from traceability.models import (
    Recall,
    RecallItem,
    RecallNotice,
)
from traceability.services.recall import open_recall
from traceability.services.recall_request import ask_recall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
DONE = RecallNotice.Done


class TestConstraints:
    def recall(self, **fields):
        recall = RecallFactory()
        facts = {
            "kind": "voluntary", "batch": recall.batch, "place": recall.place, "product_id": recall.product_id,
            "organisation_id": recall.organisation_id, "reason": "x", "opened_at": clock.now(),
            "opened_by_id": recall.opened_by_id, "client_key": uuid7(), "district_id": recall.district_id,
            "state": "cancelled", "conclusion": "x", "closed_at": clock.now(),
        }  # fmt: skip
        return recall, facts | fields

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"kind": "ordered"}, "recall_ordered_after_refusal"),
            ({"conclusion": ""}, "recall_closed_has_conclusion"),
            ({"state": "open", "closed_at": None}, "recall_open_once_a_batch"),
        ],
    )
    def test_a_recall_keeps_its_rules(self, fields, constraint):
        _, facts = self.recall(**fields)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Recall.objects.create(**facts)

    def test_a_recall_is_sent_once(self):
        recall, facts = self.recall()
        with pytest.raises(IntegrityError, match="recall_client_key_once"), transaction.atomic():
            Recall.objects.create(**facts | {"client_key": recall.client_key})

    def test_an_item_is_listed_once(self):
        item = RecallItem.objects.get(recall=RecallFactory())
        item.pk = uuid7()
        with pytest.raises(IntegrityError, match="recall_item_once"), transaction.atomic():
            item.save(force_insert=True)

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({}, "recall_notice_once_a_holder"),
            ({"place_id": None}, "recall_notice_names_holder"),
            ({"place_id": uuid7(), "state": "acknowledged"}, "recall_notice_answer_has_quantity"),
        ],
    )
    def test_a_notice_keeps_its_rules(self, fields, constraint):
        notice = RecallNotice.objects.get(recall=RecallFactory())
        notice.pk = uuid7()
        for name, value in fields.items():
            setattr(notice, name, value)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            notice.save(force_insert=True)

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"client_key": None}, "recall_request_client_key_once"),
            ({}, "recall_request_one_open_a_batch"),
            ({"state": "refused"}, "recall_request_refusal_has_reason"),
            ({"state": "followed"}, "recall_request_followed_by_recall"),
        ],
    )
    def test_a_request_keeps_its_rules(self, fields, constraint):
        request = ask_recall(officer(), batch=BatchFactory(), reason="x", client_key=uuid7())
        again = {"pk": uuid7(), "client_key": uuid7()} | fields
        again["client_key"] = again["client_key"] or request.client_key
        for name, value in again.items():
            setattr(request, name, value)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            request.save(force_insert=True)


def test_opening_costs_the_same_queries_however_many_hold_the_goods(django_assert_max_num_queries):
    batch = trade().batch
    actor = keeper(batch.place)
    with django_assert_max_num_queries(40):
        open_recall(actor, batch=batch, reason="快检阳性", client_key=uuid7())
