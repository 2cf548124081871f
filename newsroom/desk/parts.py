"""What "My desk" is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Figure:
    """One number of the top line."""

    name: str
    number: int
    label: str | Promise
    url: str
    # What makes the number pressing, "" for nothing.
    note: str = ""
    # calm, due or stop.
    level: str = "calm"


@dataclass(frozen=True)
class Ahead:
    """One thing that will happen within 48 hours."""

    at: datetime
    # publish, update, end, embargo or deadline.
    kind: str
    title: str
    url: str
