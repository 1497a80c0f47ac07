"""The coordinator's desk: one tap takes a task and answers at once, with and without JavaScript."""

import datetime as dt

import pytest
from django.urls import reverse
from zeal import zeal_ignore

from inspections.models import Claim, Coordinator, GrabAttempt, Task
from kit import clock
from kit.ids import uuid7
from registry.roles import Role
from registry.services.accounts import Account
from tests.factories.inspections import CoordinatorFactory, TaskFactory, TaskKindFactory
from tests.factories.registry import OtherTownFactory, StallFactory, account_with
from tests.inspections.taking import lapse, stands_at, state, take
from tests.registry.people import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def coordinator():
    return CoordinatorFactory()


@pytest.fixture
def phone(coordinator):
    client = signed_in(coordinator.account)
    Account.objects.filter(pk=coordinator.account_id).update(language="en")
    return client


def press(phone, task, key=None, **how):
    sent = {"district": task.district_id, "task": task.pk, "client_key": key or uuid7()}
    return phone.post(reverse("grab"), sent, **how)


def page(phone, name="coordinator_home", *args, **asked):
    response = phone.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


class TestTaking:
    def test_without_javascript_one_lands_on_ones_own_tasks(self, phone):
        task = TaskFactory()
        response = press(phone, task, follow=True)
        assert response.redirect_chain == [(reverse("my_tasks"), 303)]
        assert "Be there before" in response.content.decode()
        assert state(task) == Task.State.CLAIMED

    def test_the_card_turns_into_the_answer(self, phone):
        response = press(phone, TaskFactory(), **HTMX)
        text = response.content.decode()
        assert "<html" not in text
        assert "Yours. Be there before" in text
        assert "You may take 2 more." in text

    def test_pressed_twice_it_is_one_claim_and_the_same_answer(self, phone):
        task, key = TaskFactory(), uuid7()
        assert [press(phone, task, key).status_code for _ in range(2)] == [303, 303]
        assert Claim.objects.count() == 1

    @pytest.mark.parametrize("how", [{}, HTMX])
    def test_the_loser_hears_so_and_is_offered_three_others(self, phone, how):
        lost = stands_at_place(TaskFactory(), 0)
        take(CoordinatorFactory(), lost)
        others = [stands_at_place(TaskFactory(place__name=f"店{n}"), n) for n in (1, 2, 3, 4)]
        response = press(phone, lost, **how)
        text = response.content.decode()
        assert response.status_code == 409
        assert "Somebody else was quicker." in text
        assert "3 more near by" in text
        assert [str(other.pk) in text for other in others] == [True, True, True, False]

    def test_a_second_tap_within_the_second_is_too_fast(self, phone):
        press(phone, TaskFactory())
        response = press(phone, TaskFactory(), **HTMX)
        assert response.status_code == 429
        assert "One tap a second is enough." in response.content.decode()
        assert GrabAttempt.objects.filter(outcome="too_fast").count() == 1

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"district": "440607", "client_key": "x", "task": "y"},
            {"district": "'", "task": "0197f000-0000-7000-8000-000000000000"},
        ],
    )
    def test_nonsense_is_refused(self, phone, sent):
        assert phone.post(reverse("grab"), sent).status_code == 422

    @pytest.mark.parametrize("district", ["440607", "440605"])
    def test_what_is_not_there_or_of_another_district_is_not_found(self, phone, district):
        task = TaskFactory(district_id="440605", place__district_id="440605")
        sent = {"district": district, "task": task.pk, "client_key": uuid7()}
        assert phone.post(reverse("grab"), sent).status_code == 404

    @pytest.mark.parametrize("how", [{}, HTMX])
    def test_a_whole_street_with_each_task_answered(self, phone, how):
        bundle = uuid7()
        for _ in range(4):
            TaskFactory(bundle=bundle)
        assert "Take all 3" in page(phone)
        sent = {"district": "440607", "bundle": bundle, "client_key": uuid7()}
        with zeal_ignore():  # each task is a transaction of its own
            text = phone.post(reverse("grab"), sent, **how).content.decode()
        assert "3 tasks of this street are yours." in text
        assert "You hold as many tasks as you may." in text


def stands_at_place(task, north_km):
    stands_at(task.place, 23.16 + north_km / 111.2, 112.90)
    return task


class TestThePool:
    def test_a_card_says_how_far_how_much_how_long_until_when(self, phone):
        stands_at_place(TaskFactory(place__name="云顶酒家"), 0)
        other = stands_at_place(TaskFactory(), 4)
        sent = {"latitude": "23.160", "longitude": "112.900", "kind": "", "near": "3"}
        text = phone.post(reverse("coordinator_near"), sent).content.decode()
        assert "云顶酒家" in text
        assert "50\u00a0m" in text
        assert "¥26.00" in text
        assert "15 min" in text
        assert str(other.pk) not in text

    def test_a_position_that_is_none_leaves_the_list_as_it_is(self, phone):
        TaskFactory()
        for sent in ({}, {"latitude": "nan", "longitude": "1e999"}, {"latitude": "91", "longitude": "0"}):
            response = phone.post(reverse("coordinator_near"), sent)
            assert response.status_code == 200
            assert "Sorted from where you stand" not in response.content.decode()

    def test_the_position_is_not_kept(self, phone):
        stands_at_place(TaskFactory(), 0)
        phone.post(reverse("coordinator_near"), {"latitude": "23.161", "longitude": "112.902"})
        assert "23.161" not in str(dict(phone.session))
        assert "Sorted from where you stand" not in page(phone)

    def test_opened_by_its_address_the_sorted_list_leads_to_the_list(self, phone):
        assert phone.get(reverse("coordinator_near")).url == reverse("coordinator_home")

    def test_what_one_may_not_take_is_one_line_with_its_reason_and_no_button(self, phone):
        task = TaskFactory(min_level=5)
        text = page(phone)
        assert "This task needs a higher level." in text
        assert str(task.pk) not in text

    @pytest.mark.parametrize("asked", [{"kind": "PROMO"}, {"town": "440607103"}, {"pay": "50"}, {"near": "1"}])
    def test_a_narrowed_list_without_a_task_says_what_to_do(self, phone, asked):
        TaskFactory()
        text = page(phone, **asked)
        assert "No task fits" in text
        assert "Try more towns" in text

    def test_an_empty_pool_says_what_comes_next(self, phone):
        assert "New ones appear here the moment they are published" in page(phone)

    def test_the_map_counts_the_tasks_of_each_town(self, phone):
        stands_at_place(TaskFactory(), 0)
        TaskFactory(place__town=OtherTownFactory())
        text = page(phone)
        assert 'href="?town=440607103" aria-label="乐平镇: 1 task"' in text
        assert text.count('r="4"') == 1

    def test_kinds_are_offered_once_each_and_hidden_ones_not_at_all(self, phone):
        TaskFactory()
        TaskKindFactory(version=2, name="日常巡查")
        TaskKindFactory(code="BLIND", name="暗访", hidden=True)
        text = page(phone)
        assert ("日常巡查" in text, "暗访" in text) == (True, False)

    def test_who_may_take_nothing_is_told_why_once(self, phone, coordinator):
        coordinator.paused_until = clock.now().date()
        coordinator.save()
        TaskFactory()
        assert "Nothing can be taken now" in page(phone)

    def test_a_person_with_the_role_but_not_on_the_list_is_told_whom_to_ask(self):
        client = signed_in(account_with(Role.COORDINATOR))
        for name in ("coordinator_home", "my_tasks"):
            assert "协管" in page(client, name) or "coordinators yet" in page(client, name)

    def test_fifty_tasks_take_as_many_queries_as_five(self, phone, django_assert_max_num_queries):
        TaskFactory.create_batch(25)
        TaskFactory.create_batch(25, place=StallFactory())
        with django_assert_max_num_queries(22):
            page(phone)


class TestMine:
    def test_until_when_where_and_whom_to_call(self, phone, coordinator):
        task = stands_at_place(TaskFactory(place__public_phone="0757-87700002"), 0)
        take(coordinator, task)
        text = page(phone, "my_tasks")
        assert "be there before" in text
        assert 'href="geo:23.160000,112.900000?q=23.160000,112.900000"' in text
        assert 'href="tel:0757-87700002"' in text

    def test_given_back_with_a_reason(self, phone, coordinator):
        claim = take(coordinator, TaskFactory())
        address = reverse("task_release", args=[claim.pk])
        form = phone.get(address)
        assert "10 seconds" in form.content.decode()
        sent = {"client_key": form.context["form"]["client_key"].value(), "why": "far", "words": "车坏了"}
        for _ in range(2):
            assert phone.post(address, sent).status_code == 303
        claim.refresh_from_db()
        assert claim.note.endswith("车坏了")
        assert state(claim.task) == Task.State.OPEN

    @pytest.mark.parametrize("sent", [{}, {"why": "other", "words": " "}, {"why": "nonsense"}])
    def test_without_a_reason_nothing_happens_and_what_was_typed_stays(self, phone, coordinator, sent):
        claim = take(coordinator, TaskFactory())
        response = phone.post(reverse("task_release", args=[claim.pk]), {"client_key": uuid7(), **sent})
        assert response.status_code == 422
        assert state(claim.task) == Task.State.CLAIMED

    def test_what_ran_out_can_no_longer_be_given_back(self, phone, coordinator):
        claim = take(coordinator, TaskFactory())
        lapse(claim)
        response = phone.post(reverse("task_release", args=[claim.pk]), {"client_key": uuid7(), "why": "far"})
        assert response.status_code == 409

    def test_anothers_claim_is_not_found(self, phone):
        claim = take(CoordinatorFactory(), TaskFactory())
        assert phone.get(reverse("task_release", args=[claim.pk])).status_code == 404

    def test_what_was_given_is_accepted_or_refused_with_a_reason(self, phone, coordinator):
        accepted, refused = (TaskFactory(assigned_to=coordinator) for _ in range(2))
        assert "Given to you" in page(phone, "my_tasks")
        assert press(phone, accepted).status_code == 303
        address = reverse("task_refuse", args=[refused.pk])
        for _ in range(2):
            assert phone.post(address, {"client_key": uuid7(), "why": "ill"}).status_code == 303
        refused.refresh_from_db()
        assert (refused.assigned_to_id, refused.excluded) == (None, [coordinator.pk])
        assert phone.get(reverse("task_refuse", args=[accepted.pk])).status_code == 200

    def test_with_nothing_in_hand_it_leads_to_the_pool(self, phone):
        assert "See what there is to take" in page(phone, "my_tasks")


class TestAssigning:
    @pytest.fixture
    def officer(self):
        account = account_with(Role.DISTRICT_OFFICER)
        Account.objects.filter(pk=account.pk).update(language="en")
        return signed_in(account)

    def test_an_officer_gives_a_task_and_takes_that_back(self, officer, coordinator):
        task = TaskFactory()
        address = reverse("task_assign", args=[task.pk])
        assert coordinator.account.name in page(officer, "task_assign", task.pk)
        assert officer.post(address, {"coordinator": coordinator.pk}).status_code == 303
        assert "With 陈旺 to accept" in page(officer, "task_assign", task.pk)
        assert officer.post(address, {"coordinator": ""}).status_code == 303
        task.refresh_from_db()
        assert task.assigned_to is None

    def test_whoever_may_not_is_shown_with_the_reason_and_refused(self, officer):
        task, beginner = TaskFactory(min_level=3), CoordinatorFactory(level=1)
        assert "needs a higher level than that person has" in page(officer, "task_assign", task.pk)
        response = officer.post(reverse("task_assign", args=[task.pk]), {"coordinator": beginner.pk})
        assert response.status_code == 409

    @pytest.mark.parametrize("chosen", ["nobody", "0197f000-0000-7000-8000-000000000000"])
    def test_an_unknown_person_changes_nothing(self, officer, chosen):
        task = TaskFactory(assigned_to=CoordinatorFactory())
        response = officer.post(reverse("task_assign", args=[task.pk]), {"coordinator": chosen})
        assert response.status_code == 404
        assert Task.objects.get().assigned_to is not None

    def test_people_are_found_by_name_and_a_town_without_any_says_so(self, officer):
        task = TaskFactory()
        assert "Nobody is on duty in this town" in page(officer, "task_assign", task.pk)
        CoordinatorFactory(account__name="林晓")
        assert "林晓" in page(officer, "task_assign", task.pk, q="林")
        assert "Nobody fits" in page(officer, "task_assign", task.pk, q="欧")


class TestReport:
    @pytest.fixture
    def officer(self):
        account = account_with(Role.DISTRICT_OFFICER)
        Account.objects.filter(pk=account.pk).update(language="en")
        return signed_in(account)

    def attempts(self, coordinator, *after_ms, every_s=60.0, outcome="taken"):
        task = TaskFactory()
        for n, each in enumerate(after_ms):
            GrabAttempt.objects.create(
                district_id="440607", coordinator=coordinator, task=task, outcome=outcome, after_ms=each,
                at=clock.now() - dt.timedelta(hours=1) + n * dt.timedelta(seconds=every_s),
            )  # fmt: skip

    def test_attempts_wins_times_and_signs_of_each_person(self, officer, coordinator):
        self.attempts(coordinator, 200, 300, 400, every_s=0.5)
        text = page(officer, "grab_report")
        assert "within half a second of publishing ×3" in text
        assert "more than one a second ×2" in text
        assert "0.3 s" in text

    def test_people_with_signs_come_first_and_can_be_shown_alone(self, officer):
        quiet, odd = CoordinatorFactory(account__name="林晓"), CoordinatorFactory(account__name="何快")
        self.attempts(quiet, 9000, 12_000, 70_000, 5000)
        self.attempts(odd, 100, 100, 100)
        text = page(officer, "grab_report")
        assert text.index("何快") < text.index("林晓")
        assert "林晓" not in page(officer, "grab_report", signs="yes")

    def test_of_the_days_and_the_town_asked_for(self, officer, coordinator):
        self.attempts(coordinator, 9000)
        assert coordinator.account.name in page(officer, "grab_report", days="1")
        assert "Nobody fits" in page(officer, "grab_report", town="440607103")
        assert "Nobody fits" in page(officer, "grab_report", q="没有此人")

    def test_a_town_officer_sees_the_people_of_the_town(self):
        here, there = CoordinatorFactory(account__name="林晓"), CoordinatorFactory(account__name="何快")
        Coordinator.objects.filter(pk=there.pk).update(town=OtherTownFactory())
        self.attempts(here, 9000)
        self.attempts(there, 9000)
        text = page(signed_in(account_with(Role.TOWN_OFFICER, town=OtherTownFactory())), "grab_report")
        assert ("林晓" in text, "何快" in text) == (False, True)

    def test_nothing_yet_says_when_something_comes(self, officer):
        assert "Nobody has taken a task in this time" in page(officer, "grab_report")

    def test_exported_as_asked_for(self, officer, coordinator):
        self.attempts(coordinator, 200, 300, 400)
        response = officer.get(reverse("grab_report_export"), {"days": "7"})
        header, line = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert header.startswith("Full name,Town,Attempts,Won,Lost")
        assert line == "陈旺,西南街道,3,0,3,0.3,0.2,3,0,2,within half a second of publishing ×3"
