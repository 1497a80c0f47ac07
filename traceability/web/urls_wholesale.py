"""The wholesaler's desk; batches, declarations and vouchers as everybody sees them who may."""

from django.urls import path

from traceability.web import (
    batches,
    declarations,
    declaring,
    labels,
    paper_photos,
    sales_ledger,
    selling,
    vouchers,
    wholesale_home,
)

urlpatterns = [
    path("desk/wholesale", wholesale_home.home, name="wholesale_home"),
    path("desk/wholesale/declare", declaring.declare, name="declare"),
    path("desk/wholesale/declare/origins", declaring.origins, name="declare_origins"),
    path("desk/declarations", declarations.index, name="declarations"),
    path("desk/declarations.csv", declarations.export_list, name="declarations_export"),
    path("desk/declarations/<uuid:declaration_id>", declarations.declaration, name="declaration"),
    path("desk/declarations/<uuid:declaration_id>/amend", declaring.amend, name="declaration_amend"),
    path("desk/declarations/<uuid:declaration_id>/withdraw", declarations.withdraw, name="declaration_withdraw"),
    path("desk/papers/<uuid:paper_id>", paper_photos.paper_photo, name="paper_photo"),
    path("desk/papers/kept/<str:reference>", paper_photos.kept_photo, name="kept_photo"),
    path("desk/wholesale/sell", selling.sell, name="sell"),
    path("desk/wholesale/sales", sales_ledger.sales, name="sales"),
    path("desk/wholesale/sales.csv", sales_ledger.export_list, {"form": "csv"}, name="sales_csv"),
    path("desk/wholesale/sales.xlsx", sales_ledger.export_list, {"form": "xlsx"}, name="sales_xlsx"),
    path("desk/wholesale/sales.pdf", sales_ledger.paper, name="sales_pdf"),
    path("desk/vouchers/<uuid:voucher_id>", vouchers.voucher, name="voucher"),
    path("desk/vouchers/<uuid:voucher_id>/slip", vouchers.slip, name="voucher_slip"),
    path("desk/vouchers/<uuid:voucher_id>/slip.pdf", vouchers.slip_pdf, name="voucher_slip_pdf"),
    path("desk/vouchers/<uuid:voucher_id>/slip.bin", vouchers.slip_escpos, name="voucher_slip_escpos"),
    path("desk/vouchers/<uuid:voucher_id>/reprint", vouchers.reprint, name="voucher_reprint"),
    path("desk/vouchers/<uuid:voucher_id>/void", vouchers.void, name="voucher_void"),
    path("desk/batches", batches.index, name="batches"),
    path("desk/batches.csv", batches.export_list, name="batches_export"),
    path("desk/batches/<uuid:batch_id>", batches.batch, name="batch"),
    path("desk/batches/<uuid:batch_id>/label", labels.label, name="batch_label"),
    path("desk/batches/<uuid:batch_id>/label.svg", labels.preview, name="batch_label_svg"),
]
