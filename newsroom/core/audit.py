"""Writing the audit log."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import models

from newsroom.core.models import AuditEntry, User

# One word: an id, a field name, a status, a code, a moment. Free text and addresses do not pass.
WORD = re.compile(r"[\w.:+/-]{0,100}")


def record(action: str, obj: models.Model, *, by: User | None, at: datetime, **data: Any) -> AuditEntry:
    """Append that `by` did `action` ("article.publish") to `obj` at `at`; call it in the transaction of the act.

    `data` holds ids, field names, statuses, moments, and lists of them. Raises ValueError for anything else, since the
    log must never keep what a reader wrote or who a reader is.
    """
    return AuditEntry.objects.create(
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        by=by,
        at=at,
        data={name: _fact(name, value) for name, value in data.items()},
    )


def _fact(name: str, value: Any) -> Any:
    """Return `value` as JSON can hold it, or raise ValueError when it is not a fact the log may keep."""
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and WORD.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_fact(name, item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    raise ValueError(f"audit: {name} is neither an id, a field name, a status nor a moment")
