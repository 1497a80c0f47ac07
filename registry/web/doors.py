"""What every signed-in page begins with: who asks, for which place, and how a refusal comes back on a form."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from kit import problems
from kit.ids import uuid7
from kit.refusals import Invalid, NotFound
from registry.models import Place
from registry.permissions import require_one_of

PLACE_KEY = "place"
View = Callable[..., HttpResponse]


def desk(*verbs: str) -> Callable[[View], View]:
    """A page for signed-in people; with verbs, for those who hold a role with one of them.

    A stranger is sent to sign in and back; somebody with a one-time password chooses a new one
    first. How far a role reaches is for the service or the selector to say.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if request.user.must_change_password and not getattr(view, "sets_password", False):
                return send_to(request, reverse("password"))
            require_one_of(request.actor, verbs)
            request.place = place_at_work(request)
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        door.verbs = verbs
        door.verb = verbs[0] if verbs else None
        return door

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" and not request.htmx else reverse("desk")
    return send_to(request, redirect_to_login(back, reverse("signin")).url)


def send_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that an htmx request follows as a whole page."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def see_other(to: str, *args, **kwargs) -> HttpResponseRedirect:
    """After a POST: 303 to a URL name or an address."""
    response = redirect(to, *args, **kwargs)
    response.status_code = 303
    return response


def places_of_work(request: HttpRequest, *roles) -> list[Place]:
    """The places the person works at, in the order of the roles granted; `roles` narrows which count."""
    scopes = request.actor.with_role(*roles) if roles else request.actor.scopes
    found = _all_places(request)
    ids = dict.fromkeys(scope.place_id for scope in scopes if scope.place_id)
    return [found[place_id] for place_id in ids if place_id in found]


def _all_places(request: HttpRequest) -> dict[uuid.UUID, Place]:
    if not hasattr(request, "_places"):
        places = Place.objects.visible_to(request.actor).select_related("market", "organisation", "town")
        request._places = places.in_bulk(request.actor.place_ids) if request.actor.place_ids else {}
    return request._places


def place_at_work(request: HttpRequest, *roles) -> Place | None:
    """The place worked at now: the one asked for by `?place=`, else the one chosen last, else the first."""
    places = places_of_work(request, *roles)
    if not places:
        return None
    asked, kept = request.GET.get("place"), request.session.get(PLACE_KEY)
    for wanted in filter(None, (asked, kept)):
        for place in places:
            if str(place.id) == wanted:
                remember_place(request, place)
                return place
    return places[0]


def remember_place(request: HttpRequest, place: Place) -> None:
    if request.session.get(PLACE_KEY) != str(place.id):
        request.session[PLACE_KEY] = str(place.id)


def working_place(request: HttpRequest, *roles) -> Place:
    """The place the person works at now in one of these roles; NotFound when there is none."""
    place = place_at_work(request, *roles)
    if place is None:
        raise NotFound
    return place


def add_refusal(form: forms.Form, refusal: Invalid) -> None:
    """Put a service's refusal on the form: each message at its field, the rest above."""
    fields = problems.fields_of(refusal)
    for name, messages in fields.items():
        form.add_error(name if name in form.fields else None, messages)
    if not fields:
        form.add_error(None, problems.words(refusal))


def new_client_key() -> uuid.UUID:
    return uuid7()


class KeyedForm(forms.Form):
    """A form that may arrive twice: `client_key` is made with the page and says that it is the same one."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=new_client_key)
