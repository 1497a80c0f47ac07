"""The field app: a page that knows nobody, its manifest, and the worker that keeps it on the phone.

The page is the same for everybody and holds nothing of anybody, so that the phone may keep it; who works with it, and
on what, it asks of the API. Its scripts keep their plain names, because they name each other; the worker knows by a
digest of everything when to fetch them anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.web.doors import desk

SCRIPTS = ["main", "net", "outbox", "phone", "render", "rules", "screens", "sign", "store"]
SHEETS = ["tokens", "base", "frame", "forms", "lists", "parts", "notes"]
PLAIN = [f"js/field/{name}.js" for name in SCRIPTS] + ["js/photo.js"]
NAMED = [f"css/{name}.css" for name in SHEETS] + ["img/icons.svg", "img/icon.svg", "img/down.svg"]
SHELL = settings.BASE_DIR / "templates" / "inspections" / "field"


@require_safe
@desk("work_in_field")
def app(request: HttpRequest) -> HttpResponse:
    return render(request, "inspections/field/app.html", {"sheets": [f"css/{name}.css" for name in SHEETS]})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    icon = {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    said = {
        "id": reverse("field_app"),
        "name": _("Sunshine field work"),
        "short_name": _("Field work"),
        "start_url": reverse("field_app"),
        "scope": reverse("field_app"),
        "display": "standalone",
        "lang": get_language(),
        "background_color": "#ffffff",
        "theme_color": "#0b5563",
        "icons": [icon],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    assets = [settings.STATIC_URL + name for name in PLAIN] + [static(name) for name in NAMED]
    context = {
        "version": f"{digest()}-{get_language()}",
        "assets": json.dumps(assets),
        "shell": reverse("field_app"),
    }
    return render(request, "inspections/field/sw.js", context, content_type="text/javascript")


@cache
def digest() -> str:
    """Of everything the app is made of: another one is another version."""
    found = hashlib.sha256()
    for name in PLAIN + NAMED:
        found.update(Path(finders.find(name)).read_bytes())
    for file in sorted(SHELL.iterdir()):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
