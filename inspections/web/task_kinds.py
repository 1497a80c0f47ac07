"""任务类型 and prices: what is in force, what is planned; an edit is the next version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import TaskKind
from inspections.selectors import checklists, training
from inspections.selectors import task_kinds as selectors
from inspections.services.task_kinds import set_kind
from inspections.web import work_words
from inspections.web.forms_rules import KindForm, kind_initial
from inspections.web.work_home import district_at_work
from kit import clock, export, money
from kit.refusals import NotFound
from kit.templatetags.show import fen
from registry.web.doors import desk, see_other
from registry.web.lists import carried_out, form_page

ruling = desk("manage_work_rules")


@require_safe
@ruling
def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "title": _("Kinds of task and prices"),
        "lede": _("The price of a task is fixed when it is published."),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "rows": [row(each, now) for each in selectors.latest(district_at_work(request, "manage_work_rules"))],
        "export_url": reverse("task_kinds_export"),
        "nothing": _("No kind of task yet"),
        "steps": [{"url": reverse("task_kind_new"), "label": _("New kind")}],
    }
    return render(request, "inspections/list.html", context)


def row(kind: TaskKind, now) -> dict[str, Any]:
    found = {
        "title": kind.name,
        "url": reverse("task_kind", args=[kind.code]),
        "meta": _("%(group)s · within %(hours)d h · %(minutes)d min · from level %(level)d")
        % {"group": work_words.GROUPS[kind.group], "hours": kind.hours, "minutes": kind.minutes,
           "level": kind.min_level},
        "figure": fen(kind.base_fen),
    }  # fmt: skip
    if kind.retired:
        return found | {"tone": "none", "word": _("no longer published")}
    if kind.effective_from > now:
        return found | {"tone": "due", "word": _("from %(day)s") % {"day": kind.effective_from.date().isoformat()}}
    return found


@require_safe
@ruling
def export_list(request: HttpRequest) -> HttpResponse:
    """Every version, so that a price of the past can be looked up."""
    district_id = district_at_work(request, "manage_work_rules")
    header = [pgettext("of a list", "Code"), _("Version"), _("Name"), _("Group"), _("Price in yuan"),
              _("Unseen, in yuan"), _("Hours"), _("Minutes"), _("From level"), _("Course"), _("Checklists"),
              _("In force from")]  # fmt: skip
    rows = (
        [k.code, k.version, k.name, work_words.GROUPS[k.group], money.yuan(k.base_fen), money.yuan(k.unseen_fen),
         k.hours, k.minutes, k.min_level, k.course_code, "、".join(k.checklist_codes), k.effective_from]
        for k in TaskKind.objects.filter(district_id=district_id).order_by("code", "version")
    )  # fmt: skip
    return export.csv_response("task-kinds.csv", header, rows)


@require_safe
@ruling
def kind(request: HttpRequest, code: str) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    found = list(selectors.versions(district_id, code))
    if not found:
        raise NotFound
    now = clock.now()
    context = {
        "kind": found[0],
        "group": work_words.GROUPS[found[0].group],
        "who": [work_words.PEOPLE_KINDS[each] for each in found[0].kinds],
        "course": training.in_use(district_id).filter(code=found[0].course_code).first(),
        "checklists": checklists.in_use(district_id).filter(code__in=found[0].checklist_codes),
        "versions": [(each, each.effective_from > now) for each in found],
    }
    return render(request, "inspections/rules/kind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def new(request: HttpRequest) -> HttpResponse:
    return write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def edit(request: HttpRequest, code: str) -> HttpResponse:
    present = selectors.versions(district_at_work(request, "manage_work_rules"), code).first()
    if present is None:
        raise NotFound
    return write(request, present)


def write(request: HttpRequest, present: TaskKind | None) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    form = KindForm(
        request.POST or None, known=present is not None, courses=training.in_use(district_id),
        checklists=checklists.in_use(district_id), initial=kind_initial(present) if present else {},
    )  # fmt: skip
    made = carried_out(
        form,
        lambda data: set_kind(
            request.actor, district_id=district_id, code=present.code if present else data["code"].strip(),
            terms=form.terms(present), effective_from=form.begins(), client_key=data["client_key"],
        ),
    )  # fmt: skip
    if made:
        messages.success(request, _("Kept. Tasks already published keep their price."))
        return see_other("task_kind", made.code)
    title = present.name if present else _("New kind")
    up = reverse("task_kind", args=[present.code]) if present else reverse("task_kinds")
    return form_page(request, "registry/form.html", form, title=title, up=up, submit=_("Keep as a new version"))
