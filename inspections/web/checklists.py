"""检查表: what is looked at. A draft is put right item by item and then published; what is in use is never changed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inspections.models import Checklist, ChecklistItem
from inspections.selectors import checklists as selectors
from inspections.services import checklists
from inspections.web import work_words
from inspections.web.forms_rules import ChecklistForm, HeadForm, ItemForm, item_initial
from inspections.web.work_home import district_at_work
from kit import export
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, form_page, select

ruling = desk("manage_work_rules")


def found_for(request: HttpRequest, checklist_id: uuid.UUID) -> Checklist:
    return selectors.checklist_of(district_at_work(request, "manage_work_rules"), checklist_id)


@require_safe
@ruling
def index(request: HttpRequest) -> HttpResponse:
    found = selectors.current(district_at_work(request, "manage_work_rules"))
    if audience := asked(request, "audience", work_words.AUDIENCES):
        found = found.filter(audience=audience)
    if q := asked(request, "q"):
        found = found.filter(title__icontains=q)
    context = {
        "title": _("Checklists"),
        "lede": _("Tasks already published keep the version they had."),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "placeholder": _("Title"),
        "selects": [select(request, "audience", _("For everybody"), work_words.AUDIENCES)],
        "count": len(found),
        "rows": [
            {"title": each.title, "url": reverse("checklist", args=[each.pk]),
             "meta": _("%(code)s · version %(version)d · %(count)d items, %(keys)d of them key items")
             % {"code": each.code, "version": each.version, "count": each.count, "keys": each.keys},
             "tone": work_words.CHECKLIST_TONES[each.state], "word": work_words.CHECKLIST_STATES[each.state]}
            for each in found
        ],
        "searched": bool(request.GET.get("q") or request.GET.get("audience")),
        "nothing": _("No checklist yet"),
        "steps": [{"url": reverse("checklist_new"), "label": _("New checklist")}],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


@require_safe
@ruling
def checklist(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    found = found_for(request, checklist_id)
    context = {
        "checklist": found,
        "audience": work_words.AUDIENCES[found.audience],
        "tone": work_words.CHECKLIST_TONES[found.state],
        "word": work_words.CHECKLIST_STATES[found.state],
        "is_draft": found.state == Checklist.State.DRAFT,
        "items": [(each, work_words.EVIDENCE[each.evidence]) for each in found.items.all()],
        "versions": [
            (each, work_words.CHECKLIST_STATES[each.state])
            for each in selectors.versions(found.district_id, found.code)
        ],
    }
    return render(request, "inspections/rules/checklist.html", context)


@require_safe
@ruling
def export_items(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    found = found_for(request, checklist_id)
    header = [
        pgettext("of a list", "Code"),
        _("What is looked at"),
        _("Key item"),
        _("Evidence"),
        _("Unit"),
        _("Usual measures"),
    ]
    rows = (
        [
            i.code,
            i.text,
            work_words.ANSWERS[i.key] if i.key else "",
            work_words.EVIDENCE[i.evidence],
            i.unit,
            "、".join(i.measures),
        ]
        for i in found.items.all()
    )
    return export.csv_response(f"checklist-{found.code}-{found.version}.csv", header, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def new(request: HttpRequest) -> HttpResponse:
    district_id = district_at_work(request, "manage_work_rules")
    form = ChecklistForm(request.POST or None)
    names = ("code", "audience", "title")
    made = carried_out(
        form,
        lambda data: checklists.start_checklist(
            request.actor, district_id=district_id, **{name: data[name] for name in names}
        ),
    )
    if made:
        return see_other("checklist", made.pk)
    return form_page(request, "registry/form.html", form, title=_("New checklist"), up=reverse("checklists"))


@require_POST
@ruling
def draft(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    made = checklists.draft_from(request.actor, checklist=found_for(request, checklist_id))
    return see_other("checklist", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def describe(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    found = found_for(request, checklist_id)
    form = HeadForm(request.POST or None, initial={"title": found.title, "min_photos": found.min_photos})
    kept = carried_out(
        form,
        lambda data: checklists.describe(
            request.actor, checklist=found, title=data["title"], min_photos=data["min_photos"]
        ),
    )
    if kept:
        return see_other("checklist", found.pk)
    return form_page(request, "registry/form.html", form, title=_("Title and photos"), up=up(found))


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def add(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    found = found_for(request, checklist_id)
    form = ItemForm(request.POST or None)
    if carried_out(form, lambda data: checklists.add_item(request.actor, checklist=found, item=form.item())):
        return see_other("checklist", found.pk)
    return form_page(request, "registry/form.html", form, title=_("New item"), kicker=found.title, up=up(found))


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def item(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    found = item_for(request, item_id)
    form = ItemForm(request.POST or None, initial=item_initial(found))
    if carried_out(form, lambda data: checklists.change_item(request.actor, item=found, to=form.item())):
        return see_other("checklist", found.checklist_id)
    return form_page(
        request, "registry/form.html", form, title=found.code, kicker=found.checklist.title, up=up(found.checklist)
    )


@require_POST
@ruling
def move(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    found = item_for(request, item_id)
    checklists.move_item(request.actor, item=found, up=request.POST.get("to") == "up")
    return see_other("checklist", found.checklist_id)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def remove(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    found = item_for(request, item_id)
    if request.method == "POST":
        checklists.remove_item(request.actor, item=found)
        return see_other("checklist", found.checklist_id)
    context = {
        "title": _("Remove %(code)s from the draft?") % {"code": found.code},
        "text": found.text,
        "tone": "bad",
        "submit": _("Remove it"),
        "up": up(found.checklist),
    }
    return render(request, "registry/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@ruling
def publish(request: HttpRequest, checklist_id: uuid.UUID) -> HttpResponse:
    found = found_for(request, checklist_id)
    if request.method == "POST":
        checklists.publish_checklist(request.actor, checklist=found)
        messages.success(request, _("In use from now on for every new task."))
        return see_other("checklist", found.pk)
    context = {
        "title": _("Use version %(n)d of %(title)s?") % {"n": found.version, "title": found.title},
        "text": _("New tasks are published with it; the version before it retires. It can no longer be changed."),
        "consequences": [(_("Items"), found.count), (_("Key items"), found.keys)],
        "submit": _("Use it"),
        "up": up(found),
    }
    return render(request, "registry/confirm.html", context)


def item_for(request: HttpRequest, item_id: uuid.UUID) -> ChecklistItem:
    district_id = district_at_work(request, "manage_work_rules")
    found = ChecklistItem.objects.filter(district_id=district_id, pk=item_id).select_related("checklist").first()
    if found is None:
        raise NotFound
    return found


def up(found: Checklist) -> str:
    return reverse("checklist", args=[found.pk])
