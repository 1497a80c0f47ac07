"""The inbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.models import Notice
from registry.selectors import notices as selectors
from registry.services import notices as services
from registry.web.doors import desk, see_other

A_PAGE = 30


def words(notice: Notice) -> list[str]:
    """What a notice says, in the reader's language."""
    return [mark_safe(line) for line in selectors.lines(notice)]  # noqa: S308


def told(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Notices as `components/inbox.html` takes them."""
    return [
        {
            "title": what,
            "text": more[0] if more else "",
            "url": reverse("notice", args=[notice.id]),
            "at": notice.made_at,
            "unread": notice.read_at is None,
        }
        for notice in notices
        for what, *more in [words(notice)]
    ]


@require_safe
@desk()
def inbox(request: HttpRequest) -> HttpResponse:
    unread = request.GET.get("show") == "unread"
    page = Paginator(selectors.notices_for(request.actor, unread=unread), A_PAGE).get_page(request.GET.get("page"))
    chips = [
        {"label": _("All"), "url": "?", "active": not unread},
        {"label": _("Not read"), "url": "?show=unread", "active": unread},
    ]
    context = {"page": page, "notices": told(page), "unread": unread, "chips": chips}
    return render(request, "registry/notices.html", context)


@require_safe
@desk()
def open_notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Reads it, and goes where it leads."""
    notice = selectors.notice_for(request.actor, notice_id)
    services.mark_read(request.actor, notice=notice)
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return see_other(notice.url if inside else "notices")


@require_POST
@desk()
def mark_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(request.actor)
    return see_other("notices")
