"""What pages on which a result is entered share: the choices, the question before a positive, the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import reswap, retarget

from kit import clock, problems
from kit.refusals import Invalid
from registry.models import Product
from registry.web.doors import add_refusal
from traceability.models import Batch, RapidTest, Sample, TestItem, TestKit, TestPoint
from traceability.refusals import KitExpired
from traceability.selectors.standards import items_for, methods_in_force
from traceability.web.forms_results import ResultForm
from traceability.web.what_stops import Intended, confirmation

NOT_KEPT = {"csrfmiddlewaretoken", "confirmed", "photo", "kept"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a result is about: a sample that was taken, or goods of which one is being taken now."""

    point: TestPoint
    purpose: str
    product: Product
    batch: Batch | None
    repeats: RapidTest | None = None

    @classmethod
    def of(cls, sample: Sample, repeats: RapidTest | None = None) -> Subject:
        return cls(
            point=sample.point, purpose=sample.purpose, product=sample.product, batch=sample.batch, repeats=repeats
        )

    @property
    def items(self) -> list[TestItem]:
        return [self.repeats.item] if self.repeats else items_for(self.product)


def result_form(request: HttpRequest, subject: Subject, **initial: Any) -> ResultForm:
    """The form, with the kits and methods of its items; a repeat starts with the item of the first strip."""
    items = subject.items
    today = clock.now().date()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return ResultForm(
        *sent,
        actor=request.actor,
        items=items,
        kits=kits_at(subject.point, items),
        methods=[method for item in items for method in methods_in_force(item, today)],
        initial={"item": items[0].code if items else "", "unit": usual_unit(items[:1], today)} | initial,
    )


def kits_at(point: TestPoint, items: list[TestItem]) -> list[TestKit]:
    found = TestKit.objects.filter(
        district_id=point.district_id, point=point, state=TestKit.State.IN_USE, item__in=items
    )
    return list(found.select_related("item").order_by("-expires_on", "batch_no"))


def usual_unit(items: list[TestItem], day: dt.date) -> str:
    methods = [method for item in items for method in methods_in_force(item, day)]
    return next((method.unit for method in methods if method.unit), "")


def answered(
    request: HttpRequest, form: ResultForm, subject: Subject, record: Callable[[], RapidTest], *, up: str
) -> HttpResponse | RapidTest | None:
    """The record, the page that asks before a positive, or nothing when something has to be put right."""
    if not form.is_valid():
        form.keep_photo()
        return None
    intended = intended_by(form, subject)
    if intended.positive and not form.cleaned_data["confirmed"]:
        return ask(request, form, intended, up)
    try:
        return record()
    except KitExpired as refusal:
        form.add_error("kit", problems.words(refusal))
    except Invalid as refusal:
        add_refusal(form, refusal)
    form.keep_photo()
    return None


def intended_by(form: ResultForm, subject: Subject) -> Intended:
    return Intended(
        point=subject.point, purpose=subject.purpose, batch=subject.batch, product=subject.product, item=form.chosen,
        reading=form.reading, method_no=form.cleaned_data["method_no"], confirms=subject.repeats is not None,
        at=form.cleaned_data["tested_at"] or clock.now(),
    )  # fmt: skip


def ask(request: HttpRequest, form: ResultForm, intended: Intended, up: str) -> HttpResponse:
    """Before a positive: what it stops, in numbers. The photo waits on the server meanwhile."""
    kept = [(name, value) for name, value in request.POST.items() if name not in NOT_KEPT]
    hidden = [*kept, ("kept", form.keep_photo()), ("confirmed", "1")]
    context = confirmation(intended) | {"hidden": hidden, "up": up, "action": request.path_info + query(request)}
    if not request.htmx:
        return render(request, "traceability/tests/confirm.html", context)
    piece = render(request, "traceability/tests/_confirm.html", context)
    return reswap(retarget(piece, "#dialog"), "innerHTML")


def query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def say(request: HttpRequest, test: RapidTest, *, waited: bool = False, draft: str = "") -> None:
    """One sentence on what was recorded and what came of it."""
    tags = f"draft:{draft}" if draft else ""
    if test.result == RapidTest.Result.POSITIVE:
        messages.warning(request, positive_words(test), extra_tags=tags)
        return
    admitted = waited and Batch.objects.filter(pk=test.batch_id, state=Batch.State.ADMITTED).exists()
    said = _("Recorded. The goods may be sold now.") if admitted else _("Recorded.")
    if test.result == RapidTest.Result.UNDECIDED:
        said = _("Recorded, but undecided: the rule cannot judge this reading.")
    messages.success(request, said, extra_tags=tags)


def positive_words(test: RapidTest) -> str:
    held = test.batch.holds.filter(released_at=None).count() if test.batch else 0
    if not held:
        return _("Positive recorded. No batch is known, so nothing is paused.")
    return ngettext(
        "Positive recorded. Sale of %(n)d batch is paused.", "Positive recorded. Sale of %(n)d batches is paused.", held
    ) % {"n": held}  # fmt: skip
