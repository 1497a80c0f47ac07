"""One's own page: how things look, the password, the roles, the place of work."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kit.refusals import Invalid, NotFound
from registry.selectors.people import current_grants
from registry.services.accounts import choose_settings
from registry.services.sign_in import change_password
from registry.web.doors import add_refusal, desk, places_of_work, remember_place, see_other
from registry.web.forms_people import NewPasswordForm, PasswordForm, SettingsForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def me(request: HttpRequest) -> HttpResponse:
    account = request.user
    initial = {"language": account.language, "theme": account.theme, "care": account.care}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_settings(account, **form.cleaned_data)
        with override(account.language):
            messages.success(request, _("Kept."))
        return see_other("me")
    context = {"form": form, "grants": current_grants(account.id)}
    return render(request, "registry/me.html", context, status=422 if form.errors else 200)


def sets_password(view):
    """Marks the one page that somebody with a one-time password may open."""
    view.sets_password = True
    return view


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@desk()
@sets_password
def password(request: HttpRequest) -> HttpResponse:
    account = request.user
    first = account.must_change_password
    form = (NewPasswordForm if first else PasswordForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(account, new=form.cleaned_data["new"], old=form.cleaned_data.get("old", ""))
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            account.refresh_from_db()
            update_session_auth_hash(request, account)
            messages.success(request, _("Your new password counts from now on. Other sign-ins have ended."))
            return see_other("desk" if first else "me")
    return render(request, "registry/password.html", {"form": form, "first": first}, status=422 if form.errors else 200)


@require_POST
@desk()
def switch_place(request: HttpRequest) -> HttpResponse:
    """Work at another of one's places, and stay on the page where that is possible."""
    for place in places_of_work(request):
        if str(place.id) == request.POST.get("place"):
            remember_place(request, place)
            break
    else:
        raise NotFound
    to = request.POST.get("next", "")
    return see_other(to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else "desk")
