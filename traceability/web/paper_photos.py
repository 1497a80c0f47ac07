"""Photos of papers: private, shown only to those who may see the goods they belong to."""

from __future__ import annotations

import uuid

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit import images
from kit.refusals import NotFound
from registry.web.doors import desk
from traceability.selectors.declarations import paper_for
from traceability.services import photo_drafts


@require_safe
@desk("view_goods")
def paper_photo(request: HttpRequest, paper_id: uuid.UUID) -> HttpResponse:
    """A paper's photo, for those who may see the goods; `?small` for a list."""
    paper = paper_for(request.actor, paper_id)
    if not default_storage.exists(paper.image):
        raise NotFound
    if "small" in request.GET:
        with default_storage.open(paper.image) as file:
            return picture(images.thumbnail(file.read()))
    return private(FileResponse(default_storage.open(paper.image), content_type=images.CONTENT_TYPE))


@require_safe
@desk()
def kept_photo(request: HttpRequest, reference: str) -> HttpResponse:
    """A photo that waits with a form which came back: seen by whoever sent it."""
    try:
        image = photo_drafts.redeem(request.actor, reference)
    except photo_drafts.PhotoGone as gone:
        raise NotFound from gone
    return picture(images.thumbnail(image.content))


def picture(content: bytes) -> HttpResponse:
    return private(HttpResponse(content, content_type=images.CONTENT_TYPE))


def private(response: HttpResponse) -> HttpResponse:
    """Shown as a picture and as nothing else, by nobody else."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response
