"""The district's rules of co-management in plain words: what each number does."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

POLICIES: dict[str, tuple[Words, Words]] = {
    "grabbing": (_("Taking tasks"), _("How many tasks one may hold, and how long one waits.")),
    "on_site": (_("On site"), _("How near one must be when one arrives, and how alike photos may be.")),
    "reviewing": (_("Reviewing"), _("How long a decision may take, and what is taken off.")),
    "pay": (_("Pay"), _("Coefficients in percent of the base price, and the cap of a month.")),
    "assessing": (_("Monthly assessment"), _("Weights of the indicators; together they are 100.")),
}

TASKS, HOURS, DAYS, MINUTES, METRES, PERCENT, TIMES, POINTS, FEN = (
    _("tasks"), _("hours"), _("days"), _("minutes"), _("metres"), _("percent"), _("times"), _("points"), _("fen"),
)  # fmt: skip

FIELDS: dict[str, tuple[Words, Words]] = {
    "open_claims": (_("Tasks one may hold at once"), TASKS),
    "open_claims_level_1": (_("Tasks a beginner (level 1) may hold at once"), TASKS),
    "done_a_day": (_("Tasks one may hand in on a day"), TASKS),
    "town_first_minutes": (_("How long people of the own town come first"), MINUTES),
    "cool_down_seconds": (_("Wait after giving a task back"), _("seconds")),
    "free_releases_a_day": (_("Tasks one may give back on a day without a pause"), TASKS),
    "release_pause_hours": (_("Pause after giving back more than that"), HOURS),
    "rise_after_releases": (_("After how often given back the price rises"), TIMES),
    "rise_percent": (_("By how much it rises"), PERCENT),
    "start_within_hours": (_("Hours to arrive after taking a task"), HOURS),
    "rotation_window": (_("Of how many visits of a place"), TIMES),
    "rotation_most": (_("one person may do at most"), TIMES),
    "timeouts_a_month": (_("Tasks run out in a month before a pause"), TASKS),
    "timeout_pause_days": (_("Length of that pause"), DAYS),
    "fence_m": (_("How far from the place one may be on arrival"), METRES),
    "fence_village_m": (_("The same in villages"), METRES),
    "weak_accuracy_m": (_("From which inaccuracy a position is weak"), METRES),
    "late_by_minutes": (_("How late a record may come without being marked"), MINUTES),
    "photo_reuse_bits": (_("How different two photos may be and still be flagged as one"), _("of 64 bits")),
    "returned_hours": (_("Time to complete what was returned"), HOURS),
    "returns": (_("How often a task is returned at most"), TIMES),
    "decide_working_days": (_("Without a decision it counts as accepted after"), _("working days")),
    "appeal_days": (_("Days to appeal"), DAYS),
    "open_minutes": (_("How long an order stays open at one reviewer"), MINUTES),
    "double_review_over_fen": (_("Dearer than this, two people review"), FEN),
    "blind_percent": (_("Share of accepted tasks that are visited again"), PERCENT),
    "late_deduct_percent": (_("Taken off for being late"), PERCENT),
    "unclear_deduct_percent": (_("Taken off for unclear photos"), PERCENT),
    "missing_deduct_percent": (_("Taken off for each missing item"), PERCENT),
    "grade_a": (_("Risk grade A"), PERCENT),
    "grade_b": (_("Risk grade B"), PERCENT),
    "grade_c": (_("Risk grade C"), PERCENT),
    "grade_d": (_("Risk grade D"), PERCENT),
    "far_over_m": (_("Farther than this from the middle of the town"), METRES),
    "far_fen": (_("pays more"), FEN),
    "night_percent": (_("At night or on a holiday"), PERCENT),
    "frozen_days": (_("How long pay waits for objections"), DAYS),
    "cap_month_fen": (_("At most for one person in a month"), FEN),
    "excellent_percent": (_("Pay of a month assessed as excellent"), PERCENT),
    "completed": (_("Tasks completed"), POINTS),
    "on_time": (_("In time"), POINTS),
    "first_time": (_("Accepted the first time"), POINTS),
    "findings": (_("Problems found, as many as expected"), POINTS),
    "agreement": (_("Agreement with re-visits"), POINTS),
    "closed": (_("Problems put right"), POINTS),
    "promotion": (_("Publicity done"), POINTS),
    "exams": (_("Training"), POINTS),
}
