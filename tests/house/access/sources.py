"""Whom goods come from: suppliers and bases of our wholesaler."""

from tests.house.access.rows import ABOVE_THE_STALL, OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs

SEES_SUPPLIERS = ("manage_sources", "verify_base", "view_private")
SEES_BASES = ("manage_sources", "verify_base")
BASE_SEEN = verbs(*SEES_BASES, reach=OFFICERS | {R.WHOLESALER, R.MARKET_MANAGER})
OWN = verbs("manage_sources", reach={R.WHOLESALER})

ROWS: dict[str, Rows] = {
    **same(verbs(*SEES_SUPPLIERS), "suppliers", "suppliers_export"),
    "supplier_new": page(verbs("manage_sources")),
    "supplier": verbs(*SEES_SUPPLIERS, reach=ABOVE_THE_STALL | {R.WHOLESALER}),
    "supplier_edit": page(OWN),
    "supplier_look": post(verbs("view_private", reach=ABOVE_THE_STALL)),
    **same(verbs(*SEES_BASES), "bases", "bases_export"),
    "base_new": page(verbs("manage_sources")),
    **same(BASE_SEEN, "base", "base_contract"),
    **same(page(OWN), "base_edit", "base_end"),
    "base_verify": post(verbs("verify_base", reach=OFFICERS | {R.MARKET_MANAGER})),
}

THINGS: dict[str, Thing] = {
    **same_thing(lambda world: {"supplier_id": world.supplier.id}, "supplier", "supplier_edit"),
    "supplier_look": lambda world: {"supplier_id": world.supplier.id, "field": "phone"},
    **same_thing(
        lambda world: {"base_id": world.base.id}, "base", "base_contract", "base_edit", "base_end", "base_verify"
    ),
}
