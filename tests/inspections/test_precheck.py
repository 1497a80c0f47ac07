"""预审: a record arrives, and what is odd about it is found in what the district has."""

import datetime as dt
import io

import pytest
from PIL import Image, ImageDraw, ImageOps

from inspections.models import Flag, Submission
from inspections.precheck_rules import Kind
from inspections.services.precheck import precheck
from kit import clock, picture_hashes
from tests.factories.inspections import ClaimFactory, TaskFactory
from tests.factories.registry import ElsewhereFactory
from tests.inspections.visits import FAILING, answers, arrive, hand_in, record, send_photo, taken

pytestmark = pytest.mark.django_db


def scene(seed: int) -> Image.Image:
    """Broad light and dark, as a kitchen has."""
    image = Image.new("L", (800, 600))
    draw = ImageDraw.Draw(image)
    for row in range(6):
        for column in range(8):
            shade = (seed * 7919 + row * 3571 + column * 1237 + row * column * seed * 97) % 256
            draw.rectangle((column * 100, row * 100, column * 100 + 99, row * 100 + 99), fill=shade)
    return image.convert("RGB")


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def handed_in(content: bytes, claim=None, **more) -> Submission:
    claim = claim or taken()
    arrive(claim, phone_at=clock.now() - dt.timedelta(minutes=0))
    send_photo(claim, content)
    return hand_in(claim, record((content, ""), **more))


def found(submission: Submission) -> dict[str, Flag]:
    return {flag.kind: flag for flag in Flag.objects.filter(submission=submission)}


def test_the_very_same_photo_of_another_visit_is_found():
    first = handed_in(jpeg(scene(1)))
    flag = found(handed_in(jpeg(scene(1))))[Kind.SAME_PHOTO]
    assert flag.data["task"] == str(first.task_id)


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (lambda image: image.resize((400, 300)), "plain"),
        (lambda image: image.point(lambda shade: min(255, int(shade * 1.15))), "plain"),
        (ImageOps.mirror, "mirrored"),
        (picture_hashes.centre_of, "cropped"),
        (lambda image: ImageOps.mirror(picture_hashes.centre_of(image)), "mirrored_cropped"),
    ],
    ids=["smaller", "brighter", "mirrored", "cropped", "both"],
)
def test_a_photo_made_from_another_is_found(change, how):
    handed_in(jpeg(scene(3)))
    flag = found(handed_in(jpeg(change(scene(3)), 60)))[Kind.ALIKE_PHOTO]
    assert flag.data["how"] == how


def test_a_larger_photo_of_which_an_earlier_one_was_a_part_is_found():
    handed_in(jpeg(picture_hashes.centre_of(scene(3))))
    assert found(handed_in(jpeg(scene(3))))[Kind.ALIKE_PHOTO].data["how"] == "cropped"


def test_another_scene_is_not_taken_for_the_same():
    handed_in(jpeg(scene(1)))
    assert not {Kind.SAME_PHOTO, Kind.ALIKE_PHOTO} & set(found(handed_in(jpeg(scene(2)))))


def test_two_dark_photos_are_not_the_same_photo():
    handed_in(jpeg(Image.new("RGB", (800, 600), (3, 3, 3))))
    assert Kind.ALIKE_PHOTO not in found(handed_in(jpeg(Image.new("RGB", (700, 600), (4, 4, 4)))))


def test_a_photo_of_another_district_is_not_looked_at():
    handed_in(jpeg(scene(1)), taken(task=TaskFactory(place__town=ElsewhereFactory())))
    assert Kind.SAME_PHOTO not in found(handed_in(jpeg(scene(1))))


def test_who_never_arrived_is_flagged():
    claim = taken()
    send_photo(claim, jpeg(scene(4)))
    assert Kind.NO_ARRIVAL in found(hand_in(claim, record((jpeg(scene(4)), ""))))


def test_who_stayed_too_short_is_flagged_with_the_minutes():
    flag = found(handed_in(jpeg(scene(4))))[Kind.SHORT_STAY]
    assert flag.data == {"minutes": 0, "least": 8}


def test_the_same_words_about_another_place_are_flagged():
    text = {"C02": FAILING | {"text": "三防设施缺失,要求尽快整改"}}
    claim = taken()
    first = handed_in_failing(claim, text)
    assert Kind.SAME_TEXT not in found(first)
    again = ClaimFactory(task=TaskFactory(place__town=claim.task.town), coordinator=claim.coordinator)
    flag = found(handed_in_failing(again, text))[Kind.SAME_TEXT]
    assert flag.data == {"item": "C02", "task": str(first.task_id)}


def handed_in_failing(claim, results) -> Submission:
    content = jpeg(scene(claim.pk.int % 1000))
    send_photo(claim, content, "C02")
    return hand_in(claim, record((content, "C02"), answers=answers(**results)))


def test_looked_at_twice_it_is_flagged_once():
    submission = handed_in(jpeg(scene(4)))
    before = Flag.objects.count()
    assert {flag.pk for flag in precheck(submission)} == {
        flag.pk for flag in Flag.objects.filter(submission=submission)
    }
    assert Flag.objects.count() == before
