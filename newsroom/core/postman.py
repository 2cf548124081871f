"""Sending what the outbox holds, once each as far as SMTP lets anyone know.

A row is claimed and the claim committed; then the server is called; then `exchange_at` is committed and the mail handed
over. A worker that dies before the exchange has sent nothing, so the row goes back. One that dies within it may have: a
receipt is then sent again under the same Message-ID, a notice is marked uncertain and left to people.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet

from newsroom.core import leases
from newsroom.core.models import OutboxMail

logger = logging.getLogger(__name__)

# One run; the worker comes back every second.
BATCH = 20
# After these many tries a mail is given up: with pauses doubling from a minute to six hours, about two and a half days.
MAX_ATTEMPTS = 18
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# A mail and its address are deleted this long after it was sent or given up; its text once it is sent.
KEEP = timedelta(days=30)


def due(at: datetime) -> QuerySet[OutboxMail]:
    """Return the mails that wait to be sent at `at`, oldest first."""
    return OutboxMail.objects.filter(
        claimed_at__isnull=True,
        sent_at__isnull=True,
        uncertain_at__isnull=True,
        failed_at__isnull=True,
        send_after__lte=at,
    ).order_by("send_after", "id")


def deliver(at: datetime, *, worker_id: str, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send mails that are due, over one connection; return how many were sent."""
    sent = 0
    waiting = list(due(at)[:BATCH])
    if not waiting:
        return sent
    connection = get_connection()
    try:
        for mail in waiting:
            if is_stopping():
                break
            if not claim(mail, at, worker_id):
                continue
            try:
                connection.open()
            except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
                # Nobody to hand anything to: the rest of the batch need not try.
                postpone(mail, at, error)
                break
            sent += hand_over(mail, at, connection)
    finally:
        close(connection)
    return sent


def claim(mail: OutboxMail, at: datetime, worker_id: str) -> bool:
    """Take the mail for this worker; False when another was faster. Committed before anything is sent."""
    row = due(at).filter(pk=mail.pk)
    mail.attempts += 1
    return row.update(claimed_at=at, claimed_by=worker_id, exchange_at=None, attempts=F("attempts") + 1) == 1


def hand_over(mail: OutboxMail, at: datetime, connection: BaseEmailBackend) -> bool:
    """Give a claimed mail to the server and write down what came of it; say whether it was sent."""
    row = OutboxMail.objects.filter(pk=mail.pk, sent_at__isnull=True)
    if not row.filter(claimed_at=at, exchange_at__isnull=True).update(exchange_at=at):
        return False
    try:
        connection.send_messages([message(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        refused(mail, at, code)
    except smtplib.SMTPResponseException as error:
        refused(mail, at, error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        # The line went dead: whether the server had taken the mail by then, nobody can tell.
        in_doubt(mail, at, type(error).__name__)
    else:
        # The text is no longer needed, and links in it may open things.
        row.update(sent_at=at, error="", body_text="")
        return True
    # After a refusal or a broken line the next mail begins with a fresh connection.
    close(connection)
    return False


def message(mail: OutboxMail) -> EmailMessage:
    """Build the mail. Django refuses line breaks in headers; the outbox stores none (newsroom.core.mail)."""
    return EmailMessage(
        subject=mail.subject,
        body=mail.body_text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers={
            "Message-ID": mail.message_id,
            # RFC 3834, 5: no vacation message may answer this.
            "Auto-Submitted": "auto-generated",
        },
    )


def refused(mail: OutboxMail, at: datetime, code: int) -> None:
    """The server said no: for now (4xx, RFC 5321, 4.2.1) or for good. Either way it does not have the mail."""
    if 400 <= code < 500 or code < 200:
        postpone(mail, at, str(code))
    else:
        OutboxMail.objects.filter(pk=mail.pk).update(failed_at=at, error=str(code))


def postpone(mail: OutboxMail, at: datetime, reason: object) -> None:
    """Put a mail that was surely not sent back into the queue, a while later each time, until the tries are used up."""
    error = reason if isinstance(reason, str) else type(reason).__name__
    row = OutboxMail.objects.filter(pk=mail.pk)
    if mail.attempts >= MAX_ATTEMPTS:
        row.update(failed_at=at, error=error)
        return
    pause = min(FIRST_PAUSE * 2 ** (mail.attempts - 1), LONGEST_PAUSE)
    row.update(claimed_at=None, claimed_by="", exchange_at=None, send_after=at + pause, error=error)


def in_doubt(mail: OutboxMail, at: datetime, reason: str) -> None:
    """The exchange broke off: send a receipt again, mark a notice as uncertain."""
    if mail.kind == OutboxMail.Kind.RECEIPT:
        postpone(mail, at, reason)
    else:
        OutboxMail.objects.filter(pk=mail.pk, sent_at__isnull=True).update(uncertain_at=at, error=reason)


def recover(at: datetime) -> int:
    """See to mails claimed by workers that are dead at `at`; return how many."""
    claimed = OutboxMail.objects.filter(
        claimed_at__isnull=False, sent_at__isnull=True, uncertain_at__isnull=True, failed_at__isnull=True
    )
    # Rows before leases, as the reaper does: who claimed one of them had a lease by then.
    rows = list(claimed)
    alive = leases.live_workers(at) if rows else set()
    abandoned = [mail for mail in rows if mail.claimed_by not in alive]
    for mail in abandoned:
        if mail.exchange_at is None:
            OutboxMail.objects.filter(
                pk=mail.pk, claimed_by=mail.claimed_by, claimed_at=mail.claimed_at, exchange_at__isnull=True
            ).update(claimed_at=None, claimed_by="")
        else:
            in_doubt(mail, at, "interrupted")
    return len(abandoned)


def prune(at: datetime) -> int:
    """Delete mails that were sent or given up long ago, their addresses with them; return how many."""
    old = at - KEEP
    deleted, _ = OutboxMail.objects.filter(Q(sent_at__lt=old) | Q(failed_at__lt=old) | Q(uncertain_at__lt=old)).delete()
    return deleted


def close(connection: BaseEmailBackend) -> None:
    """Hang up; the other side may have done so already."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("The mail server hung up first.")
