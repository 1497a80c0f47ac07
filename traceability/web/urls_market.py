"""Pages of a market's people and of officers: the gate, silent stalls, tests, pauses."""

from django.urls import path

from traceability.web import declaring_for, gate, holds, market_home, quiet_stalls, rapid_tests, second_looks

urlpatterns = [
    path("desk/market", market_home.market_home, name="market_home"),
    path("desk/market/gate", gate.queue, name="gate"),
    path("desk/market/gate/admit", gate.admit_several, name="gate_admit_several"),
    path("desk/market/gate/<uuid:declaration_id>", gate.declaration, name="gate_declaration"),
    path("desk/market/gate/<uuid:declaration_id>/admit", gate.admit, name="gate_admit"),
    path("desk/market/gate/<uuid:declaration_id>/return", gate.send_back, name="gate_return"),
    path("desk/market/gate/<uuid:declaration_id>/reject", gate.reject, name="gate_reject"),
    path("desk/market/declare", declaring_for.choose, name="declare_for"),
    path("desk/market/declare/<uuid:place_id>", declaring_for.declare, name="declare_for_stall"),
    path("desk/market/second-looks", second_looks.index, name="second_looks"),
    path("desk/market/second-looks/<uuid:declaration_id>", second_looks.confirm, name="second_look"),
    path("desk/market/quiet", quiet_stalls.quiet_stalls, name="quiet_stalls"),
    path("desk/market/quiet.csv", quiet_stalls.export_csv, name="quiet_stalls_export"),
    path("desk/market/quiet/remind", quiet_stalls.send_reminder, name="quiet_stalls_remind"),
    path("desk/tests", rapid_tests.tester_home, name="tester_home"),
    path("desk/tests/new", rapid_tests.new, name="test_new"),
    path("desk/tests/all", rapid_tests.index, name="rapid_tests"),
    path("desk/tests/all.csv", rapid_tests.export_csv, name="rapid_tests_export"),
    path("desk/holds", holds.index, name="holds"),
    path("desk/holds.csv", holds.export_csv, name="holds_export"),
    path("desk/holds/new", holds.new, name="hold_new"),
    path("desk/holds/<uuid:hold_id>", holds.hold, name="hold"),
    path("desk/holds/<uuid:hold_id>/release", holds.release, name="hold_release"),
]
