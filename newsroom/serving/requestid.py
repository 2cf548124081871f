"""The number of the request in hand, for every line that is logged while it is served."""

from __future__ import annotations

import itertools
import logging
import os
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request_id", default="-")


class Numbers:
    """Numbers no other request has: random digits of this process, and a count.

    Random digits for each request would cost a system call, in which Python lets another thread go first: a quarter of
    all that a page from memory takes (measured).
    """

    def __init__(self) -> None:
        self._count = itertools.count(1)
        self.renew()

    def renew(self) -> None:
        """Take other digits, as a forked process must."""
        self._digits = os.urandom(6).hex()

    def new(self) -> str:
        """Return a number; what a client sends as one is never believed."""
        return f"{self._digits}{next(self._count):08x}"


_numbers = Numbers()
new = _numbers.new
os.register_at_fork(after_in_child=_numbers.renew)


class RequestIdFilter(logging.Filter):
    """Gives each log record its `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the number; keep the record."""
        record.request_id = current.get()
        return True
