"""Evaluation of rapid tests (检测倒查), blind samples, sampling plans, public boards."""

from django.urls import path, re_path

from traceability.web import back_traces, blind, board, evaluation, evaluation_report, sampling

FILE = r"(?P<form>csv|xlsx)"
BY = r"(?P<by>points|markets|suppliers|bases)"

urlpatterns = [
    path("desk/evaluation", evaluation.overview, name="evaluation"),
    re_path(r"^desk/evaluation/report\.(?P<form>pdf|csv|xlsx)$", evaluation_report.report, name="evaluation_report"),
    re_path(rf"^desk/evaluation/by/{BY}$", evaluation.table, name="evaluation_table"),
    re_path(rf"^desk/evaluation/by/{BY}\.{FILE}$", evaluation.export_table, name="evaluation_table_export"),
    path("desk/evaluation/points/<uuid:point_id>", evaluation.point, name="evaluation_point"),
    path("desk/evaluation/traces", back_traces.traces, name="evaluation_traces"),
    path("desk/evaluation/traces.csv", back_traces.export_traces, name="evaluation_traces_export"),
    path("desk/evaluation/traces/<uuid:trace_id>", back_traces.trace, name="evaluation_trace"),
    path("desk/evaluation/blind", blind.index, name="blind_samples"),
    path("desk/evaluation/blind.csv", blind.export_csv, name="blind_samples_export"),
    path("desk/evaluation/blind/new", blind.new, name="blind_sample_new"),
    path("desk/evaluation/blind/by-rule", blind.plan_by_rule, name="blind_samples_by_rule"),
    path("desk/evaluation/blind/<uuid:blind_id>", blind.blind_sample, name="blind_sample"),
    path("desk/evaluation/blind/<uuid:blind_id>/send", blind.send, name="blind_sample_send"),
    path("desk/evaluation/blind/<uuid:blind_id>/call-off", blind.call_off, name="blind_sample_call_off"),
    path("desk/sampling", sampling.overview, name="sampling"),
    re_path(rf"^desk/sampling\.{FILE}$", sampling.export_plans, name="sampling_export"),
    path("desk/sampling/make", sampling.make, name="sampling_make"),
    path("desk/tests/plan", sampling.plan, name="sampling_plan"),
    path("desk/market/board", board.sign, name="board_sign"),
    path("board", board.district, name="district_board"),
    path("board.json", board.district_file, name="district_board_json"),
    path("board/<uuid:market_id>", board.market, name="board"),
    path("board/<uuid:market_id>.json", board.market_file, name="board_json"),
    path("board/<uuid:market_id>.svg", board.code, name="board_code"),
]
