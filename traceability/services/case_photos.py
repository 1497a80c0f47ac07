"""Photos of a case: re-encoded, private, each once."""

from __future__ import annotations

import datetime as dt

from kit import photos
from kit.images import StoredImage
from traceability.models import CasePhoto, PositiveCase

FOLDER = "cases"


def attach(actor, case: PositiveCase, kind: str, image: StoredImage, at: dt.datetime) -> None:
    CasePhoto.objects.bulk_create(
        [
            CasePhoto(
                district_id=case.district_id,
                case=case,
                kind=kind,
                image=photos.keep(image, FOLDER),
                sha256=image.sha256,
                added_at=at,
                added_by_id=actor.account_id,
            )
        ],
        ignore_conflicts=True,
    )
