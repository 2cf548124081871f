"""How long a comment has waited: the kernel's clock, under the name the queue knows."""

from __future__ import annotations

from newsroom.core.deadlines import ANSWER_WITHIN, BAR, DUE, URGENT, Clock, clock_for

__all__ = ["ANSWER_WITHIN", "BAR", "DUE", "URGENT", "Clock", "clock_for"]
