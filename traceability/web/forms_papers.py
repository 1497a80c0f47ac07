"""Papers as they are handed in with a form: each a kind, a number if it has one, and a photo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import images
from kit.images import StoredImage
from kit.refusals import Invalid
from registry.actors import Actor
from registry.models import Product
from registry.papers import PaperKind
from traceability.services import photo_drafts
from traceability.services.papers import NewPaper
from traceability.web import words

MOST = 12
SPARE = 2


class PaperForm(forms.Form):
    """One paper. A photo that was accepted comes back as `kept`, a signed reference, until the form is done."""

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=words.PAPERS.items())
    number = forms.CharField(label=_("Number on the paper"), max_length=60, required=False)
    photo = forms.FileField(label=_("Photo"), required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.image: StoredImage | None = None

    def clean(self) -> dict[str, Any]:
        photo, kept = self.cleaned_data.get("photo"), self.cleaned_data.get("kept")
        try:
            if photo:
                self.image = images.reencode(photo)
            elif kept:
                self.image = photo_drafts.redeem(self.actor, kept)
        except Invalid as refusal:
            self._set("kept", "")
            self.add_error("photo", refusal.words())
        return self.cleaned_data

    def keep_photo(self) -> None:
        """The form comes back: its accepted photo stays here, so that nobody takes it again."""
        if self.image:
            self._set("kept", photo_drafts.hold(self.actor, self.image))

    def _set(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value

    def paper(self) -> NewPaper | None:
        """What was handed in; None for a row left empty."""
        number = self.cleaned_data.get("number", "")
        if not (self.image or number):
            return None
        return NewPaper(kind=PaperKind(self.cleaned_data["kind"]), number=number, photo=self.image)


class PaperForms(forms.BaseFormSet):
    def keep_photos(self) -> None:
        for form in self.forms:
            form.keep_photo()

    def papers(self) -> tuple[NewPaper, ...]:
        return tuple(paper for form in self.forms if (paper := form.paper()))


PaperFormSet = forms.formset_factory(PaperForm, formset=PaperForms, extra=0, max_num=MOST, validate_max=True)


def paper_forms(request, *, kinds: tuple[PaperKind, ...]) -> PaperForms:
    """Rows for these kinds, and spare ones."""
    rows = [{"kind": kind} for kind in (*kinds, *[PaperKind.OTHER] * SPARE)]
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return PaperFormSet(*sent, initial=rows, prefix="papers", form_kwargs={"actor": request.actor})


def asked_for(product: Product, *, self_grown: bool = False, imported: bool = False) -> tuple[PaperKind, ...]:
    """The papers this product usually needs at the gate, most important first."""
    if imported:
        return (PaperKind.PURCHASE_SLIP, PaperKind.ENTRY_QUARANTINE)
    bought = () if self_grown else (PaperKind.PURCHASE_SLIP,)
    needed = tuple(PaperKind(kind) for kind in product.required_papers)
    proof = PaperKind.COMMITMENT_CERTIFICATE if product.commitment_certificate else PaperKind.INSPECTION_CERTIFICATE
    return (*bought, *needed) if needed else (*bought, proof)
