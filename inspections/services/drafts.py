"""What is typed so far, kept on the server: for phones without a worker of their own, and for the form without script.

One person may have the task open on two phones: each step changes its own part under the claim's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from inspections.models import Claim, Draft
from inspections.refusals import BadRecord
from inspections.selectors.on_site import content_so_far, drafts_of
from inspections.services.held import lock_own, require_live
from kit import clock, jsonsafe
from registry.actors import Actor

LARGEST = 200 * 1024

Content = dict[str, Any]


@transaction.atomic
def save_draft(actor: Actor, *, claim_id: UUID, district_id: str, content: Content) -> Draft:
    """Instead of what was kept before. Raises NotFound, LeaseOver, BadRecord when it is not a record at all."""
    if not isinstance(content, dict) or len(jsonsafe.canonical(content)) > LARGEST:
        raise BadRecord
    return _write(_lock(actor, claim_id, district_id), content)


@transaction.atomic
def answer(actor: Actor, *, claim_id: UUID, district_id: str, given: list[Content]) -> Draft:
    """Answers to items, each in place of the one given before; the others stay."""
    by_code = {each["code"]: each for each in given}

    def change(content: Content) -> Content:
        kept = [each for each in content.get("answers", []) if each["code"] not in by_code]
        return {**content, "answers": [*kept, *by_code.values()]}

    return _change(actor, claim_id, district_id, change)


@transaction.atomic
def say(actor: Actor, *, claim_id: UUID, district_id: str, **parts: Any) -> Draft:
    """Whole parts of the record: its outcome, who signed, the promotion."""
    return _change(actor, claim_id, district_id, lambda content: {**content, **parts})


@transaction.atomic
def name_photos(actor: Actor, *, claim_id: UUID, district_id: str, named: list[Content]) -> Draft:
    """Photos that belong to the record from now on; one named before is not named twice."""

    def change(content: Content) -> Content:
        digests = {each["sha256"] for each in named}
        kept = [each for each in content.get("manifest", []) if each["sha256"] not in digests]
        return {**content, "manifest": [*kept, *named]}

    return _change(actor, claim_id, district_id, change)


@transaction.atomic
def drop_photo(actor: Actor, *, claim_id: UUID, district_id: str, sha256: str) -> Draft:
    """A photo that does not belong to the record after all; what has arrived stays as evidence."""

    def change(content: Content) -> Content:
        return {**content, "manifest": [each for each in content.get("manifest", []) if each["sha256"] != sha256]}

    return _change(actor, claim_id, district_id, change)


def _change(actor: Actor, claim_id: UUID, district_id: str, change: Callable[[Content], Content]) -> Draft:
    claim = _lock(actor, claim_id, district_id)
    return _write(claim, change(content_so_far(claim)))


def _lock(actor: Actor, claim_id: UUID, district_id: str) -> Claim:
    claim = lock_own(actor, claim_id, district_id)
    require_live(claim, clock.now())
    return claim


def _write(claim: Claim, content: Content) -> Draft:
    """The claim's row is locked and held."""
    at = clock.now()
    draft = drafts_of(claim).first() or Draft(district_id=claim.district_id, claim=claim)
    draft.content, draft.saved_at = content, at
    draft.save()
    return draft
