"""Checklists, prices, budget lines and rules, edited in the browser."""

import datetime as dt

import pytest

from inspections.models import (
    Budget,
    Checklist,
    Task,
    TaskKind,
    WorkPolicy,
)
from inspections.selectors.policies import policy
from inspections.services.set_up import ensure_defaults
from kit import clock
from tests.factories.registry import (
    DISTRICT,
    StoreFactory,
)
from tests.inspections.desk import filled, kind, post, text, url

pytestmark = pytest.mark.django_db


def test_a_checklist_is_drafted_changed_and_put_to_use(as_officer):
    ensure_defaults(DISTRICT)
    used = Checklist.objects.get(code="stall")
    response = as_officer.post(url("checklist_draft", used.pk))
    assert as_officer.post(url("checklist_draft", used.pk)).url == response.url, "one draft at a time"
    draft = Checklist.objects.get(code="stall", version=2)
    new = {"code": "S15", "text": "公示价格", "evidence": "photo", "measures": "补贴价签"}
    post(as_officer, url("checklist_item_new", draft.pk), **new)
    post(as_officer, url("checklist_item_new", draft.pk), **new)
    added = draft.items.get(code="S15")
    assert post(as_officer, url("checklist_item_new", draft.pk), **{**new, "text": "别的"}).status_code == 422
    as_officer.post(url("checklist_item_move", added.pk), {"to": "up"})
    post(as_officer, url("checklist_item", added.pk), **{**new, "key": "on"})
    as_officer.post(url("checklist_item_remove", draft.items.get(code="S05").pk))
    post(as_officer, url("checklist_describe", draft.pk), title="摊位巡查", min_photos="2")
    as_officer.post(url("checklist_publish", draft.pk))
    draft.refresh_from_db(), used.refresh_from_db()
    assert (draft.state, used.state) == ("published", "retired")
    assert [item.code for item in draft.items.all()][-2:] == ["S15", "S14"]
    assert [item.position for item in draft.items.all()] == list(range(1, 15))
    assert used.items.count() == 14, "the version before it is as it was"
    assert post(as_officer, url("checklist_item_new", draft.pk), **new).status_code == 409
    assert "公示价格" in text(as_officer.get(url("checklist_export", draft.pk)))


def test_a_new_price_holds_from_its_day_and_old_tasks_keep_theirs(as_officer):
    place = StoreFactory()
    present = kind()
    post(as_officer, url("work_task_new", place=place.pk), kind=present.pk, grade="a")
    tomorrow = clock.now().date() + dt.timedelta(days=1)
    asked = {
        "name": "日常协管", "group": "supervision", "base_fen": "30", "unseen_fen": "8", "hours": "72", "minutes": "20",
        "min_stay_minutes": "8", "min_level": "1", "course_code": "basic", "checklist_codes": ["stall", "catering"],
        "effective_from": tomorrow.isoformat(),
    }  # fmt: skip
    assert post(as_officer, url("task_kind_edit", "DAILY"), **{**asked, "base_fen": "5"}).status_code == 422
    assert post(as_officer, url("task_kind_edit", "DAILY"), **asked).status_code == 303
    assert post(as_officer, url("task_kind_edit", "DAILY"), **asked).status_code == 303
    assert TaskKind.objects.filter(code="DAILY").count() == 2, "the same once more is no version"
    with clock.freeze(clock.now() + dt.timedelta(days=2)):
        later = TaskKind.objects.get(code="DAILY", version=2)
        post(as_officer, url("work_task_new", place=StoreFactory().pk), kind=later.pk, grade="a")
    assert sorted(Task.objects.values_list("price_fen", flat=True)) == [2600, 3000]


def test_a_budget_line_is_opened_and_never_cut_below_what_is_reserved(as_officer):
    assert post(as_officer, url("budget_new"), name="日常协管", month="2026-11", cap_fen="100").status_code == 303
    line = Budget.objects.get()
    Budget.objects.update(reserved_fen=5000)
    assert post(as_officer, url("budget", line.pk), cap_fen="49.99").status_code == 422
    assert post(as_officer, url("budget", line.pk), cap_fen="50").status_code == 303
    assert "50.00" in text(as_officer.get(url("budgets_export")))


def test_a_rule_changes_with_a_reason_within_its_bounds(as_officer):
    asked = filled(as_officer.get(url("work_rule", "grabbing")))
    post(as_officer, url("work_rule", "grabbing"), **{**asked, "open_claims": 5, "note": "人手增加"})
    assert policy(DISTRICT, "grabbing", clock.now()).open_claims == 5
    wrong = {**asked, "open_claims": 0, "note": "试"}
    assert post(as_officer, url("work_rule", "grabbing"), **wrong).status_code == 422
    assert post(as_officer, url("work_rule", "grabbing"), **{**asked, "note": ""}).status_code == 422
    assert WorkPolicy.objects.count() == 1
    assert "人手增加" in text(as_officer.get(url("work_rule", "grabbing")))


def test_weights_that_do_not_make_a_hundred_are_refused(as_officer):
    asked = filled(as_officer.get(url("work_rule", "assessing")))
    response = post(as_officer, url("work_rule", "assessing"), **{**asked, "completed": 30, "note": "更看重完成"})
    assert response.status_code == 422
    assert WorkPolicy.objects.count() == 0


@pytest.mark.parametrize("name", ["checklists", "task_kinds", "work_rules", "budget_new"])
def test_rules_are_for_the_district(as_town_officer, name):
    assert as_town_officer.get(url(name)).status_code == 403
