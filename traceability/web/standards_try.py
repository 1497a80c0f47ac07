"""What would this reading mean? A number or a strip judged by the rule of a day; nothing is recorded."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.web.doors import desk
from registry.web.lists import today
from traceability.judging import judge
from traceability.selectors.standards import standard_for
from traceability.web import standard_words as words
from traceability.web.forms_standards import TryForm
from traceability.web.words import TEST_TONES


@require_safe
@desk("view_tests")
def reading(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("product") is not None
    form = TryForm(request.GET) if asked else TryForm(initial={"item": request.GET.get("item"), "day": today()})
    context: dict[str, object] = {"form": form}
    if asked and form.is_valid():
        context |= judged(form)
    return render(request, "traceability/standards/try.html", context, status=422 if form.errors else 200)


def judged(form: TryForm) -> dict[str, object]:
    data = form.cleaned_data
    standard = standard_for(data["item"], data["product"], data["day"] or today(), data["method_no"])
    verdict = judge(form.reading(), standard.rule)
    return {
        "verdict": verdict,
        "tone": TEST_TONES[verdict.result],
        "why": words.WHY[verdict.why],
        "means": words.MEANS[verdict.result],
        "method": standard.method,
        "limit": standard.limit,
        "product": data["product"],
        "item": data["item"],
    }
