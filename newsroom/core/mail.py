"""The outbox: mail is queued in the transaction that causes it and sent by a worker."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import validate_email
from django.template.loader import render_to_string

from newsroom.core import text
from newsroom.core.models import OutboxMail


def queue(
    event: str,
    to: str,
    template: str,
    context: dict[str, Any],
    *,
    at: datetime,
    send_after: datetime | None = None,
    kind: str = OutboxMail.Kind.NOTICE,
) -> OutboxMail:
    """Write one mail to be sent after `send_after` (`at` when None); return the row, an older one for a repeat.

    `event` names what happened ("comment-approved:17"); one mail goes out for each event and recipient. Subject and
    text come from `emails/<template>_subject.txt` and `emails/<template>.txt`, rendered now, in the language now
    active. Kind RECEIPT is sent again when an exchange broke off, NOTICE is not.
    Raises ValidationError for a bad address.
    """
    subject = render_to_string(f"emails/{template}_subject.txt", context)
    body = render_to_string(f"emails/{template}.txt", context)
    return queue_text(event, to, subject, body, at=at, send_after=send_after, kind=kind)


def queue_text(
    event: str,
    to: str,
    subject: str,
    body: str,
    *,
    at: datetime,
    send_after: datetime | None = None,
    kind: str = OutboxMail.Kind.NOTICE,
) -> OutboxMail:
    """Do what `queue` does with a subject and a text that stand already."""
    recipient = address(to)
    mail = OutboxMail(
        event=event,
        recipient=recipient,
        kind=kind,
        subject=text.clean_line(subject)[:255],
        body_text=text.clean_text(body) + "\n",
        message_id=f"<{secrets.token_hex(16)}@{_message_domain()}>",
        created_at=at,
        send_after=send_after or at,
    )
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)
    return OutboxMail.objects.get(event=event, recipient=recipient)


def address(to: str) -> str:
    """Return one mail address in the spelling the outbox keeps. Raises ValidationError when it is none, or more."""
    validate_email(to)
    local, _, domain = to.rpartition("@")
    return f"{local}@{domain.lower()}"


def once(prefix: str) -> str:
    """Return the name of an event that happens once and has no record of its own: a password asked for, say."""
    return f"{prefix}:{secrets.token_hex(8)}"


def cancel(event: str, *, to: str | None = None) -> int:
    """Delete what is queued for `event` and not yet being sent (the deed was undone); return how many mails."""
    waiting = OutboxMail.objects.filter(event=event, claimed_at__isnull=True, sent_at__isnull=True)
    if to is not None:
        waiting = waiting.filter(recipient=address(to))
    deleted, _ = waiting.delete()
    return deleted


def _message_domain() -> str:
    """Return the domain of Message-IDs: the site's, else the sender's."""
    return urlsplit(settings.SITE_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
