"""Recalls and lineages: the operator's, his holders', the officers'."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, both, page, post, same, same_thing, verbs

SEEN = verbs("view_recalls", reach=OFFICERS | {R.WHOLESALER, R.MARKET_MANAGER, R.AUDITOR})
MANAGED = verbs("start_recall", "order_recall", reach=OFFICERS | {R.WHOLESALER})
GOODS = verbs("view_goods", reach=OFFICERS | {R.WHOLESALER, R.MARKET_MANAGER, R.TESTER, R.AUDITOR})

ROWS: dict[str, Rows] = {
    **same(GOODS, "lineage", "lineage_export"),
    **same(verbs("view_recalls"), "recalls", "recalls_export"),
    **same(SEEN, "recall", "recall_holders_export", "recall_report"),
    "recall_new": page(verbs("start_recall", "order_recall")),
    **same(post(MANAGED), "recall_remind", "recall_close", "recall_cancel"),
    "recall_answer": verbs("answer_recall", reach={R.WHOLESALER, R.VENDOR}),
    "recall_notice": both(
        verbs("view_recalls", reach=OFFICERS | {R.WHOLESALER, R.VENDOR, R.MARKET_MANAGER, R.AUDITOR}),
        post(verbs("view_recalls", reach=OFFICERS | {R.WHOLESALER, R.VENDOR})),
    ),
    "recall_request": verbs("view_recalls", reach=OFFICERS | {R.WHOLESALER, R.MARKET_MANAGER, R.AUDITOR}),
    "recall_refuse": post(verbs("start_recall", reach={R.WHOLESALER})),
    "recall_order": post(verbs("order_recall", reach=OFFICERS)),
}

THINGS: dict[str, Thing] = {
    **same_thing(lambda world: {"batch_id": world.batch.id}, "lineage", "lineage_export"),
    **same_thing(
        lambda world: {"recall_id": world.recall.id}, "recall", "recall_holders_export", "recall_remind",
        "recall_close", "recall_cancel", "recall_answer",
    ),
    "recall_report": lambda world: {"recall_id": world.recall.id, "form": "xlsx"},
    "recall_notice": lambda world: {"notice_id": world.recall.notices.get(place_id=world.ours.stall.id).id},
    **same_thing(
        lambda world: {"request_id": world.recall_request.id}, "recall_request", "recall_refuse", "recall_order"
    ),
}  # fmt: skip
