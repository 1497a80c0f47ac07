"""What tests of people share."""

from __future__ import annotations

from django.test import Client

from registry.models import Account
from registry.roles import Role
from registry.services import accounts
from tests.factories.registry import DISTRICT, PASSWORD

PHONE = "13912345678"
"""Of the keeper whom `tests/registry/conftest.py` makes."""


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="registry.backends.NameOrPhone")
    return client


def sign_in(client: Client, username: str, password: str = PASSWORD, **more):
    return client.post("/signin", {"username": username, "password": password, **more})


def enrolled(actor, place, **changes):
    asked = {"name": "李秋", "phone": "13700000001", "role": Role.VENDOR, "district_id": DISTRICT, **changes}
    return accounts.enrol(actor, place=place, **asked)
