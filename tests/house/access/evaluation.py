"""Evaluation of rapid tests, blind samples, sampling plans, public boards."""

from tests.factories.traceability import DAWN
from tests.house.access.rows import EVERYBODY, OFFICERS, R, Rows, Thing, page, post, same, same_thing, verbs

SEEN = OFFICERS | {R.AUDITOR}
DISTRICT = {R.DISTRICT_OFFICER}

ROWS: dict[str, Rows] = {
    **same(
        verbs("evaluate_tests"),
        "evaluation",
        "evaluation_report",
        "evaluation_table",
        "evaluation_table_export",
        "evaluation_traces",
        "evaluation_traces_export",
        "blind_samples",
        "blind_samples_export",
    ),
    **same(verbs("evaluate_tests", reach=SEEN), "evaluation_point", "evaluation_trace", "blind_sample"),
    "blind_sample_new": page(verbs("plan_sampling")),
    "blind_samples_by_rule": post(verbs("plan_sampling")),
    **same(post(verbs("plan_sampling", reach=DISTRICT)), "blind_sample_send", "blind_sample_call_off"),
    **same(verbs("plan_sampling", "evaluate_tests"), "sampling", "sampling_export"),
    "sampling_make": post(verbs("plan_sampling")),
    "sampling_plan": verbs("record_test"),
    "board_sign": verbs("manage_market_profile", "oversee"),
    **same(EVERYBODY, "district_board", "district_board_json", "board", "board_json", "board_code"),
}

THINGS: dict[str, Thing] = {
    "evaluation_report": lambda world: {"form": "csv"},
    "evaluation_table": lambda world: {"by": "points"},
    "evaluation_table_export": lambda world: {"by": "suppliers", "form": "csv"},
    "evaluation_point": lambda world: {"point_id": world.market_point.id},
    "evaluation_trace": lambda world: {"trace_id": world.trace.id},
    **same_thing(
        lambda world: {"blind_id": world.blind.id}, "blind_sample", "blind_sample_send", "blind_sample_call_off"
    ),
    "sampling_export": lambda world: {"form": "csv"},
    **same_thing(lambda world: {"market_id": world.ours.market.id}, "board", "board_json", "board_code"),
}

SENDS: dict[str, Thing] = {"sampling_make": lambda world: {"day": DAWN.date().isoformat()}}
