"""People who can be signed in as: two or more of every role, of two organisations or more."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from registry.models import Account, Grant
from registry.roles import Role

PASSWORD = "yangguang-shian"  # noqa: S105 - everybody may know it
EACH = 3


@transaction.atomic
def give_passwords():
    """The first few people of every role get a plain user name (`wholesaler1`) and the demo's password."""
    hashed = make_password(PASSWORD)
    for role in Role:
        for number, grant in enumerate(first_of(role), 1):
            Account.objects.filter(pk=grant.account_id).update(
                username=f"{role}{number}", password=hashed, must_change_password=False
            )


def first_of(role):
    """Grants of a role, of different organisations or towns where there are any, oldest first."""
    found = Grant.objects.current().filter(role=role).select_related("account", "place__market", "market", "town")
    seen, chosen = set(), []
    for grant in found.order_by("id")[:400]:
        where = grant.organisation_id or grant.market_id or grant.town_id or grant.account_id
        if where not in seen and len(chosen) < EACH:
            seen.add(where)
            chosen.append(grant)
    return chosen


def logins():
    """Role -> people to sign in as, with what they answer for."""
    return {
        role.value: [
            {"username": grant.account.username, "password": PASSWORD, "scope": scope_words(grant)}
            for grant in named(role)
        ]
        for role in Role
    }


def named(role):
    people = [f"{role}{number}" for number in range(1, EACH + 1)]
    found = Grant.objects.current().filter(role=role, account__username__in=people)
    return found.select_related("account", "place__market", "market", "town").order_by("account__username")


def scope_words(grant):
    """Where a role reaches, in words."""
    if grant.place:
        market = grant.place.market.name if grant.place.market_id else ""
        return " ".join(filter(None, (market, str(grant.place))))
    return str(grant.market or grant.town or "三水区")
