"""协管人员: who may set whom up; what is kept only with consent; where somebody stays away."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from inspections.models import Conflict, Coordinator, GridMember, GridPlace, TaskKind
from inspections.refusals import CannotTake, HoldsTasks, NoConsent
from inspections.services import conflicts, consent, coordinators, grids, teams
from inspections.services.claim import claim_task
from inspections.services.coordinators import Post
from inspections.services.set_up import ensure_defaults
from kit import clock
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.permissions import NotYourJob
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.services.grants import NotYourOwn
from tests.factories.inspections import ClaimFactory, CoordinatorFactory, GridFactory, TaskFactory, TeamFactory
from tests.factories.registry import (
    DISTRICT,
    AccountFactory,
    ElsewhereFactory,
    GrantFactory,
    OrganisationFactory,
    OtherTownFactory,
    StoreFactory,
    TownFactory,
    actor_with,
)

pytestmark = pytest.mark.django_db
BANK = {"bank_name": "农业银行三水支行", "bank_account": "6228 4800 0000 0000 018"}


@pytest.fixture
def town():
    return TownFactory()


@pytest.fixture
def officer(town):
    return actor_with(Role.TOWN_OFFICER, town=town)


@pytest.fixture
def account(town):
    return GrantFactory(role=Role.COORDINATOR, district_id=DISTRICT).account


def enrol(actor, account, **post):
    return coordinators.enrol(
        actor,
        account=account,
        district_id=DISTRICT,
        post=Post(**{"kind": "coordinator", "town": TownFactory(), **post}),
    )


def me(person):
    return actor_for(person.account)


# On the list


def test_enrolled_twice_one_is_on_the_list_once(officer, account):
    assert enrol(officer, account) == enrol(officer, account, level=3)
    assert Coordinator.objects.get().level == 1


def test_whoever_does_not_hold_the_role_is_not_enrolled(officer):
    with pytest.raises(NotFound):
        enrol(officer, AccountFactory())


def test_a_town_officer_enrols_in_the_own_town_alone(officer, account):
    for town in (OtherTownFactory(), ElsewhereFactory(), None):
        with pytest.raises(NotFound):
            enrol(officer, account, kind="district_inspector", town=town)


@pytest.mark.parametrize(
    ("post", "field"),
    [({"kind": "boss"}, "kind"), ({"level": 6}, "level"), ({"level": 0}, "level"), ({"town": None}, "town")],
)
def test_what_does_not_fit_is_named(account, town, post, field):
    with pytest.raises(Invalid) as refusal:
        enrol(actor_with(Role.DISTRICT_OFFICER), account, **post)
    assert set(refusal.value.fields) == {field}


def test_nobody_but_officers_enrols(account, town):
    for role in (Role.REVIEWER, Role.FINANCE, Role.SUPPORT, Role.COORDINATOR):
        with pytest.raises(NotYourJob):
            enrol(actor_with(role), account)


def test_nobody_sets_himself_up(town):
    person = CoordinatorFactory(town=town)
    GrantFactory(account=person.account, role=Role.TOWN_OFFICER, district_id=DISTRICT, town=town)
    with pytest.raises(NotYourOwn):
        coordinators.change(me(person), coordinator=person, post=Post(kind="coordinator", level=5, town=town))


def test_another_town_means_other_grids(town):
    person, grid = CoordinatorFactory(town=town), GridFactory(town=town)
    officer = actor_with(Role.DISTRICT_OFFICER)
    grids.set_people(officer, grid=grid, people=[person])
    coordinators.change(officer, coordinator=person, post=Post(kind="coordinator", town=OtherTownFactory()))
    assert GridMember.objects.count() == 0


def test_a_pause_until_a_day_stops_taking_and_ends_by_itself(officer):
    person, task = CoordinatorFactory(), TaskFactory(due_at=clock.now() + dt.timedelta(days=9))
    coordinators.pause(officer, coordinator=person, until=clock.now().date())

    def take():
        return claim_task(me(person), task_id=task.pk, district_id=DISTRICT, client_key=uuid7())

    with pytest.raises(CannotTake) as refusal:
        take()
    assert refusal.value.code == "paused"
    with clock.freeze(clock.now() + dt.timedelta(days=1)):
        assert take()


def test_leaving_waits_for_what_is_in_hand_and_takes_the_consent_along(officer):
    claim = ClaimFactory()
    with pytest.raises(HoldsTasks):
        coordinators.leave(officer, coordinator=claim.coordinator)
    other = CoordinatorFactory(location_consent_at=clock.now())
    gone = coordinators.leave(officer, coordinator=other)
    assert (gone.state, gone.location_consent_at, gone.left_on) == ("left", None, clock.now().date())
    assert coordinators.leave(officer, coordinator=other).state == "left"


# Consent


def test_the_bank_account_is_kept_with_consent_and_encrypted():
    person = CoordinatorFactory()
    with pytest.raises(NoConsent):
        consent.give_bank(me(person), coordinator=person, consent=False, **BANK)
    kept = consent.give_bank(me(person), coordinator=person, consent=True, **BANK)
    assert kept.bank_account == "6228480000000000018"
    with connection.cursor() as cursor:
        cursor.execute("SELECT bank_account FROM inspections_coordinator WHERE id = %s", [person.pk])
        assert "6228480" not in cursor.fetchone()[0]


def test_the_database_keeps_no_bank_without_consent():
    with pytest.raises(IntegrityError, match="coordinator_bank_by_consent"), transaction.atomic():
        CoordinatorFactory(bank_name="农业银行")


def test_taken_back_it_is_deleted_at_once():
    person = CoordinatorFactory()
    given = {**BANK, "id_number": "11010519491231002X"}
    consent.give_bank(me(person), coordinator=person, consent=True, **given)
    consent.withdraw_bank(me(person), coordinator=person)
    person.refresh_from_db()
    assert (person.bank_consent_at, person.bank_name, person.bank_account, person.id_number) == (None, "", "", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"bank_account": "12"}, "bank_account"), ({"bank_name": " "}, "bank_name"), ({"id_number": "1"}, "id_number")],
)
def test_a_number_that_cannot_be_right_is_named(changes, field):
    person = CoordinatorFactory()
    with pytest.raises(Invalid) as refusal:
        consent.give_bank(me(person), coordinator=person, consent=True, **{**BANK, **changes})
    assert set(refusal.value.fields) == {field}


def test_nobody_agrees_for_another(officer):
    person = CoordinatorFactory()
    for actor in (officer, me(CoordinatorFactory())):
        with pytest.raises(NotFound):
            consent.allow_location(actor, coordinator=person)


def test_position_is_agreed_to_and_taken_back():
    person = CoordinatorFactory()
    first = consent.allow_location(me(person), coordinator=person).location_consent_at
    assert consent.allow_location(me(person), coordinator=person).location_consent_at == first
    assert consent.withdraw_location(me(person), coordinator=person).location_consent_at is None


# Where one stays away


def test_a_declared_place_is_not_given_to_who_declared_it():
    person, task = CoordinatorFactory(), TaskFactory()
    once = conflicts.declare_conflict(me(person), coordinator=person, place=task.place, reason="弟弟的店")
    assert conflicts.declare_conflict(me(person), coordinator=person, place=task.place, reason="弟弟的店") == once
    with pytest.raises(CannotTake) as refusal:
        claim_task(me(person), task_id=task.pk, district_id=DISTRICT, client_key=uuid7())
    assert refusal.value.code == "conflict"


def test_only_an_officer_says_that_it_is_over(officer):
    person = CoordinatorFactory()
    conflict = conflicts.declare_conflict(me(person), coordinator=person, place=StoreFactory(), reason="弟弟的店")
    with pytest.raises(NotYourJob):
        conflicts.end_conflict(me(person), conflict=conflict)
    conflicts.end_conflict(officer, conflict=conflict)
    assert Conflict.objects.get().ended_at is not None


def test_nobody_declares_for_a_colleague():
    with pytest.raises(NotYourJob):
        conflicts.declare_conflict(
            me(CoordinatorFactory()), coordinator=CoordinatorFactory(), place=StoreFactory(), reason="不喜欢"
        )


# Teams and grids


def test_a_team_with_people_is_not_closed(officer, town):
    team = TeamFactory(town=town)
    CoordinatorFactory(team=team, town=town)
    with pytest.raises(Invalid) as refusal:
        teams.change_team(officer, team=team, name=team.name, organisation=team.organisation, town=town, active=False)
    assert set(refusal.value.fields) == {"active"}


def test_a_town_officer_opens_no_team_for_the_district(officer):
    with pytest.raises(NotFound):
        teams.open_team(officer, district_id=DISTRICT, name="全区队", organisation=OrganisationFactory())


def test_a_place_lies_in_one_grid(officer, town):
    one, other, place = GridFactory(town=town), GridFactory(town=town), StoreFactory(town=town)
    grids.put_places(officer, grid=one, places=[place], street="文锋西路")
    grids.put_places(officer, grid=other, places=[place], street="健力宝路")
    found = GridPlace.objects.get()
    assert (found.grid, found.street) == (other, "健力宝路")


def test_a_grid_holds_places_and_people_of_its_town(officer, town):
    grid = GridFactory(town=town)
    with pytest.raises(Invalid):
        grids.put_places(officer, grid=grid, places=[StoreFactory(town=OtherTownFactory())])
    with pytest.raises(Invalid):
        grids.set_people(officer, grid=grid, people=[CoordinatorFactory(town=OtherTownFactory())])


# What a district starts with


def test_what_the_district_has_edited_stays(town):
    ensure_defaults(DISTRICT)
    edited = TaskKind.objects.get(code="DAILY")
    edited.pk, edited.version, edited.base_fen = uuid7(), 2, 9900
    edited.save(force_insert=True)
    ensure_defaults(DISTRICT)
    assert TaskKind.objects.filter(code="DAILY").count() == 2


def test_looking_again_costs_three_queries(town, django_assert_num_queries):
    ensure_defaults(DISTRICT)
    with django_assert_num_queries(3):
        ensure_defaults(DISTRICT)


# One's own page


@pytest.fixture
def as_person(client):
    person = CoordinatorFactory()
    client.force_login(person.account)
    client.person = person
    return client


def test_on_the_phone_one_agrees_and_takes_it_back(as_person):
    person = as_person.person
    as_person.post(reverse("my_location"), {"agree": "1"})
    person.refresh_from_db()
    assert person.location_consent_at
    as_person.post(reverse("my_location"), {"agree": "0"})
    response = as_person.post(reverse("my_bank"), {**BANK, "bank_account": "12", "consent": "on"})
    assert response.status_code == 422
    assert "农业银行三水支行" in response.content.decode()
    assert as_person.post(reverse("my_bank"), {**BANK}).status_code == 422, "without the tick nothing is kept"
    as_person.post(reverse("my_bank"), {**BANK, "consent": "on"})
    assert "****0018" in as_person.get(reverse("my_work")).content.decode()
    as_person.post(reverse("my_bank_withdraw"))
    person.refresh_from_db()
    assert (person.location_consent_at, person.bank_account) == (None, "")


def test_on_the_phone_one_declares_a_place(as_person):
    place = StoreFactory(name="老王饭店")
    found = as_person.get(reverse("my_conflict", query={"q": "老王"})).content.decode()
    assert f"?place={place.pk}" in found
    as_person.post(reverse("my_conflict", query={"place": place.pk}), {"client_key": str(uuid7()), "reason": "自己的"})
    assert "老王饭店" in as_person.get(reverse("my_work")).content.decode()


def test_who_is_not_on_the_list_yet_is_told_what_happens_next(client, account):
    client.force_login(account)
    assert client.get(reverse("my_work")).status_code == 200
    assert client.post(reverse("my_location"), {"agree": "1"}).status_code == 404
