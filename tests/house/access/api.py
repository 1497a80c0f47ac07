"""The API for people's programs, and that of scales. Every POST is sent with a key and without a body."""

from tests.house.access.gate import AT_GATE
from tests.house.access.rows import (
    ANYBODY_SIGNED_IN,
    DELETE,
    DEVICES,
    EVERYBODY,
    GET,
    OFFICERS,
    SIGNED_IN,
    R,
    Row,
    Rows,
    Thing,
    both,
    patch,
    post,
    same,
    same_thing,
    verbs,
)
from tests.house.access.trade import DECLARING, GOODS, VOIDING, WHOLESALERS_GOODS

DECLARES = verbs("declare", "declare_for")
TAKES_IN = verbs("take_in")

ROWS: dict[str, Rows] = {
    **same(EVERYBODY, "api-schema", "api-docs", "api-nowhere"),
    "api-session": (Row(SIGNED_IN, methods=(GET, DELETE)), post(EVERYBODY)),
    # looking up
    **same(ANYBODY_SIGNED_IN, "api-products", "api-regions", "api-code"),
    "api-places": verbs("look_up_places", "edit_own_place"),
    "api-suppliers": verbs("manage_sources", "verify_base", "view_private"),
    "api-bases": verbs("manage_sources", "verify_base"),
    "api-recent-buyers": verbs("sell", reach={R.WHOLESALER}),
    # declarations
    "api-declarations": both(GOODS, DECLARES),
    "api-declaration": both(WHOLESALERS_GOODS, patch(DECLARING)),
    **same(post(DECLARING), "api-declaration-papers", "api-declaration-withdrawal"),
    **same(post(AT_GATE), "api-declaration-admission", "api-declaration-return", "api-declaration-rejection"),
    "api-admissions": post(verbs("audit_declaration")),
    # batches
    "api-batches": GOODS,
    **same(WHOLESALERS_GOODS, "api-batch", "api-batch-upstream", "api-batch-downstream", "api-batch-events"),
    "api-batch-moves": both(WHOLESALERS_GOODS, verbs("write_off", reach={R.WHOLESALER})),
    # vouchers
    "api-vouchers": both(verbs("view_sales"), verbs("sell")),
    "api-voucher": verbs("view_sales", reach=OFFICERS | {R.WHOLESALER, R.VENDOR, R.MARKET_MANAGER, R.AUDITOR}),
    "api-voucher-void": post(VOIDING),
    # intakes
    "api-intakes": both(GOODS, TAKES_IN),
    "api-take-in": post(TAKES_IN),
    "api-intake": verbs("view_goods", reach=OFFICERS | {R.VENDOR, R.MARKET_MANAGER, R.TESTER, R.AUDITOR}),
    "api-intake-reversal": post(verbs("take_in", reach={R.VENDOR})),
    # pauses and tests: a trader reads which of the own goods are paused, and how they were tested
    "api-holds": both(GOODS, verbs("place_hold")),
    "api-hold-release": post(verbs("release_hold", reach=OFFICERS)),
    "api-rapid-tests": both(GOODS, verbs("record_test")),
    # scales: nobody's password opens these
    "device_time": EVERYBODY,
    "device_delta": Row(DEVICES),
    **same(post(Row(DEVICES)), "device_codes", "device_sales"),
}

THINGS: dict[str, Thing] = {
    "api-nowhere": lambda world: {"nowhere": "nothing"},
    "api-code": lambda world: {"code": world.voucher.token},
    **same_thing(
        lambda world: {"declaration_id": world.declaration.id},
        "api-declaration",
        "api-declaration-papers",
        "api-declaration-withdrawal",
        "api-declaration-admission",
        "api-declaration-return",
        "api-declaration-rejection",
    ),
    **same_thing(
        lambda world: {"batch_id": world.batch.id},
        "api-batch",
        "api-batch-upstream",
        "api-batch-downstream",
        "api-batch-events",
        "api-batch-moves",
    ),
    **same_thing(lambda world: {"voucher_id": world.voucher.id}, "api-voucher", "api-voucher-void"),
    **same_thing(lambda world: {"intake_id": world.intake.id}, "api-intake", "api-intake-reversal"),
    "api-hold-release": lambda world: {"hold_id": world.hold.id},
}

QUERIES: dict[str, Thing] = {
    "api-recent-buyers": lambda world: {"place": str(world.ours.wholesale_stall.id)},
}
"""What is asked for behind the question mark, where the address names its thing there."""
