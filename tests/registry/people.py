"""What tests of people share."""

from __future__ import annotations

from django.test import Client

from registry.models import Account
from tests.factories.registry import PASSWORD


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="registry.backends.NameOrPhone")
    return client


def sign_in(client: Client, username: str, password: str = PASSWORD, **more):
    return client.post("/signin", {"username": username, "password": password, **more})
