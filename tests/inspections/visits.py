"""What tests of visits share: a claim on site, pictures, records as a phone sends them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

from inspections.models import Claim, Task
from inspections.services.check_in import check_in
from inspections.services.photos import add_photo
from inspections.services.submit import submit
from inspections.visit_rules import Position
from kit import clock
from kit.ids import uuid7
from registry.models import Place
from registry.selectors.actors import actor_for
from tests.factories.inspections import ITEMS, ClaimFactory

LATITUDE, LONGITUDE = 23.155, 112.896
AT_THE_DOOR = Position(LATITUDE, LONGITUDE, 20)


def taken(**more: Any) -> Claim:
    """A claim whose coordinator agreed to share positions, at a store that is on the map."""
    claim = ClaimFactory(coordinator__location_consent_at=clock.now(), **more)
    Place.objects.filter(pk=claim.task.place_id).update(latitude=LATITUDE, longitude=LONGITUDE)
    return Claim.objects.get(pk=claim.pk)


def who(claim: Claim):
    return actor_for(claim.coordinator.account)


def named(claim: Claim) -> dict[str, Any]:
    return {"claim_id": claim.pk, "district_id": claim.district_id}


def arrive(claim: Claim, *, key=None, **more: Any):
    more = {"phone_at": clock.now(), "scanned_token": claim.task.place.token, "position": AT_THE_DOOR} | more
    return check_in(who(claim), **named(claim), client_key=key or uuid7(), **more)


def picture(seed: int = 0) -> bytes:
    """A JPEG with a scene of its own, and EXIF with a position in it."""
    image = Image.new("RGB", (640, 480), (seed * 40 % 255, 90, 120))
    draw = ImageDraw.Draw(image)
    for step in range(12):
        left = (seed * 97 + step * 61) % 560
        top = (seed * 53 + step * 89) % 400
        draw.rectangle((left, top, left + 70, top + 60), fill=((step * 71 + seed * 13) % 255, step * 20, 255 - step * 20))
    exif = Image.Exif()
    exif[0x010F] = "Phone of somebody"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send_photo(claim: Claim, content: bytes, item: str = ""):
    return add_photo(
        who(claim), **named(claim), sha256=digest(content), file=io.BytesIO(content), item_code=item,
        taken_at=clock.now(), position=AT_THE_DOOR,
    )  # fmt: skip


def answers(**results: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "result": "pass", **results.get(code, {})} for code, _, _ in ITEMS]


FAILING = {"result": "fail", "text": "没有公示上次结果", "measure": "deadline", "days": 7}


def record(*pictures: tuple[bytes, str], **more: Any) -> dict[str, Any]:
    """What a phone sends: everything passes, the operator does not sign, unless said otherwise."""
    at = clock.now()
    photos = pictures or ((picture(), ""),)
    return {
        "outcome": "done",
        "answers": answers(),
        "manifest": [
            {"sha256": digest(content), "item": item, "taken_at": at.isoformat()} for content, item in photos
        ],
        "started_at": (at - dt.timedelta(minutes=12)).isoformat(),
        "finished_at": at.isoformat(),
        "sign_refusal": "店主外出",
        **more,
    }


def hand_in(claim: Claim, content: dict[str, Any] | None = None, *, key=None):
    return submit(who(claim), **named(claim), content=content or record(), client_key=key or uuid7())


def state(claim: Claim) -> str:
    return Task.objects.get(pk=claim.task_id).state
