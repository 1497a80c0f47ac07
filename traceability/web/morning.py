"""一早的快检: the samples of a point in rows, one press a row; each row is kept as it is entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kit import clock
from kit.refusals import NotFound
from registry.web.doors import desk, see_other
from registry.web.lists import key
from traceability.models import RapidTest, Sample, TestItem, TestKit, TestMethod, TestPoint
from traceability.selectors.points import points_for
from traceability.selectors.samples import sample_called, taken_at, without
from traceability.selectors.standards import items_for, methods_in_force
from traceability.services.record_test import record
from traceability.services.samples import may_test
from traceability.web.forms_morning import CarriedForm, carried, carry
from traceability.web.forms_results import ResultForm
from traceability.web.recording import Subject, answered, kits_at, positive_words, say


@require_http_methods(["GET", "HEAD", "POST"])
@desk("record_test")
def morning(request: HttpRequest) -> HttpResponse:
    """The grid of today; a POST says what is carried down."""
    points = [point for point in points_for(request.actor) if may_test(request.actor, point)]
    said = said_now(request, points)
    point, item = point_of(points, said), TestItem.objects.filter(pk=said.get("item", "")[:16], active=True).first()
    form = carried_form(request, points, point, item, said)
    if request.method == "POST" and form.is_valid():
        carry(request, form)
        return see_other("morning")
    context = {"form": form, "point": point, "points": points}
    if point is not None:
        context |= rows_of(request, point, item or first_item(point), said)
    return render(request, "traceability/tests/morning.html", context, status=422 if form.errors else 200)


def said_now(request: HttpRequest, points: list[TestPoint]) -> dict[str, str]:
    """What is sent, else what was said last; `?point=` and `?item=` of the address before that."""
    kept = dict(carried(request))
    named = {name: request.GET[name] for name in ("point", "item") if request.GET.get(name)}
    sent = {name: request.POST[name] for name in request.POST} if request.method == "POST" else {}
    said = kept | named | sent
    if not any(str(point.pk) == said.get("point") for point in points):
        said["point"] = str(points[0].pk) if points else ""
    return said


def point_of(points: list[TestPoint], said: dict[str, str]) -> TestPoint | None:
    return next((point for point in points if str(point.pk) == said["point"]), None)


def first_item(point: TestPoint) -> TestItem | None:
    """The item of the latest sample's goods, else the first there is."""
    last = taken_at(point, clock.now().date()).last()
    found = items_for(last.product) if last else list(TestItem.objects.filter(active=True)[:1])
    return found[0] if found else None


def carried_form(request, points, point, item, said) -> CarriedForm:
    """With another item chosen, a kit or method of the one before is let go."""
    item = item or (first_item(point) if point else None)
    kits = kits_at(point, [item]) if point and item else []
    methods = methods_in_force(item, clock.now().date()) if item else []
    fitting = {"kit": {str(kit.pk) for kit in kits}, "method_no": {method.method_no for method in methods}}
    said |= {name: "" for name, fit in fitting.items() if said.get(name) not in fit}
    return CarriedForm(
        said if request.method == "POST" else None,
        points=points, items=list(TestItem.objects.filter(active=True)), kits=kits, methods=methods,
        initial=said | ({"item": item.code} if item else {}),
    )  # fmt: skip


def rows_of(request: HttpRequest, point: TestPoint, item: TestItem | None, said: dict[str, str]) -> dict[str, Any]:
    samples = taken_at(point, clock.now().date())
    waiting, down = list(without(samples, item)) if item else [], Down.said(said, point, item)
    done = RapidTest.objects.filter(district_id=point.district_id, sample__in=samples, item=item)
    return {
        "item": item,
        "waiting": [row_of(request, sample, down) for sample in waiting],
        "done": done.select_related("sample", "product", "place__market").order_by("-recorded_at", "-id"),
        "take_url": f"{reverse('sample_new')}?point={point.pk}&next=morning",
        "import_url": f"{reverse('sheet_import')}?point={point.pk}",
        "labels": [sample.label for sample in samples],
    }


@dataclass(frozen=True)
class Down:
    """What every row gets from above: the item read, the kit and the methods there are, the unit of numbers."""

    item: TestItem | None
    kits: list[TestKit]
    methods: list[TestMethod]
    unit: str

    @classmethod
    def said(cls, said: dict[str, str], point: TestPoint, item: TestItem | None) -> Down:
        kits = TestKit.objects.filter(district_id=point.district_id, point=point, pk=key(said.get("kit")))
        methods = methods_in_force(item, clock.now().date()) if item else []
        return cls(item, list(kits.select_related("item")), methods, said.get("unit", ""))


def row_of(request: HttpRequest, sample: Sample, down: Down, sent=None) -> dict[str, Any]:
    """A row as it is first shown: its key is made here, so that a second press is the same record."""
    form = ResultForm(
        *(sent or (None, None)),
        actor=request.actor,
        items=[down.item] if down.item else items_for(sample.product),
        kits=down.kits,
        methods=down.methods,
        auto_id=f"row_{sample.label}_%s",
        initial={"item": down.item.code if down.item else ""},
    )
    return {"sample": sample, "form": form, "unit": down.unit}


@require_POST
@desk("record_test")
def row(request: HttpRequest, label: str) -> HttpResponse:
    """One row: recorded, or back with what is wrong; with htmx the row alone, without it the page."""
    sample = sample_called(request.actor, label)
    if not may_test(request.actor, sample.point):
        raise NotFound
    said = dict(carried(request))
    item = TestItem.objects.filter(pk=request.POST.get("item", "")[:16], active=True).first()
    shown = row_of(request, sample, Down.said(said, sample.point, item), (with_carried(request, said), request.FILES))
    form = shown["form"]
    made = answered(request, form, Subject.of(sample), lambda: record(
        request.actor, sample=sample, entry=form.entry(), client_key=form.cleaned_data["client_key"]
    ), up=reverse("morning"))  # fmt: skip
    if isinstance(made, RapidTest):
        return recorded(request, made)
    if made is not None:
        return made
    template = "_row" if request.htmx else "row"
    return render(request, f"traceability/tests/{template}.html", {"row": shown}, status=422)


def with_carried(request: HttpRequest, said: dict[str, str]):
    """What the row sent, completed by what is carried down."""
    data = request.POST.copy()
    for name in ("kit", "method_no", "unit", "tested_at"):
        if not data.get(name) and said.get(name):
            data[name] = said[name]
    return data


def recorded(request: HttpRequest, test: RapidTest) -> HttpResponse:
    if not request.htmx:
        say(request, test)
        return see_other("morning")
    warning = positive_words(test) if test.result == RapidTest.Result.POSITIVE else ""
    return render(request, "traceability/tests/_done.html", {"test": test, "warning": warning})
