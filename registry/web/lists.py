"""What the registry's lists and forms share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kit import clock
from kit.refusals import Invalid
from registry.web.doors import add_refusal

A_PAGE = 50
Made = TypeVar("Made")


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def asked(request: HttpRequest, name: str, among: Iterable[object] | None = None) -> str:
    """What the address asks a list for; nothing when it is none of the values there are."""
    value = request.GET.get(name, "").strip()[:60]
    return value if among is None or value in {str(each) for each in among} else ""


def key(text: str | None) -> uuid.UUID | None:
    """An id as written in an address; None when it is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def select(request: HttpRequest, name: str, everything: str, options: Mapping[Any, Any]) -> dict[str, Any]:
    """A drop-down of a toolbar; its first choice is everything."""
    return {
        "name": name,
        "label": everything,
        "value": asked(request, name),
        "options": [("", everything), *((str(value), label) for value, label in options.items())],
    }


def export_url(request: HttpRequest, name: str) -> str:
    """The address of the list as asked for, as a file."""
    return f"{reverse(name)}?{request.GET.urlencode()}"


def today() -> dt.date:
    return clock.now().date()


def carried_out(form: forms.Form, act: Callable[..., Made]) -> Made | None:
    """What the service made of a form that was sent; None when there is something to put right on it."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of a form; what was typed stays when it comes back with messages."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
