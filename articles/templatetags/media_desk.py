"""What the desk's templates about pictures ask for."""

from __future__ import annotations

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """Return `value` as JSON for a data attribute; the template escapes it as it does any text."""
    return json.dumps(value, ensure_ascii=False)
