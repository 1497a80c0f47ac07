"""培训课程 as officers keep them: versions, who has passed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inspections.selectors import training as selectors
from inspections.services.courses import publish_course
from inspections.web import work_words
from inspections.web.forms_training import CourseForm, initial_of
from inspections.web.work_home import district_at_work, may
from kit import export
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, form_page, page_of, select, today

WHICH = {"passed": gettext_lazy("Passed"), "failed": gettext_lazy("Not passed")}
ruling = desk("manage_work_rules")


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    found = selectors.with_passes(selectors.in_use(district_at_work(request)), today())
    writes = may(request, "manage_work_rules")
    context = {
        "title": _("Training"),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "rows": [
            {"title": each.title, "url": reverse("course", args=[each.code]),
             "meta": _("%(code)s · version %(version)d") % {"code": each.code, "version": each.version},
             "note": ngettext("%(n)d person has passed", "%(n)d people have passed", each.passed or 0)
             % {"n": each.passed or 0}}
            for each in found
        ],
        "nothing": _("No course yet"),
        "nothing_text": _("A course is a text to read and a short exam."),
        "steps": [{"url": reverse("course_new"), "label": _("New course")}] if writes else [],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


@require_safe
@desk("supervise_work")
def course(request: HttpRequest, code: str) -> HttpResponse:
    district_id = district_at_work(request)
    found = selectors.course_of(district_id, code)
    page = page_of(request, results_asked_for(request, district_id, code))
    context = {
        "course": found,
        "versions": selectors.versions(district_id, code),
        "page": page,
        "count": page.paginator.count,
        "selects": [select(request, "which", _("Passed or not"), WHICH)],
        "export_url": f"{reverse('course_export', args=[code])}?{request.GET.urlencode()}",
        "may_write": may(request, "manage_work_rules"),
    }
    return render(request, "inspections/training/kept.html", context)


def results_asked_for(request: HttpRequest, district_id: str, code: str):
    return selectors.results_for(
        request.actor, district_id, code, q=asked(request, "q"), which=asked(request, "which", WHICH)
    )


@require_safe
@desk("supervise_work")
def export_results(request: HttpRequest, code: str) -> HttpResponse:
    district_id = district_at_work(request)
    selectors.course_of(district_id, code)
    header = [_("Full name"), _("Town"), _("Version"), _("Points"), _("Passed"), _("Taken at"), _("Valid until")]
    rows = (
        [r.coordinator.account.name, r.coordinator.town.name if r.coordinator.town else "", r.course.version, r.score,
         work_words.ANSWERS[r.passed], r.taken_at, r.valid_until if r.passed else ""]
        for r in results_asked_for(request, district_id, code)
    )  # fmt: skip
    return export.csv_response(f"training-{code}.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def new(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    form = CourseForm(request.POST or None, known=False)
    made = carried_out(
        form,
        lambda data: publish_course(
            request.actor, district_id=district_id, code=data["code"], content=form.content(),
            client_key=data["client_key"],
        ),
    )  # fmt: skip
    if made:
        messages.success(request, _("The course can be taken from now on."))
        return see_other("course", made.code)
    return form_page(request, "registry/form.html", form, title=_("New course"), up=reverse("courses"))


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def edit(request: HttpRequest, code: str) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    found = selectors.course_of(district_id, code)
    form = CourseForm(request.POST or None, known=True, initial=initial_of(found))
    made = carried_out(
        form,
        lambda data: publish_course(
            request.actor, district_id=district_id, code=code, content=form.content(), client_key=data["client_key"]
        ),
    )
    if made:
        messages.success(request, _("Version %(n)d is in use. Passes keep their day.") % {"n": made.version})
        return see_other("course", code)
    lede = _("This makes the next version. Who has passed need not take it again before the pass ends.")
    return form_page(
        request, "registry/form.html", form, title=found.title, lede=lede, up=reverse("course", args=[code]),
        submit=_("Publish the new version"),
    )  # fmt: skip
