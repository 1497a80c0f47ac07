"""Pages anybody may open: no cookie, no script, no query for a code that cannot be one.

They hold nothing secret, so they may be sent compressed.

The drawn page is kept by a key that changes with what it shows; what is on hold is asked on every
opening, so a pause of sale is on the page with the next request.
"""

import dataclasses
import gzip
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kit import codes, hosts, public_codes, qr, ratelimit
from kit.addresses import client_address
from kit.cache import Near
from kit.models import PublicCode
from traceability.selectors.public_batch import batch_page
from traceability.selectors.public_codes import follow, page_key
from traceability.selectors.public_place import stall_page
from traceability.selectors.public_voucher import voucher_page
from traceability.services.scans import note_scan

KEPT_S = 3600
NEAR = Near(512)
MISSES = ratelimit.Misses("code", limit=100, window=60)


def public_page(kind: str, build: Callable, template: str) -> Callable:
    """The views of one kind of page: HTML or JSON, the same data by the same rules."""

    @gzip_page
    @require_safe
    def page(request, token, form=""):
        form = "json" if form or wants_json(request) else "html"
        code = open_code(request, kind, token)
        if isinstance(code, HttpResponse):
            return code
        if code.state == PublicCode.State.RESERVED:
            return answer(request, "waiting", 200, code=code)
        if code.state == PublicCode.State.REPLACED:
            return answer(request, "replaced", 200, code=code, url=f"/{kind}/{code.replaced_by}")
        if code.state == PublicCode.State.RETIRED:
            return answer(request, "retired", 200, code=code)
        now = timezone.now()
        note_scan(
            token=code.token, kind=kind, district_id=code.district_id, address=client_address(request),
            agent=request.headers.get("User-Agent", ""), at=now,
        )  # fmt: skip
        return drawn(request, code, form, now)

    def drawn(request, code, form, now):
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        key = page_key(code, translation.get_language(), form, f"{timezone.localtime(now):%Y%m%d%H}")
        etag = f'"{key.split(":", 2)[2]}{"-gzip" if packed else ""}"'
        if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:  # weak where a proxy compressed it
            return HttpResponse(status=304, headers={"ETag": etag})
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        body = NEAR.get_or_make(key, lambda: kept(key, lambda: draw(build(code, timezone.localtime(now)), form)))
        if packed:
            body = NEAR.get_or_make(f"{key}:gzip", lambda: gzip.compress(body, mtime=0))
            headers["Content-Encoding"] = "gzip"
        content_type = "application/json" if form == "json" else "text/html; charset=utf-8"
        return HttpResponse(body, content_type=content_type, headers=headers)

    def kept(key, make):
        body = cache.get(key)
        if body is None:
            body = make()
            cache.set(key, body, KEPT_S)
        return body

    def draw(built, form):
        if form == "json":
            return JsonResponse(dataclasses.asdict(built)).content
        return render_to_string(template, {"page": built}).encode()

    return page


def open_code(request, kind, text):
    """The code behind an address, or the page that says why there is none. Misses are counted, hits are not."""
    token = codes.read_token(text)
    if token is None:
        return answer(request, "malformed", 404)
    address = client_address(request)
    if MISSES.blocked(address):
        return answer(request, "too_many", 429)
    code = follow(kind, token)
    if code is None:
        MISSES.hit(address)
        return answer(request, "unknown", 404)
    return code


def answer(request, what, status, code=None, url=""):
    """A plain page (or a problem document) for a code that leads to no page of its own."""
    if wants_json(request) or request.path.endswith(".json"):
        problem = {"type": "about:blank", "code": f"code_{what}", "status": status}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {"what": what, "url": url, "code": code}
    return render(request, "traceability/public/no_page.html", context, status=status)


def wants_json(request):
    return request.headers.get("Accept", "").split(",")[0].split(";")[0].strip() == "application/json"


batch = public_page("b", batch_page, "traceability/public/batch.html")
voucher = public_page("v", voucher_page, "traceability/public/voucher.html")
stall = public_page("s", stall_page, "traceability/public/stall.html")


@require_safe
def code_image(request, kind, token, form):
    """The QR of an existing code as SVG or PNG."""
    code = open_code(request, kind, token)
    if isinstance(code, HttpResponse):
        return code
    url = hosts.page_url(kind, code.token)
    if form == "svg":
        return HttpResponse(qr.svg(url), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
    return HttpResponse(qr.png(url), content_type="image/png", headers={"Cache-Control": "max-age=86400"})


@gzip_page
@require_safe
def typed_code(request, code=""):
    """A code typed by hand leads to its page; also a token or a whole address, pasted."""
    text = (code or request.GET.get("q", "")).strip()
    token = codes.read_token(text.rstrip("/").rsplit("/", 1)[-1])
    if token is None and codes.read_typed_code(text) is None:
        return answer(request, "malformed", 404) if text else redirect("home")
    address = client_address(request)
    if MISSES.blocked(address):
        return answer(request, "too_many", 429)
    found = public_codes.look_up(token) if token else public_codes.look_up_typed(text)
    if found is None:
        MISSES.hit(address)
        return answer(request, "unknown", 404)
    return redirect(f"/{found.kind}/{found.token}")
