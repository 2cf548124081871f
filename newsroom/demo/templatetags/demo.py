"""What a page asks of the demo."""

from __future__ import annotations

from django import template

from newsroom.core.prepared import Prepared
from newsroom.demo.models import DemoRow

register = template.Library()

ANY_ROW = Prepared(lambda: DemoRow.objects.values_list("pk")[:1], int)


@register.simple_tag
def is_example() -> bool:
    """Say whether the demo stands here, so that the page can say it is no news. One query."""
    return bool(ANY_ROW.all())
