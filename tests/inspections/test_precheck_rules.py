"""预审: which flags a record earns, by rule alone."""

import datetime as dt
from dataclasses import replace

import pytest

from inspections import precheck_rules
from inspections.precheck_rules import Arrival, Kind, Record, flags, plain_text, tells_apart

NINE = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return NINE + dt.timedelta(minutes=minutes)


def arrival(outcome="success", why="", minutes=0, distance_m=20) -> Arrival:
    return Arrival(outcome, why, at(minutes), distance_m)


PERFECT = Record(
    has_place=True,
    seen=True,
    arrivals=[arrival()],
    started_at=at(1),
    finished_at=at(12),
    min_stay_minutes=8,
    photos=3,
    min_photos=3,
    answers={"C01": "pass", "C02": "fail", "C03": "na", "C04": "pass"},
    asked=["C01", "C02", "C03", "C04"],
)


def kinds(**more) -> list[str]:
    return [found.kind for found in flags(replace(PERFECT, **more))]


def test_a_careful_visit_has_no_flag():
    assert kinds() == []


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"arrivals": []}, Kind.NO_ARRIVAL),
        ({"arrivals": [arrival("failure", "far", distance_m=900)]}, Kind.ARRIVAL_FAILED),
        ({"arrivals": [arrival("skipped", "no_consent", distance_m=None)]}, Kind.ARRIVAL_UNSURE),
        ({"arrivals": [arrival(minutes=5)]}, Kind.SHORT_STAY),
        ({"photos": 2}, Kind.FEW_PHOTOS),
        ({"far_m": [400, 700]}, Kind.PHOTOS_FAR),
        ({"same": [{"photo": "a", "earlier": "b"}]}, Kind.SAME_PHOTO),
        ({"alike": [{"photo": "a", "earlier": "b"}]}, Kind.ALIKE_PHOTO),
        ({"answers": {**PERFECT.answers, "C04": "unseen"}}, Kind.NOT_LOOKED_AT),
        ({"asked": [*PERFECT.asked, "C05"]}, Kind.NOT_LOOKED_AT),
        ({"started_at": at(12 - 0.3)}, Kind.TOO_FAST),
        ({"same_texts": [{"item": "C02"}]}, Kind.SAME_TEXT),
        ({"late": True}, Kind.LATE),
        ({"orphan": True}, Kind.ORPHAN),
    ],
)
def test_each_shortcoming_has_its_flag(more, kind):
    assert kinds(**more) == [kind]


def test_every_flag_has_a_weight_and_the_heaviest_comes_first():
    assert set(precheck_rules.WEIGHTS) == set(Kind)
    assert kinds(late=True, same=[{}], photos=0) == [Kind.SAME_PHOTO, Kind.FEW_PHOTOS, Kind.LATE]


def test_the_best_arrival_counts():
    assert kinds(arrivals=[arrival("failure", "other_code"), arrival("success", minutes=1)]) == []


def test_the_stay_begins_with_the_first_arrival():
    assert kinds(arrivals=[arrival("failure", "far", 0), arrival("success", minutes=9)]) == []


@pytest.mark.parametrize(("left", "flagged"), [(7, True), (8, False)])
def test_a_stay_of_the_shortest_length_is_long_enough(left, flagged):
    assert (Kind.SHORT_STAY in kinds(finished_at=at(left))) is flagged


def test_a_place_not_seen_needs_no_stay_and_no_items():
    assert kinds(seen=False, finished_at=at(2), answers={"UNSEEN": "unseen"}, photos=1) == []


def test_a_talk_in_a_town_needs_no_arrival():
    assert kinds(has_place=False, arrivals=[], finished_at=at(2)) == []


def test_three_items_can_be_answered_at_a_glance():
    few = {"C01": "pass", "C02": "pass", "C03": "pass"}
    assert Kind.TOO_FAST not in kinds(answers=few, asked=list(few), started_at=at(12 - 0.05))


@pytest.mark.parametrize(("dhash", "tells"), [(None, False), (0, False), (-1, False), (0b111, False), (0b1111, True)])
def test_a_picture_of_nothing_tells_no_two_apart(dhash, tells):
    assert tells_apart(dhash) is tells


def test_texts_are_the_same_whatever_their_points_and_spaces():
    assert plain_text("没有 公示,上次结果。") == plain_text("没有公示上次结果")
