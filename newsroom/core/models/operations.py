"""What web processes and workers share through the database."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The id of the writing transaction on PostgreSQL, NULL on SQLite (where ids are handed out in commit order)."""

    template = "NULL"
    arity = 0

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="pg_current_xact_id()", **context)


class TransactionIdField(models.Field[int | None, int | None]):
    """A 64-bit PostgreSQL transaction id; never wraps, unlike `xid`.

    The page cache compares it with `pg_snapshot_xmin`, so the column has the server's own type `xid8`.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8" if connection.vendor == "postgresql" else "bigint"

    def from_db_value(self, value: Any, *_: Any) -> int | None:
        """Read an xid8, which psycopg hands over as text."""
        return None if value is None else int(value)


class SurfaceLog(models.Model):
    """One write that readers will see: the surfaces it changes. Read by the page cache, pruned after a day."""

    # PostgreSQL: the writing transaction, by column default. NULL on SQLite, where the id suffices.
    xid = TransactionIdField(null=True, editable=False, db_default=CurrentTransaction())
    # Keys made by newsroom.core.surfaces.
    keys = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # When a shared cache in front was told; NULL: not yet, or there is none.
    purged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            # What a shared cache in front was not told of (newsroom.core.cdn).
            models.Index(fields=["id"], condition=models.Q(purged_at=None), name="surfacelog_unpurged"),
            # The page cache's poll on PostgreSQL: rows of transactions not yet seen as finished.
            models.Index(fields=["xid"], name="surfacelog_xid"),
            # Pruning by age.
            models.Index(fields=["created_at"], name="surfacelog_age"),
        ]

    def __str__(self) -> str:
        return " ".join(self.keys)


class WorkerLease(models.Model):
    """A worker's sign of life, beaten by a thread; without one its running tasks are put back."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    heartbeat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class RateCount(models.Model):
    """Hits of one key within one window, shared by all processes."""

    scope = models.CharField(max_length=40)
    # A keyed hash, never an address or a name.
    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key", "window_start"], name="rate_once")]
        indexes = [
            # Pruning by age.
            models.Index(fields=["window_start"], name="rate_age"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.count}"


def new_address_key() -> str:
    """Return 256 random bits as hex."""
    return secrets.token_hex(32)


class AddressKey(models.Model):
    """The secret under which client addresses are hashed for one period; once deleted, its hashes tell nothing."""

    # Number of the period since 1970; unique, so that two processes cannot start two keys for one period.
    period = models.PositiveIntegerField(unique=True)
    key = models.CharField(max_length=64, default=new_address_key)

    def __str__(self) -> str:
        return str(self.period)


class OutboxMail(models.Model):
    """A mail to be sent: one row for each event and person.

    claimed_at NULL: waiting. claimed_at set, exchange_at NULL: a worker is connecting. exchange_at set: the mail is
    being handed over, so a broken connection leaves open whether it arrived.
    """

    class Kind(models.TextChoices):
        # Asked for by the recipient, who would ask again: sent once more when in doubt.
        RECEIPT = "receipt", _("Receipt")
        # Told once at most: in doubt it is shown as uncertain.
        NOTICE = "notice", _("Notice")

    event = models.CharField(_("event"), max_length=100)
    recipient = models.EmailField(_("recipient"), max_length=254)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NOTICE)
    subject = models.CharField(_("subject"), max_length=255)
    body_text = models.TextField(_("text"))
    message_id = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField(_("created"))
    send_after = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True)
    exchange_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    # Set when the exchange broke off inside SMTP: the mail may or may not have arrived.
    uncertain_at = models.DateTimeField(_("uncertain"), null=True)
    # Set when the server refused the mail for good, or every attempt failed.
    failed_at = models.DateTimeField(_("failed"), null=True)
    # What went wrong last: an SMTP code or the name of an exception, never the server's words (they may hold names).
    error = models.CharField(_("error"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="mail_once")]
        indexes = [
            # What a worker takes next, oldest first.
            models.Index(
                fields=["send_after", "id"],
                name="mail_due",
                condition=models.Q(
                    claimed_at__isnull=True,
                    sent_at__isnull=True,
                    uncertain_at__isnull=True,
                    failed_at__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.event
