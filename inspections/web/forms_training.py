"""Forms of exams, and of the courses that officers write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.services.courses import Content
from registry.web.doors import KeyedForm

MOST_QUESTIONS = 10


class ExamForm(KeyedForm):
    def __init__(self, *args, questions: Sequence[dict[str, Any]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = len(questions)
        for number, question in enumerate(questions):
            self.fields[f"q{number}"] = forms.TypedChoiceField(
                label=f"{number + 1}. {question['text']}",
                choices=list(enumerate(question["choices"])),
                coerce=int,
                widget=forms.RadioSelect,
            )

    def answers(self) -> list[int]:
        return [self.cleaned_data[f"q{number}"] for number in range(self.asked)]


class CourseForm(KeyedForm):
    """Ten questions at most on one page; what is left empty is no question."""

    code = forms.CharField(
        label=pgettext_lazy("of a list", "Code"),
        max_length=20,
        help_text=_("Small letters; task kinds ask for a course by it."),
    )
    title = forms.CharField(label=_("Title"), max_length=80)
    material = forms.CharField(label=_("What is to be learnt"), widget=forms.Textarea(attrs={"rows": 14}))
    pass_mark = forms.IntegerField(label=_("Points to pass, of 100"), min_value=1, max_value=100, initial=80)
    valid_days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=3660, initial=365)

    def __init__(self, *args, known: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["code"]
        for number in range(1, MOST_QUESTIONS + 1):
            of = {"n": number}
            self.fields[f"text{number}"] = forms.CharField(
                label=_("Question %(n)d") % of, max_length=200, required=False
            )
            self.fields[f"choices{number}"] = forms.CharField(
                label=_("Answers to question %(n)d") % of, required=False,
                help_text=_("One on each line. Put * before the right one."), widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip

    def content(self) -> Content:
        names = ("title", "material", "pass_mark", "valid_days")
        return Content(
            **{name: self.cleaned_data[name] for name in names},
            questions=[
                question(self.cleaned_data[f"text{number}"], self.cleaned_data[f"choices{number}"])
                for number in range(1, MOST_QUESTIONS + 1)
                if self.cleaned_data[f"text{number}"] or self.cleaned_data[f"choices{number}"]
            ],
        )


def question(text: str, lines: str) -> dict[str, Any]:
    """`right` is -1 unless exactly one line is marked."""
    choices = [line.strip() for line in lines.splitlines() if line.strip()]
    marked = [number for number, choice in enumerate(choices) if choice.startswith("*")]
    right = marked[0] if len(marked) == 1 else -1
    return {"text": text.strip(), "choices": [choice.lstrip("* ") for choice in choices], "right": right}


def as_lines(asked: dict[str, Any]) -> str:
    return "\n".join(f"*{each}" if n == asked["right"] else each for n, each in enumerate(asked["choices"]))


def initial_of(course) -> dict[str, Any]:
    found = {name: getattr(course, name) for name in ("title", "material", "pass_mark", "valid_days")}
    for number, asked in enumerate(course.questions[:MOST_QUESTIONS], 1):
        found |= {f"text{number}": asked["text"], f"choices{number}": as_lines(asked)}
    return found
