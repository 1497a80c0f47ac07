"""The ways in which the trade in goods says no. Codes are stable; words are for people."""

from django.utils.translation import gettext_lazy as _

from kit.refusals import Conflict, Invalid, NotAllowed


class OwnDeclaration(NotAllowed):
    code = "own_declaration"
    message = _("You declared this yourself. Another clerk of the market has to decide on it.")


class GateRefuses(Invalid):
    """`missing` lists what is missing, each with the paper's kinds and the articles."""

    code = "gate_refuses"
    message = _("The goods cannot enter yet: something is missing.")


class NotSellable(Conflict):
    """`shortages`: one entry a batch or product that cannot be sold as asked, all at once."""

    code = "not_sellable"
    message = _("Not everything on this slip can be sold.")


class NotYourVoucher(NotAllowed):
    code = "not_your_voucher"
    message = _("This voucher names another buyer.")


class VoucherIsVoid(Conflict):
    code = "voucher_void"
    message = _("This voucher has been voided by the seller.")


class CannotVoid(Conflict):
    code = "cannot_void"
    message = _("This voucher cannot be voided.")


class AlreadyTakenIn(Conflict):
    code = "already_taken_in"
    message = _("This has already been taken in.")


class GoodsHaveMoved(Conflict):
    code = "goods_have_moved"
    message = _("Part of these goods has already been sold or written off, so the entry can no longer be reversed.")


class GoodsAreHeld(Conflict):
    code = "goods_held"
    message = _("These goods are paused. The entry can be reversed once the pause is lifted.")


class NotEnough(Conflict):
    code = "not_enough"
    message = _("There is not that much left.")


class PointClosed(Conflict):
    code = "point_closed"
    message = _("This test point is closed.")


class TrainingLapsed(Conflict):
    """`trained_until`: the last day on which the person may test."""

    code = "training_lapsed"
    message = _(
        "Your training at this point is over. Renew it, then record; the goods can wait or be tested by another."
    )


class NotOnStaff(Conflict):
    code = "not_on_staff"
    message = _("You are not on this point's list of trained testers. Whoever manages the point can add you.")


class KitExpired(Conflict):
    code = "kit_expired"
    message = _("This kit has expired. Take one that is in date; its result would count for nothing.")


class StepNotPossible(Conflict):
    code = "step_not_possible"
    message = _("This step is not possible now. Look at the case again.")


class ObjectionTooLate(Conflict):
    """`article` is the rule that sets the time, such as `fsl.88`; empty where the market's agreement does."""

    code = "objection_too_late"
    message = _("The time to object has passed.")


class RapidMethod(Invalid):
    code = "rapid_method"
    message = _("A laboratory may not use a rapid method here (Food Safety Law, Article 88).")


class SameBody(Invalid):
    code = "same_body"
    message = _("Whoever made the rapid test, or holds the goods, cannot be the laboratory.")


class NotTestedYet(Conflict):
    code = "not_tested_yet"
    message = _("The follow-up sample has no result yet.")
