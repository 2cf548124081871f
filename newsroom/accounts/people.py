"""What happens to staff accounts: invited, taken up, bound to sections, closed, opened again."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from articles.models import Section, SectionEditor
from newsroom.core import audit, http, mail, sessions, tokens
from newsroom.core.models import Invitation, OutboxMail, User
from newsroom.core.text import slugify

PURPOSE = "accounts.invitation"
LINK_WORKS = timedelta(days=7)


class Gone(Exception):
    """The link of an invitation does not work: forged, used, revoked, replaced or too old. Which, it does not say."""


class Taken(Exception):
    """Somebody else has the user name by now."""


@dataclass(frozen=True)
class Link:
    """An invitation and the address that takes it up. The address is a secret: it stands in one mail and nowhere."""

    invitation: Invitation
    url: str


@transaction.atomic
def invite(
    *,
    email: str,
    username: str = "",
    groups: Collection[Group],
    sections: Collection[Section] = (),
    language: str = "id",
    is_superuser: bool = False,
    is_mailed: bool = True,
    by: User | None,
    at: datetime,
) -> Link:
    """Make an account that nobody can log in to yet, and mail its link.

    `username` is a free name that the form behind the link proposes; without one it is made of the part before the @.
    Raises ValidationError for a bad address. Not mailed: whoever calls this hands the link over or takes it up at once.
    """
    email = mail.address(email)
    user = User(username=username or free_username(email), email=email, language=language, date_joined=at)
    user.is_staff, user.is_active, user.is_superuser = True, False, is_superuser
    user.set_unusable_password()
    user.save()
    user.groups.set(groups)
    bind(user, sections, by=by, at=at)
    invitation = Invitation(user=user, invited_by=by)
    audit.record("user.invite", user, by=by, at=at, groups=sorted(group.name for group in groups))
    return _send(invitation, is_mailed=is_mailed, by=by, at=at)


@transaction.atomic
def send_again(invitation: Invitation, *, by: User | None, at: datetime) -> Link:
    """Mail a new link; the one before stops working. Raises Gone when the account was taken up."""
    invitation = Invitation.objects.select_for_update().select_related("user").get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise Gone
    audit.record("user.invite_again", invitation.user, by=by, at=at)
    return _send(invitation, is_mailed=True, by=by, at=at)


@transaction.atomic
def follow_address(user: User, *, by: User | None, at: datetime) -> Link | None:
    """Send an open invitation to the address the account has now; the link in the other mailbox stops working.

    None: there is none, or it was taken up or back, or is too old.
    """
    invitation = Invitation.objects.select_for_update().filter(user=user).first()
    if invitation is None or not invitation.is_open(at):
        return None
    return send_again(invitation, by=by, at=at)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    """Make the link stop working. Raises Gone when it was followed already."""
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not open_.update(revoked_at=at):
        raise Gone
    audit.record("user.invite_revoke", invitation.user, by=by, at=at)


def invited(token: str, *, at: datetime) -> Invitation:
    """Return the invitation that `token` opens at `at`. Raises Gone."""
    try:
        pk, _dot, secret = tokens.read(PURPOSE, token, max_age=LINK_WORKS, at=at).partition(".")
    except (tokens.Invalid, tokens.Stale):
        raise Gone from None
    invitation = Invitation.objects.select_related("user").filter(pk=int(pk)).first()
    if invitation is None or not hmac.compare_digest(invitation.digest, _digest(secret)) or not invitation.is_open(at):
        raise Gone
    return invitation


@transaction.atomic
def take_up(
    invitation: Invitation, *, username: str, first_name: str, last_name: str, password: str, at: datetime
) -> User:
    """Open the account to the invited person. Raises Gone when another request did so first, Taken for the name.

    The condition stands in the UPDATE and names the link: of two posts, or of a post and a renewed link, one wins.
    """
    still_open = Invitation.objects.filter(
        pk=invitation.pk, digest=invitation.digest, accepted_at__isnull=True, revoked_at__isnull=True
    )
    if not still_open.update(accepted_at=at):
        raise Gone
    user = User.objects.get(pk=invitation.user_id)
    user.username, user.first_name, user.last_name = username, first_name, last_name
    user.is_active = True
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Taken from None
    audit.record("user.take_up", user, by=user, at=at)
    return user


@transaction.atomic
def bind(user: User, sections: Collection[Section], *, by: User | None, at: datetime) -> None:
    """Bind an editor to exactly these sections; none: they work in all."""
    wanted = {section.pk for section in sections}
    bound = set(SectionEditor.objects.filter(user=user).values_list("section_id", flat=True))
    if wanted == bound:
        return
    SectionEditor.objects.filter(user=user, section__in=bound - wanted).delete()
    SectionEditor.objects.bulk_create(
        [SectionEditor(user=user, section_id=pk) for pk in sorted(wanted - bound)], ignore_conflicts=True
    )
    audit.record("user.sections", user, by=by, at=at, sections=sorted(wanted))


@transaction.atomic
def close(user: User, *, by: User | None, at: datetime) -> None:
    """Close an account: nobody is logged in to it from this moment on. Bylines and all it did keep its name.

    Links that wait for it die too.
    """
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return
    user.is_active = False
    ended = sessions.end(user)
    Invitation.objects.filter(user=user, accepted_at__isnull=True).update(revoked_at=at)
    audit.record("user.close", user, by=by, at=at, sessions=ended)


@transaction.atomic
def reopen(user: User, *, by: User | None, at: datetime) -> None:
    """Open a closed account again, with the password, groups and second factor it had."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        return
    user.is_active = True
    audit.record("user.reopen", user, by=by, at=at)


def free_username(email: str) -> str:
    """Return a user name from the part before the @, with a number where it is taken."""
    base = (slugify(email.partition("@")[0]) or "staf")[:140]
    known = User.objects.filter(username__istartswith=base).values_list("username", flat=True)
    taken = {name.lower() for name in known}
    names = (base if number == 1 else f"{base}{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _send(invitation: Invitation, *, is_mailed: bool, by: User | None, at: datetime) -> Link:
    """Give the invitation a new secret and mail its link, in the language of the account."""
    secret = secrets.token_urlsafe(24)
    invitation.digest, invitation.sent_at, invitation.expires_at = _digest(secret), at, at + LINK_WORKS
    invitation.revoked_at = None
    invitation.save()
    token = tokens.make(PURPOSE, f"{invitation.pk}.{secret}", at=at)
    url = http.site_origin() + reverse("account_invitation", args=[token])
    if is_mailed:
        _mail(invitation, {"url": url, "inviter": by, "days": LINK_WORKS.days}, at=at)
    return Link(invitation, url)


def _mail(invitation: Invitation, context: dict[str, Any], *, at: datetime) -> None:
    event = f"invitation:{invitation.pk}:{invitation.digest[:12]}"
    with translation.override(invitation.user.language):
        mail.queue(event, invitation.user.email, "invitation", context, at=at, kind=OutboxMail.Kind.RECEIPT)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
