"""What the desk means by its acts, written down a second time and without a database, to hold the services against.

Time is whole minutes. The model knows only what is shown now, until when, and the one plan; the services keep a table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from articles.states import PublicState

NOTICE = "notice"
FOREVER = math.inf

# A revision's number, a notice, or nothing.
Shown = int | str | None


class Refused(Exception):
    """The act has nothing to act on, or something stands against it."""


@dataclass(frozen=True)
class Plan:
    """What will be shown, and whether it takes over from what is shown until then."""

    start: float
    number: int
    until: float
    takes_over: bool
    # Whether a correction comes with it.
    is_correction: bool = False


@dataclass(frozen=True)
class Desk:
    """One story as the desk has it at a minute."""

    shown: Shown = None
    until: float = FOREVER
    plan: Plan | None = None
    was_public: bool = False
    held: bool = False
    killed: bool = False
    embargo: float = -1

    def at(self, now: float) -> Desk:
        """Let time pass until `now`."""
        desk = self
        if desk.plan and desk.plan.start <= now:
            desk = replace(desk, shown=desk.plan.number, until=desk.plan.until, plan=None, was_public=True)
        if desk.shown is not None and desk.until <= now:
            desk = replace(desk, shown=None, until=FOREVER)
        return desk

    def state(self) -> PublicState:
        """Return the public state now."""
        if self.shown == NOTICE:
            return PublicState.WITHDRAWN
        if self.shown is not None:
            return PublicState.LIVE_UPDATE_SCHEDULED if self.plan else PublicState.LIVE
        if self.plan:
            return PublicState.SCHEDULED
        return PublicState.EXPIRED if self.was_public else PublicState.NEVER

    def _unplanned(self) -> Desk:
        """Take the plan back; what it was to end goes on as long as the plan would have."""
        until = self.plan.until if self.plan and self.plan.takes_over else self.until
        return replace(self, plan=None, until=until)

    def _admit(self, moment: float) -> None:
        if self.killed or self.held or moment < self.embargo:
            raise Refused

    def publish(self, now: float, number: int) -> Desk:
        self._admit(now)
        plan = self.plan
        comes_now = plan and plan.number == number and (plan.takes_over or self.shown is None)
        if self.shown == number and not comes_now:
            raise Refused
        return self._show(number)

    def correct(self, now: float, number: int) -> Desk:
        """Publish with a correction, which may come with what is shown already."""
        self._admit(now)
        if not self.was_public:
            raise Refused
        return self._show(number, beside_plan=self.shown == number)

    def _show(self, number: int, *, beside_plan: bool = False) -> Desk:
        plan = self.plan
        if plan and plan.number == number and (plan.takes_over or self.shown is None) and not beside_plan:
            until = self._unplanned().until if self.shown is not None else plan.until
            return replace(self, shown=number, until=until, plan=None, was_public=True)
        if self.shown is None and plan:
            return replace(self, shown=number, until=plan.start, plan=replace(plan, takes_over=True), was_public=True)
        until = self.until if self.shown is not None else FOREVER
        return replace(self, shown=number, until=until, was_public=True)

    def schedule(
        self, now: float, number: int, start: float, until: float | None, *, with_notice: bool = False
    ) -> Desk:
        if start <= now or (until is not None and until <= start):
            raise Refused
        self._admit(start)
        if with_notice and not self.was_public:
            raise Refused
        desk = self._unplanned()
        # A plan that is moved takes its correction along.
        moved = self.plan is not None and self.plan.number == number and self.plan.is_correction
        said = with_notice or moved
        if desk.shown is None or desk.until <= start:
            return replace(desk, plan=Plan(start, number, until or FOREVER, takes_over=False, is_correction=said))
        if desk.shown == number and not said:
            raise Refused
        plan = Plan(start, number, until or desk.until, takes_over=True, is_correction=said)
        return replace(desk, until=start, plan=plan)

    def correct_later(self, now: float, number: int, start: float, until: float | None) -> Desk:
        """Schedule with a correction."""
        return self.schedule(now, number, start, until, with_notice=True)

    def cancel(self, now: float) -> Desk:
        if not self.plan:
            raise Refused
        return self._unplanned()

    def expire(self, now: float) -> Desk:
        if self.shown in (None, NOTICE):
            raise Refused
        return replace(self, shown=None, until=FOREVER, plan=None)

    def expire_later(self, now: float, end: float) -> Desk:
        if end <= now:
            raise Refused
        if self.plan and self.plan.start < end:
            return replace(self, plan=replace(self.plan, until=end))
        if self.shown in (None, NOTICE):
            raise Refused
        return replace(self, until=end, plan=None)

    def cancel_expiry(self, now: float) -> Desk:
        if self.plan and self.plan.until < FOREVER:
            return replace(self, plan=replace(self.plan, until=FOREVER))
        if self.plan or self.shown is None or self.until == FOREVER:
            raise Refused
        return replace(self, until=FOREVER)

    def hold(self, now: float) -> Desk:
        if self.held:
            raise Refused
        return replace(self._unplanned(), held=True)

    def lift_hold(self, now: float) -> Desk:
        if not self.held:
            raise Refused
        return replace(self, held=False)

    def set_embargo(self, now: float, until: float) -> Desk:
        desk = self._unplanned() if self.plan and self.plan.start < until else self
        return replace(desk, embargo=until)

    def withdraw(self, now: float) -> Desk:
        if self.killed or not self.was_public or self.shown == NOTICE:
            raise Refused
        return replace(self, shown=NOTICE, until=FOREVER, plan=None)

    def kill(self, now: float) -> Desk:
        if self.killed:
            raise Refused
        return replace(self, shown=NOTICE, until=FOREVER, plan=None, killed=True)
