"""How long something has waited for the desk, and what is left of the time the desk gives itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, pgettext

# Two days of 24 hours, as the cyber media guideline gives an editor to act on what readers report (clause 3).
ANSWER_WITHIN = timedelta(hours=48)
URGENT = timedelta(hours=8)
DUE = timedelta(hours=24)
# Width of the drawn bar in px.
BAR = 40


@dataclass(frozen=True)
class Clock:
    """What is left at a moment."""

    deadline: datetime
    left: timedelta

    @property
    def level(self) -> str:
        """Name how pressing it is: past, urgent (under 8 h), due (under 24 h), calm."""
        if self.left <= timedelta(0):
            return "past"
        if self.left < URGENT:
            return "urgent"
        return "due" if self.left < DUE else "calm"

    @property
    def short(self) -> str:
        """Say the time left or gone by: "5 h 19 m"; hours alone from a day on."""
        minutes = int(abs(self.left).total_seconds()) // 60
        hours, minutes = divmod(minutes, 60)
        if hours >= 24:
            return pgettext("hours, as short as can be", "%(hours)d h") % {"hours": hours}
        if not hours:
            return pgettext("minutes, as short as can be", "%(minutes)d m") % {"minutes": minutes}
        return pgettext("hours and minutes, as short as can be", "%(hours)d h %(minutes)02d m") % {
            "hours": hours,
            "minutes": minutes,
        }

    @property
    def words(self) -> str:
        """Say it so that it stands alone: "5 h 19 m left", "2 h overdue"."""
        phrase = gettext("%(time)s overdue") if self.level == "past" else gettext("%(time)s left")
        return phrase % {"time": self.short}

    @property
    def used(self) -> int:
        """Return how much of the bar has run out, 2 px at least so that it can be seen."""
        share = 1 - self.left / ANSWER_WITHIN
        return max(2, min(BAR, round(BAR * share)))


def clock_for(created_at: datetime, *, at: datetime) -> Clock:
    """Return the clock of what came at `created_at` as it stands at `at`."""
    deadline = created_at + ANSWER_WITHIN
    return Clock(deadline, deadline - at)
