"""The report of a recall as PDF, Word and Excel. In Chinese, as it goes to the authority."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kit import clock, export
from registry.web.doors import desk
from traceability.models import Recall, RecallNotice
from traceability.print import recall_report as paper
from traceability.print import words
from traceability.selectors import recalls as selectors

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[Callable[[paper.RecallReport], bytes], str]] = {
    "pdf": (paper.report_pdf, "application/pdf"),
    "docx": (paper.report_docx, DOCX),
    "xlsx": (paper.report_xlsx, export.XLSX),
}
STEPS = {
    "opened": "启动召回,通知持有者",
    "reminded": "催办未回执的持有者",
    "closed": "终结召回",
    "cancelled": "撤销召回",
}


@require_safe
@desk("view_recalls")
def report(request: HttpRequest, recall_id: uuid.UUID, form: str) -> HttpResponse:
    found = selectors.recall_for(request.actor, recall_id)
    make, content_type = FORMS[form]
    name = f"召回报告-{found.product.name}-{found.opened_at:%Y%m%d}.{form}"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": export.PRIVATE,
    }
    return HttpResponse(make(report_of(found, clock.now())), content_type=content_type, headers=headers)


def report_of(recall: Recall, now: dt.datetime) -> paper.RecallReport:
    kilos = selectors.kilos_of(recall)
    return paper.RecallReport(
        title=f"{recall.product.name}召回{'演练' if recall.drill else ''}报告",
        facts=tuple(facts_of(recall)),
        kilos=(
            ("起点批次进货(含超售)", kilos["start_kg"]),
            ("在库(含下架封存)", kilos["on_hand_kg"]),
            ("已售、买方未入账", kilos["waiting_kg"]),
            ("售给散客", kilos["walk_in_kg"]),
            ("退回、销毁、损耗", kilos["gone_kg"]),
            ("推定已售(零售、已过保质期)", kilos["presumed_sold_kg"]),
            ("未查明", kilos["unaccounted_kg"]),
        ),
        effect=tuple(effect_of(recall, now)),
        holders=tuple(holders_of(recall)),
        steps=tuple(
            (words.moment(step.at), STEPS[step.kind], step.by.name if step.by else "系统", step.text)
            for step in recall.steps.select_related("by").order_by("at", "pk")
        ),
        printed=words.moment(now),
    )


def facts_of(recall: Recall):
    yield "召回者", recall.organisation.name
    yield "场所", f"{recall.place.market.name} {recall.place}" if recall.place.market_id else str(recall.place)
    yield "品种", recall.product.name
    yield "类别", recall.get_kind_display() + ("(演练)" if recall.drill else "")
    yield "原因", recall.reason
    yield "状态", recall.get_state_display()
    yield "启动", words.moment(recall.opened_at)
    yield "启动人", recall.opened_by.name
    yield "范围测算", f"{recall.scope_ms} 毫秒"
    yield "终结", words.moment(recall.closed_at) if recall.closed_at else "—"
    if recall.refusal:
        yield "曾拒绝", recall.refusal
        yield "拒绝时间", words.moment(recall.refused_at)
    if recall.conclusion:
        yield "总结", recall.conclusion
        yield "终结人", recall.closed_by.name if recall.closed_by else "—"


def effect_of(recall: Recall, now: dt.datetime):
    effect = selectors.effect_of(recall, now)
    yield "持有者", f"{effect.holders} 户"
    yield "应在库", words.kilos(effect.expected_kg)
    if recall.drill:
        return
    yield "已回执", f"{effect.answered} 户({effect.answered_percent}%)"
    yield "查到", words.kilos(effect.found_kg)
    yield "查到/应在库", "—" if effect.found_percent is None else f"{effect.found_percent}%"
    yield "历时", f"{effect.hours} 小时"


def holders_of(recall: Recall):
    notices = list(selectors.holders_of(recall))
    places = selectors.places_of(notices)
    for notice in notices:
        place = places.get(notice.place_id)
        yield paper.HolderRow(
            name=notice.holder_name,
            where=(place.market.name if place.market_id else place.town.name) if place else "散客",
            received_kg=notice.received_kg,
            expected_kg=notice.expected_kg,
            found_kg=notice.found_kg,
            done=notice.get_done_display() if notice.state == RecallNotice.State.ACKNOWLEDGED else "未回执",
            answered_at=words.moment(notice.acknowledged_at) if notice.acknowledged_at else "",
            note=("代录 " if notice.on_behalf else "") + notice.answer,
        )
