"""现场照片: each arrives by itself, named by the digest of what was sent, and is kept drawn anew, without EXIF."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import IO
from uuid import UUID

from django.db import transaction

from inspections.models import Claim, VisitPhoto
from inspections.refusals import LeaseOver, PhotoDamaged, TooManyPhotos
from inspections.selectors.on_site import missing, own_claim, submissions_of
from inspections.services.check_in import distance_to, position_kept
from inspections.services.complete import complete
from inspections.services.held import live, lock_own
from inspections.visit_content import MOST_PHOTOS
from inspections.visit_rules import Position
from kit import clock, photos, picture_hashes
from kit.images import StoredImage, reencode
from registry.actors import Actor

FOLDER = "visits"
_CHUNK = 64 * 1024

__all__ = ["add_photo", "missing"]


def add_photo(
    actor: Actor,
    *,
    claim_id: UUID,
    district_id: str,
    sha256: str,
    file: IO[bytes],
    item_code: str,
    taken_at: dt.datetime,
    position: Position | None = None,
) -> VisitPhoto:
    """Keep a photo; the last one that was missing completes its submission.

    The same photo twice is one. After the claim's end only photos are taken that a submission has named. Raises
    NotFound, LeaseOver, PhotoDamaged when the digest is another, TooManyPhotos, and what `reencode` raises.
    """
    claim = own_claim(actor, claim_id, district_id)
    if earlier := _earlier(claim, sha256):
        return _arrived(actor, claim, earlier)
    if digest(file) != sha256:
        raise PhotoDamaged
    return _keep(actor, claim, sha256, reencode(file), item_code, taken_at, position)


def digest(file: IO[bytes]) -> str:
    """SHA-256 of a file from its beginning, where it is left."""
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@transaction.atomic
def _keep(actor, claim, sha256, image: StoredImage, item_code, taken_at, position) -> VisitPhoto:
    claim = lock_own(actor, claim.pk, claim.district_id)
    if earlier := _earlier(claim, sha256):
        return earlier
    at = clock.now()
    _require_wanted(claim, sha256, at)
    found = picture_hashes.hashes(image.content)
    seen = position_kept(claim.coordinator, position)
    photo = VisitPhoto.objects.create(
        district_id=claim.district_id,
        claim=claim,
        item_code=item_code,
        sha256=sha256,
        image=photos.keep(image, FOLDER),
        dhash=found.plain,
        dhash_mirrored=found.mirrored,
        dhash_centre=found.centre,
        taken_at=taken_at,
        received_at=at,
        position=str(seen) if seen else "",
        distance_m=distance_to(claim.task.place, seen),
    )
    _complete_all(claim, at)
    return photo


def _earlier(claim: Claim, sha256: str) -> VisitPhoto | None:
    return VisitPhoto.objects.filter(district_id=claim.district_id, claim_id=claim.pk, sha256=sha256).first()


@transaction.atomic
def _arrived(actor: Actor, claim: Claim, photo: VisitPhoto) -> VisitPhoto:
    """Sent again: its answer was lost, and a submission may have named it since."""
    _complete_all(lock_own(actor, claim.pk, claim.district_id), clock.now())
    return photo


def _require_wanted(claim: Claim, sha256: str, at: dt.datetime) -> None:
    if any(sha256 in missing(submission) for submission in submissions_of(claim)):
        return
    if not live(claim, at).exists():
        raise LeaseOver
    if VisitPhoto.objects.filter(district_id=claim.district_id, claim_id=claim.pk).count() >= MOST_PHOTOS:
        raise TooManyPhotos


def _complete_all(claim: Claim, at: dt.datetime) -> None:
    for submission in submissions_of(claim):
        complete(submission, claim, at)
