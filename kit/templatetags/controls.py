"""Form controls with attributes that belong to the page, not to the form."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The field's input with more attributes: underscores become hyphens, empty values are left out."""
    return field.as_widget(attrs={name.replace("_", "-"): value for name, value in attrs.items() if value})


@register.filter
def shape(field: BoundField) -> str:
    """How the field is laid out: `one` (a tick box), `many` (radio buttons or tick boxes), `file` or `line`."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind in ("radio", "checkbox"):
        return "many" if hasattr(widget, "choices") else "one"
    return "file" if kind == "file" else "line"
