"""Recording: samples, the results read on them, sheets, what instruments sent."""

from tests.house.access.rows import DEVICES, OFFICERS, R, Row, Rows, Thing, page, post, same, same_thing, verbs

TESTING = verbs("record_test")
OUR_TESTERS = frozenset({R.TESTER, R.MARKET_MANAGER})
OURS = verbs("record_test", reach=OUR_TESTERS)
LISTS = verbs("record_test", "oversee")
SEEN = verbs("record_test", "oversee", reach=OFFICERS | OUR_TESTERS | {R.AUDITOR})

ROWS: dict[str, Rows] = {
    # samples
    **same(LISTS, "samples", "samples_export"),
    "sample_new": page(TESTING),
    "sample_labels": OURS,
    **same(SEEN, "sample", "sample_label", "strip_photo"),
    "sample_test": page(OURS),
    # results
    "morning": page(TESTING),
    "morning_row": post(OURS),
    "sheet_import": page(TESTING),
    "sheet_template": TESTING,
    "sheet": page(OURS),
    "sheet_bad_rows": OURS,
    # instruments
    **same(LISTS, "readings", "readings_export"),
    "reading": page(OURS),
    "reading_aside": post(OURS),
    **same(post(Row(DEVICES)), "device_readings", "instrument_dy"),
    "demo_instrument": page(TESTING),
}

THINGS: dict[str, Thing] = {
    **same_thing(lambda world: {"label": world.test.sample.label}, "sample", "sample_test", "morning_row"),
    "sample_label": lambda world: {"label": world.test.sample.label, "form": "svg"},
    "strip_photo": lambda world: {"test_id": world.test.id},
    "sheet_template": lambda world: {"form": "csv"},
    **same_thing(lambda world: {"sheet_id": world.sheet.id}, "sheet", "sheet_bad_rows"),
    **same_thing(lambda world: {"reading_id": world.reading.id}, "reading", "reading_aside"),
}

QUERIES: dict[str, Thing] = {"sample_labels": lambda world: {"label": world.test.sample.label}}
