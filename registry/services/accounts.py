"""People: enrolled, corrected, gone."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.refusals import Invalid, NotAllowed, NotFound
from registry.actors import Actor
from registry.models import Account, Grant, Market, Notice, Place, Region, SignInTicket
from registry.models.contact import phone_fields
from registry.pinyin import pinyin
from registry.roles import Role
from registry.services import grants
from registry.services.sign_in import end_sessions

USERNAME_STEM = 24
DRAWS = 8


class NotInYourCharge(NotAllowed):
    code = "not_in_your_charge"
    message = _("This person also holds roles elsewhere. Whoever answers for those has to do this.")


@transaction.atomic
def enrol(
    actor: Actor,
    *,
    name: str,
    phone: str,
    role: Role,
    district_id: str,
    place: Place | None = None,
    market: Market | None = None,
    town: Region | None = None,
    title: str = "",
    username: str = "",
) -> Account:
    """Give a role to somebody, who gets an account unless the phone already signs in.

    A phone is one person's: with another name than the account's, nothing is given. Signing in for
    the first time takes a one-time sign-in (`services.tickets`). Sent twice, it is done once.
    Raises Invalid and whatever `grants.give` raises.
    """
    contact = phone_fields_of(phone)
    account = Account.objects.select_for_update().filter(phone_index=contact["phone_index"]).first()
    if account is None:
        account = open_account(name=name, username=username, contact=contact)
    elif account.name != name or not account.is_active:
        raise Invalid(fields={"phone": _("This number belongs to somebody else's account. Check the name as well.")})
    grants.give(
        actor,
        account=account,
        role=role,
        district_id=district_id,
        place=place,
        market=market,
        town=town,
        title=title,
    )
    return account


def open_account(*, name: str, username: str, contact: dict[str, str]) -> Account:
    account = Account(
        name=name, username=(username or free_username(name)).lower(), must_change_password=True, **contact
    )
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(fields={"username": _("This user name is taken.")}) from error
    return account


def free_username(name: str) -> str:
    """The name in pinyin and a few random digits, such as `wangxiaoming4821`, that nobody has."""
    stem = "".join(letter for letter in pinyin(name).lower() if letter.isascii() and letter.isalnum())[:USERNAME_STEM]
    drawn = [f"{stem or 'user'}{secrets.randbelow(9000) + 1000}" for _draw in range(DRAWS)]
    taken = set(Account.objects.filter(username__in=drawn).values_list("username", flat=True))
    return next((username for username in drawn if username not in taken), drawn[0])


@transaction.atomic
def correct(actor: Actor, *, account: Account, name: str, phone: str) -> None:
    """Correct a name or phone. Leave `phone` empty to keep the number. Sign-ins end when it changes."""
    require_charge_of(actor, account)
    account.name = name
    changed = phone_fields_of(phone) if phone else {}
    moved = bool(changed) and changed["phone_index"] != account.phone_index
    for column, value in changed.items():
        setattr(account, column, value)
    try:
        with transaction.atomic():
            account.save(update_fields=["name", *changed])
    except IntegrityError as error:
        raise Invalid(fields={"phone": _("This number belongs to somebody else's account.")}) from error
    if moved:
        end_sessions(account)


@transaction.atomic
def leave(actor: Actor, *, account: Account) -> None:
    """Somebody leaves: every role within the actor's reach ends.

    When none is left the account closes: no sign-in, no one-time sign-in, no unread notices.
    """
    grants.require_managing(actor)
    if account.pk == actor.account_id:
        raise grants.NotYourOwn
    held = current_grants_in_order(account)
    mine = [grant for grant in held if grants.may_end(actor, grant)]
    if not mine:
        raise NotFound
    for grant in mine:
        grants.end_quietly(grant)
    if len(mine) == len(held):
        close(account)


def close(account: Account) -> None:
    moment = clock.now()
    account.is_active, account.left_at = False, moment
    account.save(update_fields=["is_active", "left_at"])
    SignInTicket.objects.filter(account=account, used_at__isnull=True).update(expires_at=moment)
    Notice.objects.filter(account=account, read_at__isnull=True).update(read_at=moment)
    end_sessions(account)


def require_charge_of(actor: Actor, account: Account) -> None:
    """The actor answers for every role this person holds; otherwise signing the person in anew, or
    changing the person's phone, would be a way to roles the actor cannot give."""
    grants.require_managing(actor)
    held = current_grants_in_order(account)
    mine = [grant for grant in held if grants.may_end(actor, grant)]
    if not mine or account.pk == actor.account_id:
        raise NotFound
    if len(mine) < len(held):
        raise NotInYourCharge


def in_charge_of(actor: Actor, account: Account) -> bool:
    try:
        require_charge_of(actor, account)
    except (NotFound, NotAllowed):
        return False
    return True


def current_grants_in_order(account: Account) -> list[Grant]:
    found = Grant.objects.current().filter(account=account).select_related("place__organisation", "market", "town")
    return list(found.order_by("id"))


def phone_fields_of(phone: str) -> dict[str, str]:
    """Columns of a phone; a bad one is reported at the field `phone`."""
    if not phone:
        raise Invalid(fields={"phone": _("A telephone number is needed to sign in.")})
    try:
        return phone_fields(phone)
    except Invalid as error:
        raise Invalid(fields={"phone": error.message}) from error


@transaction.atomic
def choose_settings(account: Account, *, language: str, theme: str, care: bool) -> None:
    """How the person's own pages look."""
    account.language, account.theme, account.care = language, theme, care
    account.save(update_fields=["language", "theme", "care"])
