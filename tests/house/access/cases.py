"""Positives, the pages of their steps, their photos; the district's rules."""

from tests.house.access.rows import OFFICERS, R, Rows, Thing, page, same, same_thing, verbs

SEEN = OFFICERS | {R.WHOLESALER, R.MARKET_MANAGER, R.TESTER, R.AUDITOR}
HANDLED = OFFICERS | {R.MARKET_MANAGER, R.TESTER}

ROWS: dict[str, Rows] = {
    **same(verbs("view_goods"), "cases", "cases_export"),
    **same(verbs("view_goods", reach=SEEN), "case", "case_photo"),
    "case_answer": page(verbs("answer_case", reach={R.WHOLESALER})),
    **same(page(verbs("handle_case", reach=HANDLED)), "case_notify", "case_seal", "case_report", "case_resample"),
    "case_dispose": page(verbs("answer_case", "handle_case", reach=HANDLED | {R.WHOLESALER})),
    "case_repeat": page(verbs("record_test", reach={R.MARKET_MANAGER, R.TESTER})),
    "case_lab": page(verbs("record_lab_report", reach=OFFICERS)),
    **same(page(verbs("close_case", reach=OFFICERS | {R.MARKET_MANAGER})), "case_clear", "case_close"),
    "policies": verbs("manage_policies"),
    "policy": page(verbs("manage_policies")),
}

THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"case_id": world.case.id},
        "case",
        "case_answer",
        "case_notify",
        "case_seal",
        "case_report",
        "case_resample",
        "case_dispose",
        "case_repeat",
        "case_lab",
        "case_clear",
        "case_close",
    ),
    "case_photo": lambda world: {"photo_id": world.case.photos.get().id},
    "policy": lambda world: {"name": "case_clocks"},
}
