"""How lineages and recalls are said on a page."""

from __future__ import annotations

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.templatetags.show import kg, state_badge
from traceability.drawing import BATCH, GROUP, ORIGIN, REST, WAITING, WALK_IN, Box, fitted
from traceability.models import Recall, RecallNotice, RecallRequest
from traceability.selectors.recalls import Effect
from traceability.web import recall_words as words

register = template.Library()
HELD_UNITS = 17
"""What fits beside the mark of a pause."""


@register.filter
def step_word(step: str):
    return words.STEPS.get(step, step)


@register.filter
def recall_kind(kind: str):
    return words.KINDS.get(kind, kind)


@register.filter
def done_word(done: str):
    return words.DONE.get(done, done)


@register.filter
def recall_step_word(kind: str):
    return words.RECALL_STEPS.get(kind, kind)


@register.simple_tag
def recall_state(recall: Recall) -> SafeString:
    return state_badge(**recall_words(recall))


@register.simple_tag
def notice_state(notice: RecallNotice) -> SafeString:
    tone = "due" if notice.state == RecallNotice.State.SENT else "none"
    return state_badge(tone, words.NOTICE_STATES[notice.state])


@register.simple_tag
def request_state(request: RecallRequest) -> SafeString:
    return state_badge(words.REQUEST_TONES[request.state], words.REQUEST_STATES[request.state])


@register.simple_tag
def box_link(box: Box, batch, opened: list[str]) -> SafeString:
    """The beginning of a box's link: a batch's own lineage, or its group drawn one by one."""
    if not _linked(box):
        return SafeString()
    if box.kind == BATCH:
        return format_html('<a href="{}">', reverse("lineage", args=[box.key]))
    if box.kind == REST:
        return SafeString('<a href="#table">')
    query = QueryDict(mutable=True)
    query.setlist("open", [*opened, box.group])
    return format_html('<a href="{}?{}">', reverse("lineage", args=[batch.pk]), query.urlencode())


@register.simple_tag
def after_box(box: Box) -> SafeString:
    return SafeString("</a>") if _linked(box) else SafeString()


def _linked(box: Box) -> bool:
    if box.kind == BATCH:
        return box.kg is not None and not box.here
    return box.kind in (GROUP, REST)


@register.simple_tag
def box_title(box: Box) -> str:
    if box.kind in (GROUP, REST):
        return fitted(_named(box))
    return fitted(box.title, HELD_UNITS) if box.held else box.short_title


def _named(box: Box) -> str:
    name = words.STEPS[box.title] if box.title in (WALK_IN, WAITING) else box.title
    if box.kind == REST:
        return _("%(n)d more, %(name)s") % {"n": box.count, "name": name}
    return ngettext("%(n)d at %(name)s", "%(n)d at %(name)s", box.count) % {"n": box.count, "name": name}


@register.simple_tag
def box_kilos(box: Box) -> str:
    if box.kind == ORIGIN:
        return str(words.STEPS[ORIGIN])
    if box.kind in (WALK_IN, WAITING):
        return f"{kg(box.kg)} · {words.STEPS[box.kind]}"
    if box.kg is None:
        return box.short_note
    if box.on_hand_kg is None or (box.note in (WALK_IN, WAITING)):
        return kg(box.kg)
    return _("%(kg)s in, %(left)s on hand") % {"kg": kg(box.kg), "left": kg(box.on_hand_kg)}


@register.simple_tag
def box_words(box: Box) -> str:
    """All of a box, for who hovers or listens."""
    parts = [_named(box) if box.kind in (GROUP, REST) else box.title]
    if box.kind == BATCH:
        parts.append(box.note)
    parts.append(box_kilos(box))
    if box.held:
        parts.append(_("sale paused"))
    return ", ".join(filter(None, parts))


@register.simple_tag
def recall_words(recall: Recall) -> dict[str, object]:
    """The word and tone of a recall's state, for the head of its page."""
    if recall.drill:
        return {"word": _("drill"), "tone": "none"}
    return {"word": words.STATES[recall.state], "tone": words.STATE_TONES[recall.state]}


@register.simple_tag
def progress(effect: Effect) -> SafeString:
    """How many holders have answered, as a bar."""
    return format_html(
        '<svg class="chart" width="100%" height="16" role="img" aria-label="{}"><rect class="chart-rest" width="100%"'
        ' height="16" rx="2"/><rect class="chart-fill" width="{}%" height="16" rx="2"/></svg>',
        _("%(n)d %% answered") % {"n": effect.answered_percent},
        effect.answered_percent,
    )
