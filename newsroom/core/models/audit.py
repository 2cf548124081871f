"""The append-only record of who did what."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """An audit entry was to be changed or deleted."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Entries can be read and added. The database refuses the rest too (newsroom.core.appendonly)."""

    def about(self, obj: models.Model) -> Self:
        """Keep what was done to `obj`."""
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit entries are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Audit entries are never deleted.")


class AuditEntry(models.Model):
    """One act on one object. Holds ids, field names and statuses only, never a reader's personal data."""

    at = models.DateTimeField(_("time"))
    # NULL: the machine acted (a schedule, the reaper), or the reader, who has no account.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(_("object"), max_length=40)
    data = models.JSONField(_("details"), default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            # The history of one object, newest first.
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new entry. Raises AppendOnly for one that already stands."""
        if not self._state.adding:
            raise AppendOnly("Audit entries are never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit entries are never deleted.")
