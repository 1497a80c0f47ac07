"""The wholesaler's desk: declarations, batches, vouchers, and who looks at them from above."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs

LOOKS_AT_GOODS = OFFICERS | {R.MARKET_MANAGER, R.TESTER, R.AUDITOR}
GOODS = verbs("view_goods")
WHOLESALERS_GOODS = verbs("view_goods", reach=LOOKS_AT_GOODS | {R.WHOLESALER})
DECLARING = verbs("declare", "declare_for", reach={R.WHOLESALER, R.MARKET_MANAGER})
LABEL = verbs("print_labels", reach={R.WHOLESALER, R.MARKET_MANAGER})
SELLING = verbs("sell")
SLIP = verbs("sell", reach={R.WHOLESALER})
VOIDING = verbs("void_voucher", reach={R.WHOLESALER})

ROWS: dict[str, Rows] = {
    # declarations
    **same(GOODS, "declarations", "declarations_export"),
    "declaration": WHOLESALERS_GOODS,
    "paper_photo": WHOLESALERS_GOODS,
    "declare": page(verbs("declare")),
    "declare_origins": verbs("declare", "declare_for"),
    **same(page(DECLARING), "declaration_amend", "declaration_withdraw"),
    # batches
    **same(GOODS, "batches", "batches_export"),
    "batch": WHOLESALERS_GOODS,
    "batch_label": page(LABEL),
    "batch_label_svg": LABEL,
    # sales
    **same(SELLING, "wholesale_home", "sales", "sales_csv", "sales_xlsx", "sales_pdf"),
    "sell": page(SELLING),
    "voucher": verbs("view_sales", reach=OFFICERS | {R.WHOLESALER, R.VENDOR, R.MARKET_MANAGER, R.AUDITOR}),
    **same(SLIP, "voucher_slip", "voucher_slip_pdf", "voucher_slip_escpos"),
    "voucher_reprint": post(VOIDING),
    "voucher_void": page(VOIDING),
}

THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"declaration_id": world.declaration.id},
        "declaration",
        "declaration_amend",
        "declaration_withdraw",
    ),
    "paper_photo": lambda world: {"paper_id": world.photographed.id},
    **same_thing(lambda world: {"batch_id": world.batch.id}, "batch", "batch_label", "batch_label_svg"),
    **same_thing(
        lambda world: {"voucher_id": world.voucher.id},
        "voucher",
        "voucher_slip",
        "voucher_slip_pdf",
        "voucher_slip_escpos",
        "voucher_reprint",
        "voucher_void",
    ),
}
