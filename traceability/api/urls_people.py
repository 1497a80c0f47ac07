"""What people's programs may ask and do."""

from django.urls import path

from traceability.api import batches, codes, declarations, gate, holds, intakes, vouchers

D, B, V, I = "declarations/<uuid:declaration_id>", "batches/<uuid:batch_id>", "vouchers/<uuid:voucher_id>", "intakes/<uuid:intake_id>"

urlpatterns = [
    path("declarations", declarations.DeclarationsView.as_view(), name="api-declarations"),
    path("declarations/admissions", gate.AdmissionsView.as_view(), name="api-admissions"),
    path(D, declarations.DeclarationView.as_view(), name="api-declaration"),
    path(f"{D}/papers", declarations.DeclarationPapersView.as_view(), name="api-declaration-papers"),
    path(f"{D}/withdrawal", declarations.WithdrawalView.as_view(), name="api-declaration-withdrawal"),
    path(f"{D}/admission", gate.AdmissionView.as_view(), name="api-declaration-admission"),
    path(f"{D}/return", gate.ReturnView.as_view(), name="api-declaration-return"),
    path(f"{D}/rejection", gate.RejectionView.as_view(), name="api-declaration-rejection"),
    path("batches", batches.BatchesView.as_view(), name="api-batches"),
    path(B, batches.BatchView.as_view(), name="api-batch"),
    path(f"{B}/upstream", batches.UpstreamView.as_view(), name="api-batch-upstream"),
    path(f"{B}/downstream", batches.DownstreamView.as_view(), name="api-batch-downstream"),
    path(f"{B}/events", batches.EventsView.as_view(), name="api-batch-events"),
    path(f"{B}/moves", batches.MovesView.as_view(), name="api-batch-moves"),
    path("vouchers", vouchers.VouchersView.as_view(), name="api-vouchers"),
    path(V, vouchers.VoucherView.as_view(), name="api-voucher"),
    path(f"{V}/void", vouchers.VoidView.as_view(), name="api-voucher-void"),
    path("intakes", intakes.IntakesView.as_view(), name="api-intakes"),
    path("intakes/from-voucher", intakes.TakeInView.as_view(), name="api-take-in"),
    path(I, intakes.IntakeView.as_view(), name="api-intake"),
    path(f"{I}/reversal", intakes.ReversalView.as_view(), name="api-intake-reversal"),
    path("holds", holds.HoldsView.as_view(), name="api-holds"),
    path("holds/<uuid:hold_id>/release", holds.ReleaseView.as_view(), name="api-hold-release"),
    path("rapid-tests", holds.RapidTestsView.as_view(), name="api-rapid-tests"),
    path("codes/<str:code>", codes.CodeView.as_view(), name="api-code"),
    path("recent-buyers", codes.RecentBuyersView.as_view(), name="api-recent-buyers"),
]
