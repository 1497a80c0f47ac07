"""What tests of the desk of co-management share: addresses, words of a page, a form sent with its key."""

from django.urls import reverse

from inspections.models import TaskKind
from inspections.services.set_up import ensure_defaults
from kit.ids import uuid7
from tests.factories.registry import DISTRICT


def text(response):
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def url(name, *args, **query):
    return reverse(name, args=args, query=query)


def post(client, address, **data):
    return client.post(address, {"client_key": str(uuid7()), **data})


def filled(page):
    """What stands in the form of a page."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def kind(code="DAILY"):
    ensure_defaults(DISTRICT)
    return TaskKind.objects.get(code=code)
