"""Forms of the steps of a positive. A photo that was accepted comes back with a form that was not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit import images
from kit.images import StoredImage
from kit.refusals import Invalid
from registry.actors import Actor
from registry.web.doors import KeyedForm
from traceability.models import PositiveCase
from traceability.selectors.cases import follow_up_samples
from traceability.services import photo_drafts
from traceability.services.case_disposal import NOTHING_LEFT, Done, left_kg
from traceability.services.case_lab import Finding
from traceability.web import case_words
from traceability.web.forms_taking_in import plain
from traceability.web.forms_tests import RESULTS

KEPT = "kept_"


class CaseForm(KeyedForm):
    """A step's form. Each name in `photos` is a file with a hidden reference to the one sent before; those in `needed`
    cannot be left out."""

    photos: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, case: PositiveCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.case = actor, case
        self.images: dict[str, StoredImage] = {}
        for name in self.photos:
            self.fields[KEPT + name] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.fields[name].required = name in self.needed and not self.data.get(KEPT + name)

    def clean(self) -> dict[str, Any]:
        for name in self.photos:
            self._read(name)
        return self.cleaned_data

    def _read(self, name: str) -> None:
        photo, kept = self.cleaned_data.get(name), self.cleaned_data.get(KEPT + name)
        try:
            if photo:
                self.images[name] = images.reencode(photo)
            elif kept:
                self.images[name] = photo_drafts.redeem(self.actor, kept)
        except Invalid as refusal:
            self._set(KEPT + name, "")
            self.add_error(name, str(refusal.message))

    def keep_photos(self) -> None:
        """The form comes back: what was accepted stays here, so that nobody takes it again."""
        for name, image in self.images.items():
            self._set(KEPT + name, photo_drafts.hold(self.actor, image))

    def _set(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value

    def rows(self) -> Iterator[tuple[BoundField, str]]:
        """Each field, and for a photo the reference to the one that is here already."""
        for field in self.visible_fields():
            yield field, self[KEPT + field.name].value() or "" if field.name in self.photos else ""


def photo(label, help_text=""):
    return forms.FileField(label=label, help_text=help_text, required=False)


class NotifyForm(CaseForm):
    how = forms.CharField(
        label=gettext_lazy("Whom you told, and how"), max_length=200,
        help_text=gettext_lazy("Such as: told the keeper in person; or: by telephone, his wife answered."),
    )  # fmt: skip


class AnswerForm(CaseForm):
    ACCEPT, OBJECT = "accept", "object"

    answer = forms.ChoiceField(label=gettext_lazy("Your answer"), choices=[(ACCEPT, ""), (OBJECT, "")])
    reason = forms.CharField(
        label=gettext_lazy("What you object to"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only if you object. A few words are enough."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("answer") == self.OBJECT and not data.get("reason", "").strip():
            self.add_error("reason", _("Say what you object to."))
        return data


class RepeatForm(CaseForm):
    photos = ("strip",)
    result = forms.ChoiceField(label=gettext_lazy("Second strip"), choices=RESULTS.items())
    strip = photo(gettext_lazy("Photo of the strip"))


class ReasonForm(CaseForm):
    note = forms.CharField(
        label=gettext_lazy("In your words"), max_length=400, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class SealForm(CaseForm):
    photos = needed = ("seal",)
    seal_no = forms.CharField(label=gettext_lazy("Number on the seal"), max_length=40)
    laboratory = forms.CharField(
        label=gettext_lazy("Laboratory it goes to"), max_length=80,
        help_text=gettext_lazy("Another body than the one that made the rapid test."),
    )  # fmt: skip
    seal = photo(gettext_lazy("Photo of the sealed sample"))


class LabForm(CaseForm):
    PASSED, FAILED = "passed", "failed"

    photos = ("report",)
    outcome = forms.ChoiceField(
        label=gettext_lazy("The laboratory's report says"),
        choices=[(PASSED, gettext_lazy("passed inspection")), (FAILED, gettext_lazy("failed inspection"))],
    )  # fmt: skip
    laboratory = forms.CharField(label=gettext_lazy("Laboratory"), max_length=80)
    report_no = forms.CharField(label=gettext_lazy("Number of the report"), max_length=40)
    method = forms.CharField(
        label=gettext_lazy("Method"), max_length=80,
        help_text=gettext_lazy("Such as GB 23200.121. A rapid method does not count."),
    )  # fmt: skip
    value = forms.CharField(label=gettext_lazy("Value found"), max_length=60, required=False)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    report = photo(gettext_lazy("Photo of the report"))

    def finding(self) -> Finding:
        data = self.cleaned_data
        return Finding(
            laboratory=data["laboratory"], report_no=data["report_no"], method=data["method"], value=data["value"],
            passed=data["outcome"] == self.PASSED, issued_on=data["issued_on"], photo=self.images.get("report"),
        )  # fmt: skip


class DisposeForm(CaseForm):
    photos = ("before", "after")
    method = forms.ChoiceField(label=gettext_lazy("What was done"), choices=case_words.METHODS.items())
    weight_kg = forms.DecimalField(
        label=gettext_lazy("How much"), max_digits=12, decimal_places=3, min_value=Decimal(0), required=False
    )
    witnesses = forms.CharField(
        label=gettext_lazy("Who saw it"), max_length=120, help_text=gettext_lazy("Names, with a comma between them.")
    )
    before = photo(gettext_lazy("Photo before"), gettext_lazy("Not needed when nothing was left."))
    after = photo(gettext_lazy("Photo after"), gettext_lazy("Not needed when nothing was left."))
    done_at = forms.DateTimeField(
        label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Leave empty for now."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.batch is not None:
            self.fields["weight_kg"].initial = plain(left_kg(self.case.batch))

    def done(self) -> Done:
        data = self.cleaned_data
        return Done(
            method=data["method"], weight_kg=data["weight_kg"] or Decimal(0), witnesses=data["witnesses"],
            done_at=data["done_at"], before=self.images.get("before"), after=self.images.get("after"),
        )  # fmt: skip

    @property
    def nothing_left(self) -> bool:
        return self["method"].value() == NOTHING_LEFT


class ReportForm(CaseForm):
    reported_to = forms.CharField(
        label=gettext_lazy("Which office was told"), max_length=80,
        help_text=gettext_lazy("Such as the market regulation office of the town. Its officers get a notice now."),
    )  # fmt: skip


class ResampleForm(CaseForm):
    """One of the follow-up samples taken, or `new`: taken now."""

    NEW = "new"
    sample = forms.ChoiceField(label=gettext_lazy("Which sample"))

    def __init__(self, *args: Any, may_take: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = {str(sample.pk): sample for sample in follow_up_samples(self.case)[:20]}
        choices = [(pk, str(sample.product)) for pk, sample in self.taken.items()]
        self.fields["sample"].choices = [*choices, *([(self.NEW, _("Take it now"))] if may_take else [])]
