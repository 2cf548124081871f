"""The session engine: Django's database sessions, in rows that say whose they are and where they are used.

So a person can see and end their own, and deactivation ends all of an account's at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from newsroom.core.models import StaffSession, User

# Names in the session's data that become columns.
DEVICE, NETWORK, BEGAN = "device", "network", "began"
# "Last seen" is written at most this often.
SEEN_EVERY = timedelta(minutes=5)


class SessionStore(DatabaseStore):
    """Sessions of staff. Whoever saves one that was ended meanwhile gets an error, never a new one."""

    # When this session was last seen, as far as the row was read.
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def _get_session_from_db(self) -> StaffSession | None:
        row: StaffSession | None = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        """Return the row for `data`, its columns filled from it."""
        row = super().create_model_instance(data)
        assert isinstance(row, StaffSession)
        user_id = data.get(SESSION_KEY)
        row.user_id = int(user_id) if user_id else None
        row.device, row.network = data.get(DEVICE, ""), data.get(NETWORK, "")
        row.seen_at = timezone.now()
        row.began_at = datetime.fromisoformat(data[BEGAN]) if BEGAN in data else row.seen_at
        return row

    def seen(self, *, at: datetime) -> None:
        """Note that the session is in use; at most one write in five minutes."""
        if self.session_key and self.seen_at and at - self.seen_at >= SEEN_EVERY:
            StaffSession.objects.filter(session_key=self.session_key).update(seen_at=at)
            self.seen_at = at


def end(user: User, *, but: str | None = None) -> int:
    """End the sessions of `user`, all or all but the one with the key `but`; return how many."""
    deleted, _ = StaffSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    return deleted


def prune(*, at: datetime) -> int:
    """Delete sessions that have run out; return how many."""
    deleted, _ = StaffSession.objects.filter(expire_date__lt=at).delete()
    return deleted
