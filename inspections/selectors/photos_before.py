"""照片查重: photos of a record that were seen before in the district, as they were, mirrored or cropped.

A difference hash of 64 bits is compared by counting the bits that differ, in the database: hundred thousand photos a
year are scanned without an index of their own. What is found is shown to a reviewer, who looks at both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from inspections.models import Submission, VisitPhoto
from inspections.precheck_rules import tells_apart
from inspections.visit_content import SIGNATURE

MOST = 3
"""So many likenesses of one photo are enough to look at."""

_ALIKE = """
WITH fresh AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(plain)s::bigint[], %(mirrored)s::bigint[], %(centre)s::bigint[])
    AS photo (id, plain, mirrored, centre)
), seen AS (
    SELECT fresh.id AS photo, old.id AS earlier, claim.task_id AS task, old.sha256,
        bit_count((fresh.plain # old.dhash)::bit(64)) AS plain,
        bit_count((fresh.mirrored # old.dhash)::bit(64)) AS mirrored,
        least(bit_count((fresh.plain # old.dhash_centre)::bit(64)),
              bit_count((fresh.centre # old.dhash)::bit(64))) AS cropped,
        bit_count((fresh.mirrored # old.dhash_centre)::bit(64)) AS cropped_mirrored
    FROM fresh CROSS JOIN inspections_visitphoto old
    JOIN inspections_claim claim ON claim.district_id = old.district_id AND claim.id = old.claim_id
    WHERE old.district_id = %(district)s AND old.dhash IS NOT NULL AND old.item_code <> %(signature)s
        AND claim.task_id <> %(task)s AND NOT (old.sha256 = ANY(%(digests)s))
), ranked AS (
    SELECT *, least(plain, mirrored, cropped, cropped_mirrored) AS bits,
        row_number() OVER (
            PARTITION BY photo ORDER BY least(plain, mirrored, cropped, cropped_mirrored), earlier
        ) AS place
    FROM seen WHERE least(plain, mirrored, cropped, cropped_mirrored) <= %(bits)s
)
SELECT photo, earlier, task, bits,
    CASE bits WHEN plain THEN 'plain' WHEN mirrored THEN 'mirrored' WHEN cropped THEN 'cropped'
         ELSE 'mirrored_cropped' END
FROM ranked WHERE place <= %(most)s ORDER BY bits, photo
"""


def photos_of_record(submission: Submission) -> list[VisitPhoto]:
    """The photos its manifest names, of whichever claim of this task, in its order; the signature is none of them."""
    wanted = [each["sha256"] for each in submission.manifest]
    found = VisitPhoto.objects.filter(
        district_id=submission.district_id, sha256__in=wanted, claim__task_id=submission.task_id,
        claim__coordinator_id=submission.coordinator_id,
    )  # fmt: skip
    by_digest = {photo.sha256: photo for photo in found.select_related("claim")}
    return [by_digest[digest] for digest in dict.fromkeys(wanted) if digest in by_digest]


def same_before(submission: Submission, photos: Sequence[VisitPhoto]) -> list[dict[str, Any]]:
    """The very same file under another task."""
    by_digest = {photo.sha256: photo for photo in photos}
    earlier = VisitPhoto.objects.filter(district_id=submission.district_id, sha256__in=by_digest)
    found = earlier.exclude(claim__task_id=submission.task_id).order_by("received_at")
    rows = found.values_list("pk", "sha256", "claim__task_id")
    first = {digest: (pk, task_id) for pk, digest, task_id in reversed(rows)}
    return [
        {"photo": str(by_digest[digest].pk), "earlier": str(pk), "task": str(task_id), "how": "same", "bits": 0}
        for digest, (pk, task_id) in first.items()
    ]


def alike_before(submission: Submission, photos: Sequence[VisitPhoto], bits: int) -> list[dict[str, Any]]:
    """Photos of other tasks that differ in at most so many bits: plain, mirrored, cropped, or both."""
    telling = [photo for photo in photos if photo.item_code != SIGNATURE and tells_apart(photo.dhash)]
    if not telling:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _ALIKE,
            {
                "ids": [photo.pk for photo in telling],
                "plain": [photo.dhash for photo in telling],
                "mirrored": [photo.dhash_mirrored for photo in telling],
                "centre": [photo.dhash_centre for photo in telling],
                "digests": [photo.sha256 for photo in telling],
                "district": submission.district_id,
                "task": submission.task_id,
                "signature": SIGNATURE,
                "bits": bits,
                "most": MOST,
            },
        )
        rows = cursor.fetchall()
    return [
        {"photo": str(photo), "earlier": str(earlier), "task": str(task), "how": how, "bits": bits_apart}
        for photo, earlier, task, bits_apart, how in rows
    ]
