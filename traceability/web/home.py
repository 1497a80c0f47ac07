"""The first page of a stranger, and the pages that explain: no cookie, no script."""

from dataclasses import asdict

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kit import clock, seals
from kit.models import Seal
from traceability.ledger import TRACE
from traceability.selectors.open_figures import open_figures

SHOWN_SEALS = 30


@gzip_page
@require_safe
def home(request):
    """Signed in: the desk. Everybody else: look a code up. Sets no cookie."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("desk")
    context = {"figures": open_figures(clock.now()), "demo": settings.DEMO}
    return render(request, "traceability/public/home.html", context)


@require_safe
def figures_file(request):
    return JsonResponse(asdict(open_figures(clock.now())))


@gzip_page
@require_safe
def how_to_read(request):
    """What is on a code's page, and what it does not say."""
    return render(request, "traceability/public/how_to_read.html")


@gzip_page
@require_safe
def seals_page(request):
    """The published roots of the sealed ledger: who keeps a copy notices a later insertion."""
    made = Seal.objects.filter(ledger=TRACE.name).order_by("-sealed_at", "district_id")
    return render(request, "traceability/public/seals.html", {"seals": made[:SHOWN_SEALS], "count": made.count()})


@gzip_page
@require_safe
def seals_file(request):
    """All roots as JSON, for `manage.py verify_ledger --published`."""
    return JsonResponse(seals.published(Seal.objects.filter(ledger=TRACE.name)), safe=False)
