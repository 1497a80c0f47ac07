"""The district's rules in the browser: what holds, a new version, what it cannot be."""

import datetime as dt
from dataclasses import fields

import pytest

from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.permissions import NotYourJob
from registry.roles import Role
from tests.factories import cases as made
from tests.factories.registry import DISTRICT, account_with, actor_with
from tests.factories.traceability import DAWN, BatchFactory, IntakeFactory, clerk, officer
from tests.registry.people import signed_in
from traceability.models import Batch, HoldItem, Policy
from traceability.policies import POLICIES, CaseClocks
from traceability.selectors.policies import policy
from traceability.services.policies import set_policy
from traceability.web import policy_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dawn")]
WIDE = {"banned": "everything", "confirmed": "everything", "regulator": "everything", "market": "everything",
        "canteen": "everything"}  # fmt: skip


def set_now(actor=None, name="case_clocks", value=None, note="试行", **more):
    value = {"disposal_hours": 12} if value is None else value
    more.setdefault("client_key", uuid7())
    return set_policy(actor or officer(), district_id=DISTRICT, name=name, value=value, note=note, **more)


class TestSetting:
    def test_a_version_is_added_and_the_earlier_one_stays(self):
        set_now()
        with clock.freeze(DAWN + dt.timedelta(hours=1)):
            set_now(value={"disposal_hours": 6})
            assert policy(DISTRICT, "case_clocks", clock.now()).disposal_hours == 6
        assert policy(DISTRICT, "case_clocks", DAWN).disposal_hours == 12
        assert Policy.objects.count() == 2

    def test_it_may_begin_later_and_never_earlier(self):
        set_now(effective_from=DAWN + dt.timedelta(days=1))
        assert policy(DISTRICT, "case_clocks", DAWN).disposal_hours == CaseClocks().disposal_hours
        assert policy(DISTRICT, "case_clocks", DAWN + dt.timedelta(days=2)).disposal_hours == 12
        with pytest.raises(Invalid) as refused:
            set_now(effective_from=DAWN - dt.timedelta(seconds=1))
        assert "effective_from" in refused.value.fields

    def test_two_versions_do_not_begin_at_one_moment(self):
        set_now()
        with pytest.raises(Invalid) as refused:
            set_now()
        assert "effective_from" in refused.value.fields

    def test_sent_twice_it_is_one_version(self):
        key = uuid7()
        assert set_now(client_key=key) == set_now(client_key=key)

    @pytest.mark.parametrize(
        ("name", "value", "field"),
        [("case_clocks", {"objection_hours": 3}, "objection_hours"), ("case_clocks", {"close_days": 0}, "close_days"),
         ("hold_reach", {"market": "nobody"}, "market"), ("point_score", {"blind": 90}, "rule"),
         ("sampling", {"random_share": 0.0}, "random_share"), ("case_clocks", {"unknown": 1}, "unknown")],
    )  # fmt: skip
    def test_what_a_rule_cannot_be_is_refused_at_its_field(self, name, value, field):
        with pytest.raises(Invalid) as refused:
            set_now(name=name, value=value)
        assert set(refused.value.fields) == {field}
        assert not Policy.objects.exists()

    def test_a_reason_is_needed(self):
        with pytest.raises(Invalid) as refused:
            set_now(note=" ")
        assert "note" in refused.value.fields

    def test_only_officers_of_the_district_set_its_rules(self):
        with pytest.raises(NotFound):
            set_now(officer("440605"))
        batch = BatchFactory()
        for actor in (clerk(batch.place), actor_with(Role.TOWN_OFFICER, town=batch.place.town)):
            with pytest.raises(NotYourJob):
                set_now(actor)


class TestWhatItChanges:
    def test_a_longer_time_to_object_for_a_markets_test(self):
        set_now(value={"market_objection_hours": 8})
        case = made.positive()
        assert case.objection_due_at == made.after(case, hours=8)

    def test_a_wider_reach_stops_buyers_at_the_first_positive(self):
        intake = IntakeFactory()
        set_now(name="hold_reach", value=WIDE)
        made.positive(Batch.objects.get(pk=intake.batch.parent_id))
        assert HoldItem.objects.filter(batch=intake.batch, released_at=None).exists()


class TestThePages:
    @pytest.fixture
    def client(self):
        return signed_in(account_with(Role.DISTRICT_OFFICER, district_id=DISTRICT))

    def test_every_rule_is_shown_with_its_words(self, client):
        page = client.get("/desk/policies").content.decode()
        for name, kind in POLICIES.items():
            assert f"/desk/policies/{name}" in page
            for each in fields(kind):
                assert each.name in policy_words.PARTS[name], f"no words for {name}.{each.name}"

    @pytest.mark.parametrize("name", POLICIES)
    def test_every_rule_has_an_editor_that_takes_what_it_shows(self, client, name):
        form = client.get(f"/desk/policies/{name}").context["form"]
        data = {field.name: field.value() for field in form if field.value() is not None}
        assert client.post(f"/desk/policies/{name}", data | {"note": "原样重申"}).status_code == 303
        assert Policy.objects.get().name == name

    def test_a_wrong_value_comes_back_at_its_field_with_what_was_typed(self, client):
        form = client.get("/desk/policies/case_clocks").context["form"]
        data = {field.name: field.value() for field in form if field.value() is not None}
        again = client.post("/desk/policies/case_clocks", data | {"objection_hours": 2, "note": "太长了"})
        assert again.status_code == 422
        assert "objection_hours" in again.context["form"].errors
        assert "太长了" in again.content.decode()

    def test_the_versions_are_listed_with_who_and_why(self, client):
        set_now(note="秋季试行", effective_from=DAWN + dt.timedelta(days=3))
        page = client.get("/desk/policies/case_clocks").content.decode()
        assert "秋季试行" in page

    def test_there_is_no_other_rule(self, client):
        assert client.get("/desk/policies/nothing").status_code == 404
