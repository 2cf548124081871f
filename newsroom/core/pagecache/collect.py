"""What a view says of the page it is making: its surfaces, and until when it is true."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

MARK = "is_kept_by_pagecache"


@dataclass
class Said:
    """What was said while one page was made."""

    keys: set[str] = field(default_factory=set)
    # Seconds since 1970; infinity: until something is written.
    until: float = float("inf")
    # Under which name readers' visits are counted; "": not counted.
    counted: str = ""


# None: the page is not made for the cache, so nobody listens.
_listening: ContextVar[Said | None] = ContextVar("pagecache_said", default=None)


def is_listening() -> bool:
    """Whether the page is made for the cache; else there is no need to find out what to say."""
    return _listening.get() is not None


def shows(*keys: str) -> None:
    """Say that the page shows these surfaces (newsroom.core.surfaces), all of them: without this it is not kept."""
    if said := _listening.get():
        said.keys.update(keys)


def true_until(moment: datetime | None) -> None:
    """Say that the page is true until `moment` (aware) at most; None: no such moment is known."""
    if moment is not None and (said := _listening.get()):
        said.until = min(said.until, moment.timestamp())


def counts_for(name: str) -> None:
    """Say under which name visits to this page are counted."""
    if said := _listening.get():
        said.counted = name


def kept(view: View) -> View:
    """Mark a view whose pages may be kept: the same for every reader, made of path, page number and data alone.

    It is then asked without the reader's headers, address, cookies and unknown parameters.
    """
    setattr(view, MARK, True)
    return view


def is_kept(view: object) -> bool:
    """Whether `view` is marked; decorators that use functools.wraps carry the mark on."""
    return bool(getattr(view, MARK, False))


class listen:
    """Collect what is said in this thread while the block runs."""

    def __enter__(self) -> Said:
        said = Said()
        self._token = _listening.set(said)
        return said

    def __exit__(self, *_: object) -> None:
        _listening.reset(self._token)
