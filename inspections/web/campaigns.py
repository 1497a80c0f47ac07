"""专项行动 and plans: choose the places, see how many and what it costs, then say yes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inspections.models import Campaign, Grid
from inspections.refusals import BudgetSpent, CostChanged, NoPlaces, TooMany
from inspections.selectors import campaigns as selectors
from inspections.services import campaigns
from inspections.web import work_words
from inspections.web.forms_publishing import CampaignForm
from inspections.web.publishing import choices, own_towns
from inspections.web.work_home import district_at_work, may
from kit import clock, export
from kit.refusals import Invalid
from registry.models import Market
from registry.permissions import VERBS
from registry.web.doors import add_refusal, desk, new_client_key, see_other
from registry.web.lists import asked, export_url, page_of, select


def asked_for(request: HttpRequest):
    found = selectors.campaigns_for(request.actor)
    if state := asked(request, "state", work_words.CAMPAIGN_STATES):
        found = found.filter(state=state)
    q = asked(request, "q")
    return found.filter(title__icontains=q) if q else found


@require_safe
@desk("supervise_work")
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, asked_for(request))
    context = {
        "title": _("Campaigns and plans"),
        "up": reverse("work_home"),
        "up_label": _("Co-management"),
        "placeholder": _("Title"),
        "selects": [select(request, "state", _("Running and ended"), work_words.CAMPAIGN_STATES)],
        "page": page,
        "count": page.paginator.count,
        "export_url": export_url(request, "campaigns_export"),
        "rows": [row(each) for each in page],
        "searched": bool(request.GET.get("q") or request.GET.get("state")),
        "nothing": _("No campaign yet"),
        "nothing_text": _("A campaign publishes a task at every place you choose; a plan does so again and again."),
        "steps": [{"url": reverse("campaign_new"), "label": _("Campaign or plan")}]
        if may(request, "publish_work") else [],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


def row(each: Campaign) -> dict[str, Any]:
    often = _("every %(n)d days") % {"n": each.every_days} if each.every_days else _("once")
    ended = each.state == Campaign.State.ENDED
    return {
        "title": each.title,
        "url": reverse("campaign", args=[each.pk]),
        "meta": " · ".join(filter(None, (each.kind.name, each.town.name if each.town else "", often))),
        "tone": "none",
        "word": work_words.CAMPAIGN_STATES[each.state] if ended else "",
        "note": _("%(done)d of %(made)d accepted") % {"done": each.done, "made": each.made},
    }


@require_safe
@desk("supervise_work")
def export_list(request: HttpRequest) -> HttpResponse:
    header = [_("Title"), _("Kind"), _("Town"), _("Every how many days"), _("Next on"), _("State"), _("Published"),
              _("Open to take"), _("In hand"), _("Handed in"), _("Accepted")]  # fmt: skip
    rows = (
        [c.title, c.kind.name, c.town.name if c.town else "", c.every_days or "", c.next_on or "",
         work_words.CAMPAIGN_STATES[c.state], c.made, c.waiting, c.going, c.handed_in, c.done]
        for c in asked_for(request)
    )  # fmt: skip
    return export.csv_response("campaigns.csv", header, rows)


@require_safe
@desk("supervise_work")
def campaign(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    found = selectors.campaign_for(request.actor, campaign_id)
    listed = f"{reverse('work_tasks')}?campaign={found.pk}"
    context = {
        "campaign": found,
        "stats": [
            {"label": _("Published"), "figure": found.made, "url": listed},
            {"label": _("Open to take"), "figure": found.waiting, "url": f"{listed}&state=open"},
            {"label": _("In hand"), "figure": found.going},
            {"label": _("To be reviewed"), "figure": found.handed_in, "url": f"{listed}&state=submitted"},
            {"label": _("Accepted"), "figure": found.done, "url": f"{listed}&state=accepted"},
        ],
        "state": work_words.CAMPAIGN_STATES[found.state],
        "grade": work_words.GRADES.get(found.terms.get("grade", ""), ""),
        "is_running": found.state == Campaign.State.RUNNING,
        "may_end": found.state == Campaign.State.RUNNING and may(request, "publish_work"),
    }
    return render(request, "inspections/publishing/campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("publish_work")
def new(request: HttpRequest) -> HttpResponse:
    """The choice is sent by GET and stays in the address; what it comes to stands under it, with the yes."""
    district_id = district_at_work(request, "publish_work")
    sent = request.POST or asked_about(request)
    form = CampaignForm(sent, **campaign_choices(request, district_id))
    context: dict[str, Any] = {"form": form, "client_key": new_client_key()}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("campaign", started(request, form).pk)
        except (BudgetSpent, CostChanged, NoPlaces, TooMany) as refusal:
            context["refused"], status = refusal.words(), refusal.status
        except Invalid as refusal:
            add_refusal(form, refusal)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        context["preview"] = selectors.preview(request.actor, data["kind"], form.scope(), form.priced_by(), clock.now())
        context["left_fen"] = data["budget"].cap_fen - data["budget"].reserved_fen if data["budget"] else None
        context["short"] = data["budget"] is not None and context["preview"].cost_fen > context["left_fen"]
        context["again"] = [(name, value) for name, value in sent.items() if name in form.fields]
    return render(request, "inspections/publishing/campaign_new.html", context, status=422 if form.errors else status)


def asked_about(request: HttpRequest) -> QueryDict | None:
    """The choice in the address, which needs no key: looking at figures changes nothing."""
    if "kind" not in request.GET:
        return None
    sent = request.GET.copy()
    sent["client_key"] = str(new_client_key())
    return sent


def started(request: HttpRequest, form: CampaignForm) -> Campaign:
    data, seen = form.cleaned_data, request.POST.get("seen_fen", "")
    made = campaigns.start_campaign(
        request.actor, title=data["title"], kind=data["kind"], scope=form.scope(), terms=form.priced_by(),
        budget=data["budget"], client_key=data["client_key"], most_fen=int(seen) if seen.isdecimal() else None,
        **form.timing(),
    )  # fmt: skip
    count = made.tasks.count()
    messages.success(request, ngettext("%(n)d task is published.", "%(n)d tasks are published.", count) % {"n": count})
    return made


def campaign_choices(request: HttpRequest, district_id: str) -> dict[str, Any]:
    scopes = request.actor.with_role(*VERBS["publish_work"])
    towns = own_towns(request, district_id)
    return choices(district_id) | {
        "towns": towns,
        "markets": Market.objects.visible_to(request.actor).filter(
            district_id=district_id, active=True, town__in=towns
        ),
        "grids": Grid.objects.filter(district_id=district_id, town__in=towns).order_by("town", "name"),
        "whole_district": any(scope.town_id is None for scope in scopes),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk("publish_work")
def end(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    found = selectors.campaign_for(request.actor, campaign_id)
    if request.method == "POST":
        count = campaigns.end_campaign(request.actor, campaign=found)
        messages.success(request, _("Ended. Tasks taken back: %(n)d.") % {"n": count})
        return see_other("campaign", found.pk)
    context = {
        "title": _("End %(title)s?") % {"title": found.title},
        "text": _("No further rounds. Tasks nobody has taken are cancelled; who has one in hand finishes it."),
        "tone": "bad",
        "consequences": [(_("Tasks cancelled"), found.waiting), (_("Finished by who holds them"), found.going)],
        "submit": _("End it"),
        "up": reverse("campaign", args=[found.pk]),
    }
    return render(request, "registry/confirm.html", context)
