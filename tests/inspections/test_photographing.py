"""现场照片: named by what was sent, kept without what the phone hid in it."""

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from inspections.models import Claim, VisitPhoto
from inspections.refusals import LeaseOver, PhotoDamaged, TooManyPhotos
from inspections.services.photos import add_photo
from kit import clock, picture_hashes
from kit.images import NotAPicture
from tests.inspections.visits import digest, hand_in, named, picture, record, send_photo, taken, who

pytestmark = pytest.mark.django_db
CLOSE = 10


def test_it_is_drawn_anew_without_exif_and_remembers_what_was_sent():
    content = picture()
    photo = send_photo(taken(), content, "C01")
    with default_storage.open(photo.image) as file:
        stored = Image.open(io.BytesIO(file.read()))
    assert not stored.getexif()
    assert (photo.sha256, photo.item_code, photo.distance_m) == (digest(content), "C01", 0)


def test_sent_twice_it_is_one():
    claim = taken()
    assert send_photo(claim, picture()) == send_photo(claim, picture())
    assert VisitPhoto.objects.count() == 1


def test_another_digest_is_a_damaged_photo():
    claim = taken()
    with pytest.raises(PhotoDamaged):
        add_photo(
            who(claim), **named(claim), sha256="0" * 64, file=io.BytesIO(picture()), item_code="", taken_at=clock.now()
        )


def test_what_is_not_a_picture_is_refused():
    with pytest.raises(NotAPicture):
        send_photo(taken(), b"<svg/>")


def test_after_the_claim_only_photos_a_submission_named_are_taken():
    claim = taken()
    hand_in(claim, record((picture(1), "")))
    Claim.objects.update(lease_until=clock.now() - dt.timedelta(hours=1))
    assert send_photo(claim, picture(1))
    with pytest.raises(LeaseOver):
        send_photo(claim, picture(2))


def test_a_task_has_as_many_photos_as_it_may(monkeypatch):
    monkeypatch.setattr("inspections.services.photos.MOST_PHOTOS", 1)
    claim = taken()
    send_photo(claim, picture(1))
    with pytest.raises(TooManyPhotos):
        send_photo(claim, picture(2))


def test_without_consent_no_position_is_kept_at_the_shutter():
    claim = taken()
    type(claim.coordinator).objects.update(location_consent_at=None)
    photo = send_photo(claim, picture())
    assert (photo.position, photo.distance_m) == ("", None)


class TestHashes:
    """A picture used again is found by them."""

    def hashes(self, image: Image.Image, quality: int = 82) -> picture_hashes.PictureHashes:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        return picture_hashes.hashes(out.getvalue())

    def scene(self, seed: int) -> Image.Image:
        return Image.open(io.BytesIO(picture(seed))).convert("RGB")

    def test_recompressed_and_smaller_it_is_the_same(self):
        scene = self.scene(3)
        one, other = self.hashes(scene), self.hashes(scene.resize((320, 240)), quality=40)
        assert picture_hashes.distance(one.plain, other.plain) <= CLOSE

    def test_mirrored_it_is_found_by_the_mirrored_hash(self):
        one, other = self.hashes(self.scene(3)), self.hashes(ImageOps.mirror(self.scene(3)))
        assert picture_hashes.distance(one.mirrored, other.plain) <= CLOSE < picture_hashes.distance(one.plain, other.plain)

    def test_cropped_it_is_found_by_the_centre(self):
        one, other = self.hashes(self.scene(3)), self.hashes(picture_hashes.centre_of(self.scene(3)))
        assert picture_hashes.distance(one.centre, other.plain) <= CLOSE

    def test_other_scenes_are_further_apart_and_signed_hashes_fit_a_bigint(self):
        found = [self.hashes(self.scene(seed)).plain for seed in range(12)]
        pairs = [picture_hashes.distance(a, b) for place, a in enumerate(found) for b in found[:place]]
        assert min(pairs) > CLOSE
        assert all(-(2**63) <= each < 2**63 for each in found)
