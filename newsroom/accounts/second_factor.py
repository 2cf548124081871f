"""Who needs a second factor, and that its codes work once."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from newsroom.core import audit, ratelimit, sessions
from newsroom.core.models import User

# Tries at the code of one account. Whoever tries knows the password, so this locks out no honest person.
PER_ACCOUNT = 10
WINDOW = timedelta(minutes=10)


def is_required(user: User | AnonymousUser) -> bool:
    """Whether the newsroom asks this person for a second factor: editors and above, where the setting says so."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    return any((user.is_superuser, user.has_perm("articles.approve_article"), user.has_perm("core.change_user")))


def has_one(user: User | AnonymousUser) -> bool:
    """Whether the person has set up an authenticator app."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether the person has to set one up before anything else."""
    return is_required(user) and not has_one(user)


def may_try(user: User, *, at: datetime) -> bool:
    """Count one try at the account's code, over all processes, and say whether it may be looked at."""
    return ratelimit.hit("mfa.account", str(user.pk), limit=PER_ACCOUNT, window=WINDOW, at=at)


def take(user: User, code: str, *, at: datetime) -> bool:
    """Take a code that was found right; False when it was used before.

    allauth remembers used codes in the cache, which processes of an embedded newsroom do not share. Two windows, half
    a window apart: a code replayed across the end of the one still lies in the other.
    """
    key = f"{user.pk}\0{code.strip()}"
    moments = {"mfa.code.a": at, "mfa.code.b": at + WINDOW / 2}
    return all(ratelimit.hit(scope, key, limit=1, window=WINDOW, at=moment) for scope, moment in moments.items())


@transaction.atomic
def reset(user: User, *, by: User | None, at: datetime) -> int:
    """Remove every second factor of an account and end its sessions; return how many factors went."""
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    sessions.end(user)
    audit.record("user.second_factor_reset", user, by=by, at=at, removed=removed)
    return removed
