"""A one-time sign-in scanned by several phones at once lets in one."""

import pytest
from django.db import transaction

from kit import clock
from registry.models import Account, SignInTicket
from registry.roles import Role
from registry.selectors.actors import actor_for
from registry.services import tickets
from registry.services.sign_in import hash_secret
from tests.factories.registry import StallFactory, account_with
from tests.kit.together import together

pytestmark = pytest.mark.django_db(transaction=True)
PHONES = 8


def use_without_the_guard(secret):
    with transaction.atomic():
        ticket = SignInTicket.objects.get(secret_hash=hash_secret(secret))
        if ticket.used_at:
            raise tickets.TicketSpent
        ticket.used_at = clock.now()
        ticket.save()
    return ticket.account


def let_in(use):
    vendor = account_with(Role.VENDOR, place=StallFactory())
    _, secret = tickets.show_ticket(actor_for(account_with(Role.SUPPORT)), account=vendor)
    answers = together(*[lambda: use(secret)] * PHONES)
    return sum(isinstance(answer, Account) for answer in answers)


def test_one_phone_is_let_in():
    assert let_in(tickets.use_ticket) == 1


def test_without_the_guard_several_would_be():
    assert max(let_in(use_without_the_guard) for _ in range(5)) > 1
