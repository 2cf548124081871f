"""How people come to the desk: sessions of staff, and invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class StaffSession(AbstractBaseSession):
    """One browser's session at the desk; deleting the row ends it at once. Filled in by newsroom.core.sessions."""

    # NULL: between password and second factor, nobody is logged in yet.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="staff_sessions"
    )
    # Browser and system in two words, and the network without the last part of the address.
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=45, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        """Return the engine that reads these rows; looked up late, since the engine names this model."""
        store: type[Any] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store


class Invitation(models.Model):
    """An account somebody was asked to take up by a mailed link. One row for each account, renewed when sent again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation")
    # NULL: from the shell.
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # SHA-256 of the secret in the newest link; older links name another, so they are dead.
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("works until"))
    # NULL: nobody has followed the link. Set once.
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    # NULL: the link may be followed.
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.user)

    def is_open(self, at: datetime) -> bool:
        """Whether the newest link still works at `at`."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
