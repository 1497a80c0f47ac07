"""Who may do what: one table of verb x role. A scope says how far (see `registry.actors`).

`require()` is the only question services ask. A thing outside a person's scope answers like a
missing one, so that nobody learns what exists elsewhere.
"""

from django.utils.translation import gettext_lazy as _

from kit.refusals import NotAllowed, NotFound
from registry.roles import Role

TRADERS = {Role.WHOLESALER, Role.VENDOR, Role.STORE_MANAGER}
OFFICERS = {Role.TOWN_OFFICER, Role.DISTRICT_OFFICER}
EVERYBODY = set(Role)

VERBS: dict[str, frozenset[Role]] = {
    verb: frozenset(roles)
    for verb, roles in {
        # registry
        "register_organisations": {Role.MARKET_MANAGER, Role.SUPPORT} | OFFICERS,
        "manage_markets": {Role.DISTRICT_OFFICER, Role.SUPPORT},
        "manage_market_profile": {Role.MARKET_MANAGER, Role.DISTRICT_OFFICER, Role.SUPPORT},
        "manage_stalls": {Role.MARKET_MANAGER, Role.SUPPORT},
        "manage_stores": OFFICERS | {Role.SUPPORT},
        "manage_codes": {Role.MARKET_MANAGER, Role.SUPPORT} | OFFICERS,
        "manage_devices": {Role.MARKET_MANAGER, Role.SUPPORT, Role.WHOLESALER},
        "manage_people": {Role.MARKET_MANAGER, Role.SUPPORT} | OFFICERS,
        "manage_own_staff": TRADERS,
        "edit_own_place": TRADERS,
        "manage_sources": {Role.WHOLESALER, Role.VENDOR, Role.STORE_MANAGER},
        "verify_base": {Role.MARKET_MANAGER} | OFFICERS,
        "view_private": {Role.MARKET_MANAGER, Role.SUPPORT} | OFFICERS,
        "look_up_places": {
            Role.MARKET_MANAGER,
            Role.TESTER,
            Role.COORDINATOR,
            Role.REVIEWER,
            Role.AUDITOR,
            Role.SUPPORT,
        }
        | OFFICERS,
        "keep_platform": {Role.SUPPORT},
        # work
        "work_in_field": {Role.COORDINATOR},
        "review_work": {Role.REVIEWER},
        "settle_pay": {Role.FINANCE},
        "supervise_work": {Role.REVIEWER, Role.FINANCE, Role.AUDITOR} | OFFICERS,
        "publish_work": OFFICERS,
        "manage_work_rules": {Role.DISTRICT_OFFICER},
        "manage_coordinators": OFFICERS,
        "view_bank": {Role.FINANCE} | OFFICERS,
        "confirm_pay": {Role.TOWN_OFFICER},
        "approve_pay": {Role.DISTRICT_OFFICER},
        "adopt_finding": OFFICERS,
        "answer_finding": TRADERS,
        # traceability
        "declare": {Role.WHOLESALER},
        "declare_for": {Role.MARKET_MANAGER},
        "audit_declaration": {Role.MARKET_MANAGER},
        "sample_on_behalf": {Role.MARKET_MANAGER} | OFFICERS,
        "sell": {Role.WHOLESALER},
        "void_voucher": {Role.WHOLESALER},
        "take_in": TRADERS,
        "write_off": TRADERS,
        "print_labels": TRADERS | {Role.MARKET_MANAGER},
        "record_test": {Role.TESTER, Role.MARKET_MANAGER, Role.STORE_MANAGER},
        "view_tests": TRADERS | {Role.TESTER, Role.MARKET_MANAGER, Role.AUDITOR} | OFFICERS,
        "manage_test_points": {Role.MARKET_MANAGER, Role.STORE_MANAGER, Role.DISTRICT_OFFICER},
        "manage_test_standards": {Role.DISTRICT_OFFICER},
        "manage_policies": {Role.DISTRICT_OFFICER},
        "handle_case": {Role.TESTER, Role.MARKET_MANAGER, Role.STORE_MANAGER} | OFFICERS,
        "answer_case": TRADERS,
        "close_case": {Role.MARKET_MANAGER} | OFFICERS,
        "record_lab_report": OFFICERS,
        "start_recall": TRADERS,
        "order_recall": OFFICERS,
        "answer_recall": TRADERS,
        "view_recalls": TRADERS | {Role.MARKET_MANAGER, Role.AUDITOR} | OFFICERS,
        "evaluate_tests": OFFICERS | {Role.AUDITOR},
        "plan_sampling": {Role.DISTRICT_OFFICER},
        "place_hold": {Role.MARKET_MANAGER} | OFFICERS,
        "release_hold": OFFICERS,
        "view_goods": TRADERS | {Role.MARKET_MANAGER, Role.TESTER, Role.AUDITOR} | OFFICERS,
        "view_sales": TRADERS | {Role.MARKET_MANAGER, Role.AUDITOR} | OFFICERS,
        "view_ledger_seals": {Role.AUDITOR, Role.SUPPORT, Role.DISTRICT_OFFICER},
        "view_private_log": {Role.AUDITOR},
        "oversee": OFFICERS | {Role.AUDITOR},
    }.items()
}


class NotYourJob(NotAllowed):
    code = "not_your_role"
    message = _("Your role does not include this.")


def may(actor, verb, *, place=None, market=None, town=None, district=None) -> bool:
    return any(
        scope.covers(place=place, market=market, town=town, district=district)
        for scope in actor.with_role(*VERBS[verb])
    )


def require(actor, verb, *, place=None, market=None, town=None, district=None) -> None:
    """Raise `NotYourJob` when no role of the actor has the verb, `NotFound` when the thing is out of reach."""
    require_role(actor, verb)
    if not may(actor, verb, place=place, market=market, town=town, district=district):
        raise NotFound()


def require_role(actor, verb) -> None:
    """For what belongs to no district: raise `NotYourJob` when no role of the actor has the verb."""
    if not actor.has_role(*VERBS[verb]):
        raise NotYourJob(verb=verb)


def require_one_of(actor, verbs) -> None:
    """For a door: raise `NotYourJob` when no role of the actor has any of the verbs; without verbs, everybody may."""
    if verbs and not any(actor.has_role(*VERBS[verb]) for verb in verbs):
        raise NotYourJob(verb=verbs[0])
