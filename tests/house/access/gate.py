"""The market's desk and the officers': the gate, silent stalls, rapid tests, pauses."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs

AT_GATE = verbs("audit_declaration", reach={R.MARKET_MANAGER})
QUIET = verbs("manage_stalls", reach={R.MARKET_MANAGER, R.SUPPORT})
TESTS = verbs("record_test", "oversee")
PAUSES = verbs("place_hold", "oversee")

ROWS: dict[str, Rows] = {
    # the gate
    **same(AT_GATE, "market_home", "gate"),
    "gate_declaration": AT_GATE,
    "gate_admit": post(AT_GATE),
    "gate_admit_several": post(verbs("audit_declaration")),
    **same(page(AT_GATE), "gate_return", "gate_reject"),
    "declare_for": verbs("declare_for", reach={R.MARKET_MANAGER}),
    "declare_for_stall": page(verbs("declare_for", reach={R.MARKET_MANAGER})),
    "second_looks": verbs("sample_on_behalf"),
    "second_look": post(verbs("sample_on_behalf", reach=OFFICERS | {R.MARKET_MANAGER})),
    # silent stalls
    **same(QUIET, "quiet_stalls", "quiet_stalls_export"),
    "quiet_stalls_remind": post(QUIET),
    # rapid tests
    "tester_home": verbs("record_test"),
    "test_new": page(verbs("record_test")),
    **same(TESTS, "rapid_tests", "rapid_tests_export"),
    # pauses
    **same(PAUSES, "holds", "holds_export"),
    "hold_new": page(verbs("place_hold")),
    "hold": verbs("place_hold", "oversee", reach=OFFICERS | {R.MARKET_MANAGER, R.AUDITOR}),
    "hold_release": post(verbs("release_hold", reach=OFFICERS)),
}

THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"declaration_id": world.declaration.id},
        "gate_declaration",
        "gate_admit",
        "gate_return",
        "gate_reject",
    ),
    "declare_for_stall": lambda world: {"place_id": world.ours.wholesale_stall.id},
    "second_look": lambda world: {"declaration_id": world.entered_for_us.id},
    **same_thing(lambda world: {"hold_id": world.hold.id}, "hold", "hold_release"),
}

QUERIES: dict[str, Thing] = same_thing(
    lambda world: {"market": str(world.ours.market.id)},
    "market_home",
    "gate",
    "declare_for",
    "quiet_stalls",
    "quiet_stalls_export",
    "quiet_stalls_remind",
)
