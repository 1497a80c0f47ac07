"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registry.lockout import check
from registry.models import Account
from registry.permissions import NotYourJob
from registry.selectors.people import demo_people
from registry.services import tickets
from registry.web.doors import see_other
from registry.web.forms_people import SignInForm

BACKEND = "registry.backends.NameOrPhone"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = check(request, **form.cleaned_data)
        if account is not None:
            return enter(request, account)
        form.add_error(None, _("The name or the password is wrong. Ask your manager for a one-time sign-in."))
    elif request.user.is_authenticated:
        return see_other(next_of(request))
    return sign_in_page(request, form)


def sign_in_page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_people": demo_people() if settings.DEMO else [],
    }
    return render(request, "registry/sign_in.html", context, status=422 if form.errors else 200)


def enter(request: HttpRequest, account: Account) -> HttpResponse:
    to = next_of(request)
    login(request, account, backend=BACKEND)
    return see_other(to)


def next_of(request: HttpRequest) -> str:
    """Where the person was going, if it is here."""
    to = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if safe else "desk"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return see_other("signin")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time sign-in. Opening the address shows a button, so that a preview of the link spends nothing."""
    if request.method != "POST":
        return render(request, "registry/ticket_use.html")
    account = tickets.use_ticket(secret)
    login(request, account, backend=BACKEND)
    return see_other("password")


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One tap signs in as a person of the demo world; elsewhere this address does not exist."""
    if not settings.DEMO:
        raise Http404
    account = Account.objects.filter(username=request.POST.get("username", ""), is_active=True).first()
    if account is None:
        raise Http404
    return enter(request, account)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's own sign-in is this one; somebody signed in without the right is told so."""
    if request.user.is_authenticated:
        raise NotYourJob(verb="keep_platform")
    return redirect_to_login(next_of(request), reverse("signin"))
