"""阳性处置: what waits for whom, worst first; one case with its clocks, its story and its photos."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from kit import clock, codes, export, images
from kit.refusals import NotFound
from registry.web.doors import desk
from registry.web.lists import asked, export_url, page_of, select
from traceability import case_rules
from traceability.case_rules import Side, Step
from traceability.models import PositiveCase
from traceability.selectors import cases as selectors
from traceability.services.case_disposal import left_kg
from traceability.web import case_words
from traceability.web.paper_photos import picture, private
from traceability.web.periods import asked_period, days_select

SHOWN = {
    "mine": pgettext_lazy("positives", "Due from me"),
    "open": pgettext_lazy("positives", "Open"),
    "overdue": pgettext_lazy("positives", "Overdue"),
    "closed": pgettext_lazy("positives", "Closed"),
}
PAGES = {
    Step.NOTIFY: "case_notify",
    Step.REPEAT: "case_repeat",
    Step.CLEAR: "case_clear",
    Step.ACCEPT: "case_answer",
    Step.OBJECT: "case_answer",
    Step.SEAL: "case_seal",
    Step.LAB: "case_lab",
    Step.DISPOSE: "case_dispose",
    Step.REPORT: "case_report",
    Step.RESAMPLE: "case_resample",
    Step.CLOSE: "case_close",
}
"""The page of each step."""


@require_safe
@desk("view_goods")
def index(request: HttpRequest) -> HttpResponse:
    every = selectors.cases_for(request.actor, clock.now())
    mine = every.filter(mine=True).count()
    found, show = asked_for(request, every, has_mine=bool(mine))
    page = page_of(request, found)
    now = clock.now()
    context = {
        "page": page,
        "rows": [(case, due_side(case, now)) for case in page],
        "count": page.paginator.count,
        "show": show,
        "mine": mine,
        "chips": [
            {"label": label, "url": f"?show={key}", "active": key == show, "count": mine if key == "mine" else None}
            for key, label in SHOWN.items()
        ],
        "keep": [("show", show)],
        "selects": [
            days_select(request, _("All days")),
            select(request, "branch", _("All kinds of test"), case_words.BRANCHES),
            select(request, "state", _("All states"), case_words.STATES),
        ],
        "export_url": export_url(request, "cases_export"),
        "searched": any(request.GET.get(name) for name in ("q", "branch", "state", "days")),
    }
    return render(request, "traceability/cases/index.html", context)


def due_note(request: HttpRequest) -> dict[str, object]:
    """For a first page: how many positives wait for the reader, and the most urgent (`cases/_due.html`)."""
    waiting = selectors.waiting_for(request.actor, clock.now())
    count = waiting.count()
    return {"cases_due": count, "first_case": waiting.first() if count else None}


def due_side(case: PositiveCase, now) -> Side | None:
    return case_rules.due_from(selectors.standing(case), now)


def asked_for(request: HttpRequest, every, *, has_mine: bool):
    """The list as asked for; at first what is due from oneself, or all that is open where nothing is."""
    show = asked(request, "show", SHOWN) or ("mine" if has_mine else "open")
    period = asked_period(request, clock.now().date())
    by = selectors.Narrowing(
        q=asked(request, "q"),
        show=show,
        branch=asked(request, "branch", case_words.BRANCHES),
        state=asked(request, "state", case_words.STATES),
        since=period.since,
        until=period.until,
    )
    return selectors.narrowed(every, by), show


@require_safe
@desk("view_goods")
def export_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Found at"), _("Product"), _("Item"), _("Where"), _("Market"), _("Whose"), _("Kind of test"),
              _("State"), _("Due"), _("Confirmed by a second strip"), _("Told at"), _("Answered at"),
              _("Disposed of at"), _("Reported to"), _("Closed at"), _("Outcome"), _("Batch")]  # fmt: skip
    every = selectors.cases_for(request.actor, clock.now())
    found, _show = asked_for(request, every, has_mine=every.filter(mine=True).exists())
    return export.csv_response("positives.csv", header, lines(found))


def lines(cases) -> Iterator[list[object]]:
    said = {None: "", True: _("yes"), False: _("no")}
    for case in cases.iterator(chunk_size=500):
        yield [
            case.opened_at, case.product.name, case.item.name, str(case.place),
            case.place.market.name if case.place.market_id else "", case.organisation.name,
            case_words.BRANCHES[case.branch], case_words.STATES[case.state], case.due_at, said[case.confirmed],
            case.notified_at, case.decided_at, case.disposed_at, case.reported_to, case.closed_at,
            case_words.OUTCOMES.get(case.outcome, ""), codes.grouped(case.batch.typed_code) if case.batch else "",
        ]  # fmt: skip


@require_safe
@desk("view_goods")
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    found = selectors.case_for(request.actor, case_id)
    now = clock.now()
    turns = selectors.turns_for(request.actor, found, now)
    sides = selectors.sides_of(request.actor, found)
    context = {
        "case": found,
        "now": now,
        "state": case_rules.state_now(selectors.standing(found), now),
        "holder": Side.HOLDER in sides,
        "due": [(turn, turn.sides[0]) for turn in one_a_page(case_rules.due(selectors.standing(found), now))],
        "buttons": buttons(found, turns),
        "clocks": clocks(found),
        "named": case_rules.may_name(selectors.standing(found), now),
        "tests": selectors.repeats_of(found),
        "steps": found.steps.select_related("by").filter(district_id=found.district_id),
        "photos": found.photos.filter(district_id=found.district_id).order_by("added_at"),
        "reports": found.lab_reports.filter(district_id=found.district_id).order_by("recorded_at"),
        "disposals": found.disposals.filter(district_id=found.district_id).order_by("recorded_at"),
        "left_kg": left_kg(found.batch) if found.batch else None,
    }
    return render(request, "traceability/cases/case.html", context)


def one_a_page(turns) -> list[case_rules.Turn]:
    """Steps that share a page, once."""
    return list({PAGES[turn.step]: turn for turn in reversed(turns)}.values())[::-1]


def buttons(found: PositiveCase, turns) -> list[dict[str, object]]:
    """What this person may do; what is due from him is the primary one."""
    return [
        {"label": case_words.STEPS[turn.step], "url": reverse(PAGES[turn.step], args=[found.pk]), "must": turn.must}
        for turn in one_a_page(turns)
    ]


def clocks(found: PositiveCase) -> list[tuple[str, object, object]]:
    """Each deadline that was set: its name, when it is, when it was met."""
    every = [
        (_("Tell the holder"), found.notify_due_at, found.notified_at),
        (_("Objection until"), found.objection_due_at, found.decided_at),
        (_("Dispose of the goods by"), found.disposal_due_at, found.disposed_at),
    ]
    return [(label, by, met) for label, by, met in every if by]


@require_safe
@desk("view_goods")
def photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """A photo of a case, for those who may see the case; `?small` for a list."""
    found = selectors.photo_for(request.actor, photo_id)
    if not default_storage.exists(found.image):
        raise NotFound
    if "small" in request.GET:
        with default_storage.open(found.image) as file:
            return picture(images.thumbnail(file.read()))
    return private(FileResponse(default_storage.open(found.image), content_type=images.CONTENT_TYPE))
