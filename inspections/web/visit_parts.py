"""What the pages of a visit share: the claim, its draft, a photo that came with a form."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.functional import cached_property

from inspections import visit_content, visit_rules
from inspections.models import ChecklistItem, Claim, Review, VisitPhoto
from inspections.refusals import LACK_WORDS
from inspections.selectors import on_site
from inspections.services import drafts
from inspections.services.photos import add_photo, digest
from inspections.services.submit import draft_as_record
from inspections.visit_rules import Lack, Position
from kit import clock
from kit.refusals import Invalid
from registry.actors import Actor


@dataclass
class Visiting:
    """One's own claim as the pages see it. Every look at it is one's own: another's answers NotFound."""

    actor: Actor
    claim: Claim

    @property
    def named(self) -> dict[str, Any]:
        return {"claim_id": self.claim.pk, "district_id": self.claim.district_id}

    @cached_property
    def held(self) -> bool:
        return on_site.is_live(self.claim, clock.now()) and self.claim.task.state in on_site.IN_HANDS

    @cached_property
    def draft(self) -> dict[str, Any]:
        return on_site.content_so_far(self.claim)

    @cached_property
    def answers(self) -> dict[str, dict[str, Any]]:
        return {each["code"]: each for each in self.draft.get("answers", [])}

    @cached_property
    def sent_back(self) -> Review | None:
        return on_site.returned_items(self.claim.task)

    @cached_property
    def items(self) -> list[ChecklistItem]:
        """What is to be looked at; of a returned task, what the reviewer named."""
        task = self.claim.task
        if not task.checklist_id:
            return []
        items = list(task.checklist.items.all())
        named = set(self.sent_back.items) if self.sent_back else set()
        return [item for item in items if item.code in named] or items

    @cached_property
    def asked(self) -> visit_rules.Asked:
        return on_site.asked_of(self.claim.task)

    def lacks(self) -> list[tuple[str, Lack]]:
        """What it lacks before it can be sent; a draft that cannot be read lacks an answer."""
        try:
            visit = visit_content.read(draft_as_record(self.claim, clock.now()))
        except visit_content.BadContent:
            return [("", Lack.ANSWER)]
        return visit_rules.lacks(visit, self.asked)

    def lacks_of(self, code: str) -> list[str]:
        return [str(LACK_WORDS[lack]) for where, lack in self.lacks() if where == code]

    def photos(self, item: str) -> list[VisitPhoto]:
        """Those the record names for an item, as far as they have arrived."""
        digests = [each["sha256"] for each in self.draft.get("manifest", []) if each["item"] == item]
        return list(on_site.photos_of(self.claim, digests))


def visiting(request: HttpRequest, claim_id: uuid.UUID) -> Visiting:
    return Visiting(request.actor, on_site.own_claim(request.actor, claim_id))


def again(visit: Visiting) -> Visiting:
    """The visit read anew, after something was written."""
    return Visiting(visit.actor, on_site.own_claim(visit.actor, visit.claim.pk))


def keep_photo(visit: Visiting, file: UploadedFile, item: str, position: Position | None) -> str:
    """Store a photo sent with a form and name it in the draft; returns its digest. Raises Invalid, LeaseOver."""
    sha256, at = digest(file), clock.now()
    add_photo(
        visit.actor, **visit.named, sha256=sha256, file=file, item_code=item, taken_at=at, position=position
    )
    photo = {"sha256": sha256, "item": item, "taken_at": at.isoformat()}
    drafts.name_photos(visit.actor, **visit.named, named=[photo])
    return sha256


def try_photo(visit: Visiting, form, item: str, name: str = "photo") -> bool:
    """Keep the photo of a form, if there is one; what is wrong with it is said at its field."""
    file = form.cleaned_data.get(name)
    if not file:
        return True
    try:
        keep_photo(visit, file, item, form.position())
    except Invalid as refusal:
        form.add_error(name, str(refusal))
        return False
    return True
