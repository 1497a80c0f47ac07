"""The desk of whoever keeps a stall or a store: what is taken in, what is on hand."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, same, same_thing, verbs

TAKING_IN = verbs("take_in")

ROWS: dict[str, Rows] = {
    **same(TAKING_IN, "stall_home", "on_sale", "on_sale_export", "purchases", "purchases_export"),
    **same(TAKING_IN, "intakes", "intakes_export", "intakes_workbook", "intakes_ledger"),
    **same(page(TAKING_IN), "intake_new", "intake_again"),
    # A voucher's code is public, so whoever trades may be told that it names another buyer.
    "take_in": page(verbs("take_in", reach={R.VENDOR}, out_of_reach="not your job")),
    "intake": verbs("view_goods", reach=OFFICERS | {R.VENDOR, R.MARKET_MANAGER, R.TESTER, R.AUDITOR}),
    "intake_reverse": page(verbs("take_in", reach={R.VENDOR})),
    "write_off": page(verbs("write_off", reach={R.VENDOR})),
}

THINGS: dict[str, Thing] = {
    "take_in": lambda world: {"token": world.voucher.token},
    **same_thing(lambda world: {"intake_id": world.intake.id}, "intake", "intake_reverse"),
    "write_off": lambda world: {"batch_id": world.intake.batch_id},
}
