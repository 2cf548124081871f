"""What a page asks of the demo."""

from __future__ import annotations

from typing import Any

from newsroom.core.prepared import Prepared
from newsroom.demo.models import DemoRow

ANY_ROW = Prepared(lambda: DemoRow.objects.values_list("pk")[:1], int)


def is_example() -> bool:
    """Say whether the demo stands here, so that the page can say it is no news. One query."""
    return bool(ANY_ROW.all())


GLOBALS = {"is_example": is_example}
FILTERS: dict[str, Any] = {}
