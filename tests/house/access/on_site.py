"""On site: a visit's form, the field app, and what the app asks of the API."""

from tests.house.access.rows import (
    EVERYBODY,
    OFFICERS,
    R,
    Rows,
    Thing,
    page,
    post,
    same,
    same_thing,
    verbs,
)  # fmt: skip

FIELD = verbs("work_in_field")
OWN = verbs("work_in_field", reach={R.COORDINATOR})

ROWS: dict[str, Rows] = {
    # the app
    "field_app": FIELD,
    **same(EVERYBODY, "field_manifest", "field_worker"),
    # the form
    "visit": OWN,
    **same(page(OWN), "visit_arrive", "visit_unseen", "visit_list", "visit_item", "visit_promotion", "visit_finish"),
    **same(post(OWN), "visit_photo_add", "visit_photo_drop"),
    "visit_photo": verbs("work_in_field", "supervise_work", reach=OFFICERS | {R.COORDINATOR, R.FINANCE, R.AUDITOR}),
    # the API
    **same(FIELD, "api-work-me", "api-work"),
    "api-work-standing": OWN,
    "api-work-draft": verbs("work_in_field", reach={R.COORDINATOR}, methods=("put",)),
    **same(post(OWN), "api-work-arrivals", "api-work-photos", "api-work-submissions"),
}

THINGS: dict[str, Thing] = {
    **same_thing(
        lambda world: {"claim_id": world.promotion_claim.id},
        *("visit", "visit_arrive", "visit_unseen", "visit_list", "visit_promotion", "visit_finish"),
        *("visit_photo_add", "visit_photo_drop"),
        *("api-work-standing", "api-work-draft", "api-work-arrivals", "api-work-photos", "api-work-submissions"),
    ),
    "visit_item": lambda world: {"claim_id": world.promotion_claim.id, "code": "C01"},
    "visit_photo": lambda world: {"photo_id": world.visit_photo.id},
}
