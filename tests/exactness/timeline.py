"""What was true when, and whether what a reader got was true then."""

from __future__ import annotations

import difflib
import threading
import time
from dataclasses import dataclass, field

from tests.exactness.pages import Shot

# A change is seen within a second.
SECONDS = 1.0


class Stale(AssertionError):
    """A reader got what was no longer true, or never was."""


@dataclass(frozen=True)
class Version:
    """A state of the newsroom: what stood at each address from some moment on."""

    what: str
    # It began between these moments (seconds since 1970): before its commit began, and after that had ended.
    earliest: float
    latest: float
    shots: dict[str, Shot]


@dataclass(frozen=True)
class Read:
    """One answer of one web process."""

    address: str
    process: int
    began: float
    ended: float
    shot: Shot


class Pulse(threading.Thread):
    """Beats twenty times a second, and notes when a busy machine let it wait: then it let everybody wait."""

    BEAT, MISSED = 0.05, 0.15

    def __init__(self) -> None:
        super().__init__(daemon=True)
        # When a beat came late (seconds since 1970), and by how much.
        self.late: list[tuple[float, float]] = []

    def run(self) -> None:
        """Beat until the process ends."""
        while True:
            before = time.time()
            time.sleep(self.BEAT)
            if (waited := time.time() - before) > self.MISSED:
                self.late.append((before + waited, waited))

    def lost(self, since: float, until: float) -> float:
        """Return how much of a span of time the machine kept from us."""
        return sum(waited for at, waited in list(self.late) if since <= at <= until + waited)


@dataclass
class Timeline:
    """All states so far, the oldest first; a writer adds one after the other."""

    versions: list[Version] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)

    def add(self, version: Version) -> None:
        """Note a state, which lasts until the next one."""
        self.versions.append(version)

    def true_for(self, read: Read) -> list[Version]:
        """Return the states of which one at least must be what was read.

        What was true at some moment from a second before the read began until it ended may be shown; longer before
        by as much as the machine stood still.
        """
        ends = [version.latest for version in self.versions[1:]] + [float("inf")]
        pairs = zip(self.versions, ends, strict=True)
        since = read.began - SECONDS
        since -= self.pulse.lost(since, read.ended)
        return [version for version, end in pairs if version.earliest <= read.ended and end >= since]

    def judge(self, read: Read) -> None:
        """Raise Stale unless what was read was true."""
        allowed = self.true_for(read)
        if any(read.address not in version.shots for version in allowed):
            # Nobody looked at that page at the time.
            return
        if any(version.shots[read.address] == read.shot for version in allowed):
            return
        raise Stale(self.explain(read, allowed))

    def explain(self, read: Read, allowed: list[Version]) -> str:
        """Say what was read and what should have been."""
        same = [version for version in self.versions if version.shots.get(read.address) == read.shot]
        age = f"true after {same[-1].what!r}, which is over" if same else "never true"
        truth = allowed[-1].shots[read.address]
        lines = difflib.unified_diff(
            truth.body.decode(errors="replace").splitlines(),
            read.shot.body.decode(errors="replace").splitlines(),
            "true",
            "read",
            n=0,
            lineterm="",
        )
        return "\n".join(
            [
                f"{read.address} of process {read.process}: {age}",
                f"Asked at {read.began:.3f}, answered at {read.ended:.3f}",
                f"Allowed: {[f'{version.what} at {version.latest:.3f}' for version in allowed]}",
                f"True: {truth.status} {truth.headers} {len(truth.body)} bytes",
                f"Read: {read.shot.status} {read.shot.headers} {len(read.shot.body)} bytes",
                *[line[:300] for line in list(lines)[:12]],
            ]
        )
