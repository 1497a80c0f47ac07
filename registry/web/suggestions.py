"""What a field may mean, while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from registry.models import Region
from registry.selectors.regions import find_origins
from registry.web.doors import desk
from registry.web.lists import asked


@require_safe
@desk()
def counties(request: HttpRequest) -> HttpResponse:
    """Counties as options of a list, for `components/pick.html`; `?field=` names what was typed."""
    typed = asked(request, asked(request, "field") or "q")
    found = [region for region in find_origins(typed) if region.level == Region.Level.COUNTY]
    return HttpResponse(format_html_join("", '<option value="{}"></option>', [(region.full_name,) for region in found]))
