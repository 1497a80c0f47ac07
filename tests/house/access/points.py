"""Rapid tests' standing parts: items, methods and limits; test points with their testers, instruments and kits."""

from tests.house.access.rows import R, page, post, same, same_thing, verbs

SEEN = (R.STORE_MANAGER, R.TOWN_OFFICER, R.DISTRICT_OFFICER, R.AUDITOR)
KEPT = (R.STORE_MANAGER, R.DISTRICT_OFFICER)
MANAGED = verbs("manage_test_points", reach=KEPT)
KITS = verbs("record_test", "manage_test_points", reach=KEPT)

ROWS = {
    **same(verbs("view_tests"), "standards", "standards_export", "standards_try", "standard"),
    **same(
        page(verbs("manage_test_standards")),
        "standard_new", "standard_edit", "standard_method_new", "standard_method_end", "standard_limit_new",
        "standard_limit_end",
    ),
    **same(verbs("view_tests"), "points", "points_export", "kits", "kits_export"),
    "point_new": page(verbs("manage_test_points")),
    "point": verbs("view_tests", reach=SEEN),
    **same(
        page(MANAGED),
        "point_edit", "point_close", "point_staff_new", "point_staff_renew", "point_staff_end",
        "point_instrument_new", "point_instrument_remove",
    ),
    **same(page(KITS), "kit_new", "kit_discard"),
    "kit_used_up": post(KITS),
}  # fmt: skip

THINGS = {
    **same_thing(
        lambda world: {"code": world.method.item_id},
        "standard", "standard_edit", "standard_method_new", "standard_limit_new",
    ),
    "standard_method_end": lambda world: {"code": world.method.item_id, "version_id": world.method.id},
    "standard_limit_end": lambda world: {"code": world.limit.item_id, "version_id": world.limit.id},
    **same_thing(
        lambda world: {"point_id": world.point.id},
        "point", "point_edit", "point_close", "point_staff_new", "point_instrument_new", "kit_new",
    ),
    **same_thing(
        lambda world: {"point_id": world.point.id, "staff_id": world.staff.id}, "point_staff_renew", "point_staff_end"
    ),
    "point_instrument_remove": lambda world: {"point_id": world.point.id, "placed_id": world.placed.id},
    **same_thing(lambda world: {"kit_id": world.kit.id}, "kit_used_up", "kit_discard"),
}  # fmt: skip
