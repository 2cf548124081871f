"""What the desk's templates ask about fields of forms."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()


@register.filter
def is_tick(field: BoundField) -> bool:
    """Say whether a field is a single check box: its words stand behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)
