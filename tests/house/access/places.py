"""The register: businesses, markets, stalls, stores, devices."""

from tests.house.access.rows import (
    ABOVE_THE_STALL,
    OFFICERS,
    R,
    Rows,
    Thing,
    page,
    post,
    same,
    same_thing,
    verbs,
)

REGISTER = verbs("register_organisations")
BUSINESS = verbs("register_organisations", reach=ABOVE_THE_STALL)
OVERSEES_MARKETS = verbs("oversee", "manage_markets")
STALL = verbs("manage_stalls", reach={R.MARKET_MANAGER, R.SUPPORT})
STORE = verbs("manage_stores", reach=OFFICERS | {R.SUPPORT})
WATCHES_DEVICES = ("manage_devices", "oversee", "keep_platform")
DEVICE_SEEN = verbs(*WATCHES_DEVICES, reach=ABOVE_THE_STALL | {R.WHOLESALER, R.AUDITOR})
DEVICE = verbs("manage_devices", reach={R.WHOLESALER, R.MARKET_MANAGER, R.SUPPORT})

ROWS: dict[str, Rows] = {
    # businesses
    **same(REGISTER, "organisations", "organisations_export"),
    "organisation_new": page(REGISTER),
    "organisation": BUSINESS,
    "organisation_edit": page(BUSINESS),
    "organisation_look": post(BUSINESS),
    # markets
    **same(OVERSEES_MARKETS, "oversight_markets", "oversight_markets_export"),
    "market_new": page(verbs("manage_markets")),
    "market": verbs("manage_market_profile", "oversee", reach=ABOVE_THE_STALL | {R.AUDITOR}),
    "market_profile": page(verbs("manage_market_profile", reach={R.MARKET_MANAGER, R.DISTRICT_OFFICER, R.SUPPORT})),
    "market_standing": page(verbs("manage_markets", reach={R.DISTRICT_OFFICER, R.SUPPORT})),
    # places of both kinds
    **same(verbs("look_up_places"), "oversight_places", "oversight_places_export"),
    "stall": verbs(
        "look_up_places",
        "edit_own_place",
        reach=ABOVE_THE_STALL | {R.VENDOR, R.TESTER, R.COORDINATOR, R.REVIEWER, R.AUDITOR},
    ),
    "place_describe": page(verbs("edit_own_place", reach={R.VENDOR})),
    **same(page(verbs("manage_codes", reach=ABOVE_THE_STALL)), "code_replace", "code_retire"),
    # stalls
    **same(STALL, "market_stalls", "market_stalls_export"),
    "stall_new": page(STALL),
    **same(page(STALL), "stall_edit", "stall_move_in", "stall_move_out", "stall_agreement", "stall_close"),
    **same(page(STALL), "stall_suspend", "stall_resume"),
    # stores
    "store_new": page(verbs("manage_stores")),
    **same(page(STORE), "store_edit", "store_close", "store_suspend", "store_resume"),
    # devices
    **same(verbs(*WATCHES_DEVICES), "devices", "devices_export"),
    **same(DEVICE_SEEN, "device", "device_messages"),
    "device_new": page(verbs("manage_devices")),
    **same(page(DEVICE), "device_edit", "device_key", "device_disable", "device_buttons"),
    "device_enable": post(DEVICE),
}

THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"organisation_id": world.ours.stall.organisation_id}, "organisation", "organisation_edit"
    ),
    "organisation_look": lambda world: {"organisation_id": world.ours.stall.organisation_id, "field": "phone"},
    **same_thing(lambda world: {"market_id": world.ours.market.id}, "market", "market_profile", "market_standing"),
    **same_thing(
        lambda world: {"place_id": world.ours.stall.id},
        "stall",
        "place_describe",
        "code_replace",
        "code_retire",
        "stall_edit",
        "stall_move_in",
        "stall_move_out",
        "stall_agreement",
        "stall_close",
        "stall_suspend",
        "stall_resume",
    ),
    **same_thing(
        lambda world: {"place_id": world.ours.store.id}, "store_edit", "store_close", "store_suspend", "store_resume"
    ),
    **same_thing(
        lambda world: {"device_id": world.scale.id},
        "device",
        "device_messages",
        "device_edit",
        "device_key",
        "device_disable",
        "device_enable",
        "device_buttons",
    ),
}

QUERIES: dict[str, Thing] = same_thing(
    lambda world: {"market": str(world.ours.market.id)}, "market_stalls", "market_stalls_export", "stall_new"
)
