"""The number of the request in hand, for every line that is logged while it is served."""

from __future__ import annotations

import logging
import os
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request_id", default="-")


def new() -> str:
    """Return a number no other request has; what a client sends as one is never believed."""
    return os.urandom(8).hex()


class RequestIdFilter(logging.Filter):
    """Gives each log record its `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the number; keep the record."""
        record.request_id = current.get()
        return True
