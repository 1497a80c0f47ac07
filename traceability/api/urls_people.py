"""What people's programs may ask and do."""

from django.urls import path

from traceability.api import batches, codes, declarations, gate, holds, intakes, vouchers

DECLARATION = "declarations/<uuid:declaration_id>"
BATCH = "batches/<uuid:batch_id>"
VOUCHER = "vouchers/<uuid:voucher_id>"
INTAKE = "intakes/<uuid:intake_id>"

urlpatterns = [
    path("declarations", declarations.DeclarationsView.as_view(), name="api-declarations"),
    path("declarations/admissions", gate.AdmissionsView.as_view(), name="api-admissions"),
    path(DECLARATION, declarations.DeclarationView.as_view(), name="api-declaration"),
    path(f"{DECLARATION}/papers", declarations.DeclarationPapersView.as_view(), name="api-declaration-papers"),
    path(f"{DECLARATION}/withdrawal", declarations.WithdrawalView.as_view(), name="api-declaration-withdrawal"),
    path(f"{DECLARATION}/admission", gate.AdmissionView.as_view(), name="api-declaration-admission"),
    path(f"{DECLARATION}/return", gate.ReturnView.as_view(), name="api-declaration-return"),
    path(f"{DECLARATION}/rejection", gate.RejectionView.as_view(), name="api-declaration-rejection"),
    path("batches", batches.BatchesView.as_view(), name="api-batches"),
    path(BATCH, batches.BatchView.as_view(), name="api-batch"),
    path(f"{BATCH}/upstream", batches.UpstreamView.as_view(), name="api-batch-upstream"),
    path(f"{BATCH}/downstream", batches.DownstreamView.as_view(), name="api-batch-downstream"),
    path(f"{BATCH}/events", batches.EventsView.as_view(), name="api-batch-events"),
    path(f"{BATCH}/moves", batches.MovesView.as_view(), name="api-batch-moves"),
    path("vouchers", vouchers.VouchersView.as_view(), name="api-vouchers"),
    path(VOUCHER, vouchers.VoucherView.as_view(), name="api-voucher"),
    path(f"{VOUCHER}/void", vouchers.VoidView.as_view(), name="api-voucher-void"),
    path("intakes", intakes.IntakesView.as_view(), name="api-intakes"),
    path("intakes/from-voucher", intakes.TakeInView.as_view(), name="api-take-in"),
    path(INTAKE, intakes.IntakeView.as_view(), name="api-intake"),
    path(f"{INTAKE}/reversal", intakes.ReversalView.as_view(), name="api-intake-reversal"),
    path("holds", holds.HoldsView.as_view(), name="api-holds"),
    path("holds/<uuid:hold_id>/release", holds.ReleaseView.as_view(), name="api-hold-release"),
    path("rapid-tests", holds.RapidTestsView.as_view(), name="api-rapid-tests"),
    path("codes/<str:code>", codes.CodeView.as_view(), name="api-code"),
    path("recent-buyers", codes.RecentBuyersView.as_view(), name="api-recent-buyers"),
]
