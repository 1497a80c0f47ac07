"""The platform's own addresses, public pages, signing in, oneself, first pages, people."""

from tests.house.access.rows import (
    ABOVE_THE_STALL,
    ANYBODY_SIGNED_IN,
    EVERYBODY,
    NOBODYS,
    SIGNED_IN,
    R,
    Row,
    Rows,
    Thing,
    page,
    post,
    same,
    same_thing,
    verbs,
)

MANAGES_PEOPLE = ("manage_people", "manage_own_staff")
PEOPLE = verbs(*MANAGES_PEOPLE)
PERSON = verbs(*MANAGES_PEOPLE, reach=ABOVE_THE_STALL | {R.VENDOR})
KEEPER_ONLY = Row(SIGNED_IN, reach=frozenset({R.VENDOR}))

ROWS: dict[str, Rows] = {
    # the platform
    **same(EVERYBODY, "healthz", "readyz", "readyz-write", "readyz-jobs", "metrics"),
    # public pages
    **same(EVERYBODY, "home", "how_to_read", "figures_file", "seals_page", "seals_file", "code_lookup"),
    **same(EVERYBODY, "code_page", "code_image", "batch_page", "voucher_page", "stall_page", "store_page"),
    **same(EVERYBODY, "batch_page_json", "voucher_page_json", "stall_page_json", "store_page_json"),
    # signing in
    "signin": EVERYBODY,
    "signout": post(EVERYBODY),
    "ticket_use": EVERYBODY,
    "demo_sign_in": post(EVERYBODY),
    "admin_password": EVERYBODY,
    # oneself
    **same(ANYBODY_SIGNED_IN, "desk", "open", "notices", "search", "county_suggestions"),
    **same(page(ANYBODY_SIGNED_IN), "me", "password", "scan"),
    "switch_place": post(KEEPER_ONLY),
    "notices_read": post(ANYBODY_SIGNED_IN),
    "notice": KEEPER_ONLY,
    "kept_photo": NOBODYS,
    # first pages
    "coordinator_home": verbs("work_in_field"),
    "reviewer_home": verbs("review_work"),
    "finance_home": verbs("settle_pay"),
    "support_home": verbs("keep_platform"),
    **same(verbs("view_private_log"), "audit_home", "private_views", "private_views_export"),
    # the demo
    **same(EVERYBODY, "tour", "tour_codes"),
    # people
    **same(PEOPLE, "people", "people_export"),
    "person_new": page(PEOPLE),
    "person": PERSON,
    **same(page(PERSON), "person_edit", "person_leave", "grant_new", "grant_end", "ticket_new"),
    "person_phone": post(verbs("view_private", reach=ABOVE_THE_STALL)),
}

THINGS: dict[str, Thing] = {
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
    "kept_photo": lambda world: {"reference": "never-kept"},
    **same_thing(
        lambda world: {"account_id": world.helper.id},
        "person",
        "person_edit",
        "person_leave",
        "grant_new",
        "ticket_new",
        "person_phone",
    ),
    "grant_end": lambda world: {"account_id": world.helper.id, "grant_id": world.helpers_grant.id},
}

SENDS: dict[str, Thing] = {
    "switch_place": lambda world: {"place": str(world.ours.stall.id)},
}
"""What a POST sends, where nothing would not do."""
