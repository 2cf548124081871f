"""Every act bumps every page that it changes, and every page knows when it changes by itself.

This is the whole promise of the page cache but for its timing: asked page by page, before and after each act, without
a server and on a clock of our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from articles.refusals import Refusal
from comments.moderation.desk import DeskError
from newsroom.core.models import SurfaceLog
from newsroom.core.pagecache.state import with_kinds
from tests.exactness.acts import ACTS
from tests.exactness.pages import Cold, Shot, at_moments
from tests.exactness.world import World

LEAVES_SOMETHING = {"cancel": "plan_new", "cancel_expiry": "expire_later", "show_page": "take_page_off"}
STEP = timedelta(seconds=0.2)
NOTHING_TO_DO = (Refusal, DeskError, IndexError)


class Watched:
    """A newsroom on a clock of its own, many of whose pages are looked at."""

    def __init__(self, seed: int, *, most_pages: int) -> None:
        self.most_pages = most_pages
        self.at = self.settled = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
        self.world = World(seed, lambda: self.at)
        self.world.set_up()
        self.cold = Cold("testserver")
        self.shots: dict[str, Shot] = {}
        # Pages rendered anew though they stayed the same, and all that were: what wide keys cost.
        self.in_vain = self.in_all = 0
        self.look()

    def look(self) -> dict[str, Shot]:
        """Return the pages that changed since the last look, as they were."""
        before, at = self.shots, self.at
        self.shots = {address: self.cold(address, at=at) for address in self.world.some_addresses(self.most_pages)}
        self.judge_secrets()
        return {address: shot for address, shot in before.items() if shot != self.shots.get(address, shot)}

    def judge_secrets(self) -> None:
        """Nothing may stand on a page that readers must not see."""
        secrets = self.world.secrets(self.at)
        for address, shot in self.shots.items():
            found = [word for word in secrets if word in shot.body]
            assert not found, (address, found, self.world.steps)

    def act(self, name: str) -> bool:
        """Do one act; False when there was nothing to do it on."""
        self.pass_time(self.at + STEP)
        self.world.steps.append(f"{self.at:%H:%M:%S.%f} {name}")
        last = SurfaceLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            with transaction.atomic():
                ACTS[name](self.world)
        except NOTHING_TO_DO:
            return False
        bumped = with_kinds(key for row in SurfaceLog.objects.filter(pk__gt=last) for key in row.keys)
        cached = {address: shot for address, shot in self.shots.items() if shot.keys}
        dropped = {address for address, shot in cached.items() if shot.keys & bumped}
        changed = self.look()
        stale = [address for address in changed if address in cached and address not in dropped]
        assert not stale, (stale, sorted(bumped), self.world.steps)
        self.in_all += len(dropped)
        self.in_vain += len(dropped - set(changed))
        return True

    def pass_time(self, until: datetime) -> None:
        """Let time go by; a page that changes meanwhile must have named that moment, or an earlier one."""
        for moment in sorted(moment for moment in self.world.moments() if self.settled < moment <= until):
            self.at, was = moment, self.shots
            for address in self.look():
                known = was[address]
                assert not known.keys or known.until <= moment.timestamp(), (address, moment, self.world.steps)
        self.at = self.settled = until


@pytest.fixture
def moments() -> Iterator[None]:
    with at_moments(), override_settings(SITE_URL="http://testserver"):
        yield


# Which surfaces an act bumps does not hang on the database.
@pytest.mark.sqlite
@pytest.mark.django_db
def test_each_act_bumps_the_pages_it_changes(moments: None) -> None:
    watched = Watched(seed=1, most_pages=30)
    names = sorted(ACTS)
    watched.world.random.shuffle(names)
    idle = [name for name in names if not watched.act(name)]
    assert not [name for name in idle if not done_after_another(watched, name)]


def done_after_another(watched: Watched, name: str) -> bool:
    """Do an act that had nothing to act on, after one that leaves it something."""
    for _ in range(8):
        watched.act(LEAVES_SOMETHING.get(name, "update"))
        if watched.act(name):
            return True
    return False
