"""A photo that was accepted while the form around it was not: kept, so that nobody takes it twice."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.utils.translation import gettext_lazy as _

from kit import photos
from kit.images import StoredImage, private_name
from kit.refusals import Invalid
from registry.actors import Actor
from traceability.services.papers import PHOTO_FOLDER

KEPT_FOR = dt.timedelta(days=3)
_SALT = "photo of a paper"


class PhotoGone(Invalid):
    code = "photo_gone"
    message = _("This photo is no longer kept. Take it again.")


def hold(actor: Actor, image: StoredImage) -> str:
    """Store a photo privately; returns a signed reference which only this person can redeem."""
    photos.keep(image, PHOTO_FOLDER)
    return signing.dumps([image.sha256, str(actor.account_id)], salt=_SALT)


def redeem(actor: Actor, reference: str) -> StoredImage:
    """The photo behind a reference of this person. Raises PhotoGone."""
    try:
        sha256, account_id = signing.loads(reference, salt=_SALT, max_age=KEPT_FOR)
        if account_id != str(actor.account_id):
            raise PhotoGone
        return photos.fetch(private_name(PHOTO_FOLDER, sha256))
    except (signing.BadSignature, ValueError, OSError) as error:
        raise PhotoGone from error
