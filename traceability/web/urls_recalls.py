"""Addresses of recalls and lineages."""

from django.urls import path, register_converter

from traceability.web import lineage, recall_answers, recall_opening, recall_reports, recalls


class ReportForm:
    regex = "pdf|docx|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ReportForm, "report_form")

urlpatterns = [
    path("desk/batches/<uuid:batch_id>/lineage", lineage.lineage, name="lineage"),
    path("desk/batches/<uuid:batch_id>/lineage.csv", lineage.export_csv, name="lineage_export"),
    path("desk/recalls", recalls.index, name="recalls"),
    path("desk/recalls.csv", recalls.export_list, name="recalls_export"),
    path("desk/recalls/new", recall_opening.new, name="recall_new"),
    path("desk/recalls/asked/<uuid:request_id>", recall_opening.request_page, name="recall_request"),
    path("desk/recalls/asked/<uuid:request_id>/refuse", recall_opening.refuse, name="recall_refuse"),
    path("desk/recalls/asked/<uuid:request_id>/order", recall_opening.order, name="recall_order"),
    path("desk/recalls/notices/<uuid:notice_id>", recall_answers.notice, name="recall_notice"),
    path("desk/recalls/<uuid:recall_id>", recalls.recall, name="recall"),
    path("desk/recalls/<uuid:recall_id>/holders.csv", recalls.export_holders, name="recall_holders_export"),
    path("desk/recalls/<uuid:recall_id>/answer", recall_answers.answer, name="recall_answer"),
    path("desk/recalls/<uuid:recall_id>/remind", recalls.remind, name="recall_remind"),
    path("desk/recalls/<uuid:recall_id>/close", recalls.close, name="recall_close"),
    path("desk/recalls/<uuid:recall_id>/cancel", recalls.cancel, name="recall_cancel"),
    path("desk/recalls/<uuid:recall_id>/report.<report_form:form>", recall_reports.report, name="recall_report"),
]
