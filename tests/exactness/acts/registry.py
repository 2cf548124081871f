"""The list of acts, and who acts when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.exactness.world import World
from tests.factories import person

Act = Callable[[World], object]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    """List an act under its name."""
    ACTS[function.__name__] = function
    return function


def by(world: World, name: str = "ed") -> dict[str, Any]:
    """Return who acts, and when."""
    return {"by": person(name), "at": world.now()}
