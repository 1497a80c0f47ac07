"""What kinds and states of goods and their papers are called on a page. In Chinese they read as in the models."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.papers import PaperKind
from traceability.models import Declaration, Hold, Intake, RapidTest, StockMove, Voucher

Words = dict[str, str | Promise]

PAPERS: Words = {
    PaperKind.PURCHASE_SLIP: _("Supplier's slip"),
    PaperKind.PURCHASE_AGREEMENT: _("Purchase agreement"),
    PaperKind.UPSTREAM_VOUCHER: _("Sales voucher from upstream"),
    PaperKind.SELF_GROWN_STATEMENT: _("Statement of own growing"),
    PaperKind.COMMITMENT_CERTIFICATE: _("Commitment certificate"),
    PaperKind.OWN_TEST: _("Own test certificate"),
    PaperKind.INSPECTION_CERTIFICATE: _("Inspection and quarantine certificate"),
    PaperKind.ANIMAL_QUARANTINE: _("Animal quarantine certificate"),
    PaperKind.MEAT_QUALITY: _("Meat quality certificate"),
    PaperKind.ENTRY_QUARANTINE: _("Entry inspection certificate"),
    PaperKind.GREEN_ORGANIC_GI: _("Green, organic or GI certificate"),
    PaperKind.TEST_REPORT: _("Test report"),
    PaperKind.BASE_CONTRACT: _("Base contract"),
    PaperKind.OTHER: pgettext_lazy("paper", "Other"),
}
UNITS: Words = {
    "kg": _("kg"),
    "jin": _("jin (500 g)"),
    "t": _("tonnes"),
    "head": _("head"),
    "piece": pgettext_lazy("unit", "pieces"),
    "box": _("boxes"),
    "bag": _("bags"),
}
DECLARATION_STATES: Words = {
    Declaration.State.SUBMITTED: _("waiting for the market"),
    Declaration.State.RETURNED: _("returned, to be mended"),
    Declaration.State.ADMITTED: _("admitted"),
    Declaration.State.REJECTED: _("kept out"),
    Declaration.State.WITHDRAWN: _("withdrawn"),
}
DECLARATION_TONES = {
    Declaration.State.SUBMITTED: "due",
    Declaration.State.RETURNED: "bad",
    Declaration.State.REJECTED: "bad",
}
BATCH_STATES: Words = {
    "saleable": _("may be sold"),
    "pending_test": _("waits for a rapid test"),
    "held": _("sale paused"),
    "gone": _("sold out"),
    "expired": _("shelf life over"),
    "void": pgettext_lazy("batch", "void"),
}
BATCH_TONES = {"pending_test": "due", "held": "bad", "expired": "due"}
HOLD_REASONS: Words = {
    Hold.Reason.RAPID_TEST: _("A rapid test was positive; the laboratory confirms or clears it"),
    Hold.Reason.PAPERS: _("The papers are in doubt"),
    Hold.Reason.OFFICER: _("Asked by the regulator"),
    Hold.Reason.MARKET: _("Asked by the market"),
    Hold.Reason.RECALL: _("The goods are being recalled"),
}
MOVES: Words = {
    StockMove.Kind.WITHDRAWN: _("taken off sale"),
    StockMove.Kind.DISPOSED: _("destroyed"),
    StockMove.Kind.RETURNED: _("returned to the supplier"),
    StockMove.Kind.LOST: _("lost"),
}
SOURCES: Words = {
    Intake.Source.VOUCHER: _("scanned voucher"),
    Intake.Source.MANUAL: _("entered by hand"),
    Intake.Source.SELF_GROWN: _("own growing"),
    Intake.Source.EXTERNAL_CODE: _("another system's code"),
}
TEST_RESULTS: Words = {
    RapidTest.Result.NEGATIVE: _("rapid test: not detected"),
    RapidTest.Result.POSITIVE: _("rapid test: positive"),
    RapidTest.Result.SUSPECT: _("rapid test: in doubt"),
    RapidTest.Result.INVALID: _("rapid test: invalid"),
    RapidTest.Result.UNDECIDED: _("rapid test: undecided"),
}
TEST_TONES = {
    RapidTest.Result.NEGATIVE: "ok",
    RapidTest.Result.POSITIVE: "bad",
    RapidTest.Result.SUSPECT: "due",
    RapidTest.Result.INVALID: "none",
    RapidTest.Result.UNDECIDED: "due",
}
VOUCHER_STATES: Words = {Voucher.State.ISSUED: pgettext_lazy("voucher", "valid"), Voucher.State.VOID: _("voided")}
SHORTAGES: Words = {
    "held": _("Its sale is paused."),
    "not_admitted": _("It waits for a rapid test and may not be sold yet."),
    "expired": _("Its shelf life is over."),
    "not_enough": _("There is not that much left."),
}
CANNOT_VOID: Words = {
    "already_void": _("It has been voided already."),
    "day_over": _("A voucher can be voided only on the trade day it was issued."),
    "buyer_must_agree": _("The buyer has taken goods in. Ask the buyer to reverse the entry first, then void it."),
    "reason_missing": _("Write why the voucher is voided."),
}
