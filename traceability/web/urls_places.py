"""Pages of whoever keeps a stall or a store: what is taken in, what is on hand."""

from django.urls import path

from traceability.web import entering, intakes, on_sale, purchases, stall_home, taking_in, write_offs

urlpatterns = [
    path("desk/stall", stall_home.stall_home, name="stall_home"),
    path("desk/take-in/<str:token>", taking_in.take_in, name="take_in"),
    path("desk/stall/intakes", intakes.index, name="intakes"),
    path("desk/stall/intakes.csv", intakes.export_csv, name="intakes_export"),
    path("desk/stall/intakes.xlsx", intakes.export_xlsx, name="intakes_workbook"),
    path("desk/stall/intakes.pdf", intakes.ledger_pdf, name="intakes_ledger"),
    path("desk/stall/intakes/new", entering.new, name="intake_new"),
    path("desk/stall/intakes/again", entering.again, name="intake_again"),
    path("desk/intakes/<uuid:intake_id>", intakes.intake, name="intake"),
    path("desk/intakes/<uuid:intake_id>/reverse", intakes.reverse_entry, name="intake_reverse"),
    path("desk/stall/on-sale", on_sale.on_sale, name="on_sale"),
    path("desk/stall/on-sale.csv", on_sale.export_csv, name="on_sale_export"),
    path("desk/batches/<uuid:batch_id>/write-off", write_offs.write_off, name="write_off"),
    path("desk/purchases", purchases.purchases, name="purchases"),
    path("desk/purchases.csv", purchases.export_csv, name="purchases_export"),
]
