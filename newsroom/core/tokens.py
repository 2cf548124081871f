"""Signed tokens. One purpose each: a token made for one thing opens nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import signing

# Clocks of two hosts may differ by this much.
CLOCK_SKEW = timedelta(minutes=5)


class Invalid(Exception):
    """Not a token of ours for this purpose."""


class Stale(Exception):
    """A token of ours, but too old; `value` is what it said."""

    def __init__(self, value: str) -> None:
        super().__init__("The token is too old.")
        self.value = value


def make(purpose: str, value: str, *, at: datetime) -> str:
    """Sign `value` for `purpose` (a dotted name such as "comments.form"), stamped with the second of `at`."""
    return _signer(purpose).sign(f"{int(at.timestamp()):x}.{value}")


def read(purpose: str, token: str, *, max_age: timedelta, at: datetime) -> str:
    """Return what `token` says. Raises Invalid when it was not signed for `purpose`, Stale when older than `max_age`.

    Keys in SECRET_KEY_FALLBACKS are honoured. A token from the future is Invalid: some clock lies.
    """
    try:
        stamp, _, value = _signer(purpose).unsign(token).partition(".")
        made_at = datetime.fromtimestamp(int(stamp, 16), UTC)
    except (signing.BadSignature, ValueError, OverflowError, OSError):
        raise Invalid("Not a token for this purpose.") from None
    if made_at > at + CLOCK_SKEW:
        raise Invalid("The token is from the future.")
    if at - made_at > max_age:
        raise Stale(value)
    return value


def _signer(purpose: str) -> signing.Signer:
    """Return the signer of one purpose; the salt separates purposes, SHA-256 gives 256 bits."""
    return signing.Signer(salt=f"newsroom.tokens.{purpose}", algorithm="sha256")
