"""The written table: who may open which address.

Every named URL has one row. A row says who (verbs of `registry.permissions`, PUBLIC or SIGNED_IN)
and, where the address names a thing, which thing of `tests.house.world.World` and which of OUR people
reach it; nobody of the others ever does. A role with the verb but out of reach is told "not found".

To add a row: put the URL's name here; if its address has parts, add an entry of the same name to
THINGS that gives them from the world (add what you need to the world). `posts=True` also tries an
empty POST, which refuses the same people as the GET.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.roles import Role
from tests.house.world import World

PUBLIC = "public"
SIGNED_IN = "signed in"
R = Role


@dataclass(frozen=True)
class Row:
    who: str | tuple[str, ...]
    """PUBLIC, SIGNED_IN, or verbs of which one is enough."""

    reach: frozenset[Role] | None = None
    """Our people who reach the thing; None: the address names nothing."""

    get: bool = True
    posts: bool = False
    api: bool = False


def verbs(*names: str, **more: Any) -> Row:
    return Row(who=names, **more)


def post(row: Row) -> Row:
    return Row(who=row.who, reach=row.reach, get=False, posts=True, api=row.api)


def page(row: Row) -> Row:
    return Row(who=row.who, reach=row.reach, posts=True, api=row.api)


MANAGES_PEOPLE = ("manage_people", "manage_own_staff")
ABOVE_THE_STALL = frozenset({R.MARKET_MANAGER, R.TOWN_OFFICER, R.DISTRICT_OFFICER, R.SUPPORT})
PEOPLE = Row(MANAGES_PEOPLE)
PERSON = Row(MANAGES_PEOPLE, reach=ABOVE_THE_STALL | {R.VENDOR})
EVERYBODY = Row(PUBLIC)
ANYBODY_SIGNED_IN = Row(SIGNED_IN)

ROWS: dict[str, Row] = {
    # the platform
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "readyz-write": EVERYBODY,
    "readyz-jobs": EVERYBODY,
    "metrics": EVERYBODY,
    "api-schema": EVERYBODY,
    # public pages
    "home": EVERYBODY,
    "how_to_read": EVERYBODY,
    "figures_file": EVERYBODY,
    "seals_page": EVERYBODY,
    "seals_file": EVERYBODY,
    "code_lookup": EVERYBODY,
    "code_page": EVERYBODY,
    "code_image": EVERYBODY,
    "batch_page": EVERYBODY,
    "batch_page_json": EVERYBODY,
    "voucher_page": EVERYBODY,
    "voucher_page_json": EVERYBODY,
    "stall_page": EVERYBODY,
    "stall_page_json": EVERYBODY,
    "store_page": EVERYBODY,
    "store_page_json": EVERYBODY,
    # signing in
    "signin": EVERYBODY,
    "signout": post(EVERYBODY),
    "ticket_use": EVERYBODY,
    "demo_sign_in": post(EVERYBODY),
    "admin_password": EVERYBODY,
    "api-session": Row(SIGNED_IN, api=True),
    # oneself
    "desk": ANYBODY_SIGNED_IN,
    "me": page(ANYBODY_SIGNED_IN),
    "password": page(ANYBODY_SIGNED_IN),
    "switch_place": Row(SIGNED_IN, reach=frozenset({R.VENDOR}), get=False, posts=True),
    "scan": ANYBODY_SIGNED_IN,
    "open": ANYBODY_SIGNED_IN,
    "notices": ANYBODY_SIGNED_IN,
    "notices_read": post(ANYBODY_SIGNED_IN),
    "notice": Row(SIGNED_IN, reach=frozenset({R.VENDOR})),
    # first pages
    "coordinator_home": verbs("work_in_field"),
    "reviewer_home": verbs("review_work"),
    "finance_home": verbs("settle_pay"),
    "tester_home": verbs("record_test"),
    "support_home": verbs("keep_platform"),
    "audit_home": verbs("view_private_log"),
    "private_views": verbs("view_private_log"),
    "private_views_export": verbs("view_private_log"),
    # people
    "people": PEOPLE,
    "people_export": PEOPLE,
    "person_new": page(PEOPLE),
    "person": PERSON,
    "person_edit": page(PERSON),
    "person_leave": page(PERSON),
    "grant_new": page(PERSON),
    "grant_end": page(PERSON),
    "ticket_new": page(PERSON),
    "person_phone": post(verbs("view_private", reach=ABOVE_THE_STALL)),
}

THINGS: dict[str, Callable[[World], dict[str, Any]]] = {
    "code_page": lambda world: {"code": world.ours.stall.typed_code},
    "code_image": lambda world: {"kind": "s", "token": world.ours.stall.token, "form": "svg"},
    "batch_page": lambda world: {"token": world.batch.token},
    "batch_page_json": lambda world: {"token": world.batch.token, "form": "json"},
    "voucher_page": lambda world: {"token": world.voucher.token},
    "voucher_page_json": lambda world: {"token": world.voucher.token, "form": "json"},
    "stall_page": lambda world: {"token": world.ours.stall.token},
    "stall_page_json": lambda world: {"token": world.ours.stall.token, "form": "json"},
    "store_page": lambda world: {"token": world.ours.store.token},
    "store_page_json": lambda world: {"token": world.ours.store.token, "form": "json"},
    "open": lambda world: {"token": world.ours.stall.token},
    "ticket_use": lambda world: {"secret": "never-made"},
    "notice": lambda world: {"notice_id": world.notice.id},
    "person": lambda world: {"account_id": world.helper.id},
    "person_edit": lambda world: {"account_id": world.helper.id},
    "person_leave": lambda world: {"account_id": world.helper.id},
    "grant_new": lambda world: {"account_id": world.helper.id},
    "grant_end": lambda world: {"account_id": world.helper.id, "grant_id": world.helpers_grant.id},
    "ticket_new": lambda world: {"account_id": world.helper.id},
    "person_phone": lambda world: {"account_id": world.helper.id},
    "organisation": lambda world: {"organisation_id": world.ours.stall.organisation_id},
    "organisation_edit": lambda world: {"organisation_id": world.ours.stall.organisation_id},
    "organisation_look": lambda world: {"organisation_id": world.ours.stall.organisation_id, "field": "phone"},
    "market": lambda world: {"market_id": world.ours.market.id},
    "market_profile": lambda world: {"market_id": world.ours.market.id},
    "market_standing": lambda world: {"market_id": world.ours.market.id},
    "stall": lambda world: {"place_id": world.ours.stall.id},
    "stall_edit": lambda world: {"place_id": world.ours.stall.id},
    "place_describe": lambda world: {"place_id": world.ours.stall.id},
    "stall_move_in": lambda world: {"place_id": world.ours.stall.id},
    "stall_move_out": lambda world: {"place_id": world.ours.stall.id},
    "stall_agreement": lambda world: {"place_id": world.ours.stall.id},
    "stall_close": lambda world: {"place_id": world.ours.stall.id},
    "place_suspend": lambda world: {"place_id": world.ours.stall.id},
    "place_resume": lambda world: {"place_id": world.ours.stall.id},
    "code_replace": lambda world: {"place_id": world.ours.stall.id},
    "code_retire": lambda world: {"place_id": world.ours.stall.id},
    "declare_for_stall": lambda world: {"place_id": world.ours.stall.id},
    "store_edit": lambda world: {"place_id": world.ours.store.id},
    "store_close": lambda world: {"place_id": world.ours.store.id},
    "device": lambda world: {"device_id": world.scale.id},
    "device_edit": lambda world: {"device_id": world.scale.id},
    "device_key": lambda world: {"device_id": world.scale.id},
    "device_disable": lambda world: {"device_id": world.scale.id},
    "device_enable": lambda world: {"device_id": world.scale.id},
    "device_buttons": lambda world: {"device_id": world.scale.id},
    "device_messages": lambda world: {"device_id": world.scale.id},
    "supplier": lambda world: {"supplier_id": world.supplier.id},
    "supplier_edit": lambda world: {"supplier_id": world.supplier.id},
    "supplier_look": lambda world: {"supplier_id": world.supplier.id, "field": "phone"},
    "base": lambda world: {"base_id": world.base.id},
    "base_edit": lambda world: {"base_id": world.base.id},
    "base_contract": lambda world: {"base_id": world.base.id},
    "base_verify": lambda world: {"base_id": world.base.id},
    "base_end": lambda world: {"base_id": world.base.id},
    "declaration": lambda world: {"declaration_id": world.declaration.id},
    "declaration_amend": lambda world: {"declaration_id": world.declaration.id},
    "declaration_withdraw": lambda world: {"declaration_id": world.declaration.id},
    "gate_declaration": lambda world: {"declaration_id": world.declaration.id},
    "gate_admit": lambda world: {"declaration_id": world.declaration.id},
    "gate_return": lambda world: {"declaration_id": world.declaration.id},
    "gate_reject": lambda world: {"declaration_id": world.declaration.id},
    "second_look": lambda world: {"declaration_id": world.declaration.id},
    "voucher": lambda world: {"voucher_id": world.voucher.id},
    "voucher_slip": lambda world: {"voucher_id": world.voucher.id},
    "voucher_slip_pdf": lambda world: {"voucher_id": world.voucher.id},
    "voucher_slip_escpos": lambda world: {"voucher_id": world.voucher.id},
    "voucher_reprint": lambda world: {"voucher_id": world.voucher.id},
    "voucher_void": lambda world: {"voucher_id": world.voucher.id},
    "batch": lambda world: {"batch_id": world.batch.id},
    "batch_label": lambda world: {"batch_id": world.batch.id},
    "batch_label_svg": lambda world: {"batch_id": world.batch.id},
    "write_off": lambda world: {"batch_id": world.intake.batch_id},
    "intake": lambda world: {"intake_id": world.intake.id},
    "intake_reverse": lambda world: {"intake_id": world.intake.id},
    "take_in": lambda world: {"token": world.voucher.token},
    "hold": lambda world: {"hold_id": world.hold.id},
    "hold_release": lambda world: {"hold_id": world.hold.id},
    "paper_photo": lambda world: {"paper_id": world.declaration.papers.first().id},
    "kept_photo": lambda world: {"reference": "never-kept"},
}

SENDS: dict[str, Callable[[World], dict[str, Any]]] = {
    "switch_place": lambda world: {"place": str(world.ours.stall.id)},
}
"""What a POST sends, where nothing would not do."""
