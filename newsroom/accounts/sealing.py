"""Secrets of second factors, unreadable to who has the database alone.

Sealed under a key made of SECRET_KEY. While that is changed, SECRET_KEY_FALLBACKS opens what was sealed before;
`reseal` puts everything under the newest, so that a former key can go.
"""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connections, transaction
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

# Stands before what is sealed. What was stored before there was a seal has none.
MARK = "sealed:"
# What an authenticator keeps that lets others in: of an app, of recovery codes.
SECRETS = ("secret", "seed")


class SealedFactors(DefaultMFAAdapter):
    """allauth's second factors with their secrets sealed."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it was; a random one, which no code fits, when no key of ours opens it."""
        try:
            return unseal(encrypted_text)
        except InvalidToken:
            logger.error("A second factor was sealed under a SECRET_KEY that is not known any more: `resetmfa` it.")
            return base64.b32encode(secrets.token_bytes(40)).decode()


def seal(text: str) -> str:
    """Return `text` as only a holder of SECRET_KEY reads it."""
    return MARK + fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed, or what never was. Raises InvalidToken when none of the keys opens it."""
    if not sealed.startswith(MARK):
        return sealed
    keys = MultiFernet([fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])
    return keys.decrypt(sealed.removeprefix(MARK)).decode()


def is_newest(sealed: str) -> bool:
    """Whether the present SECRET_KEY opens it."""
    try:
        fernet(settings.SECRET_KEY).decrypt(sealed.removeprefix(MARK) if sealed.startswith(MARK) else "")
    except InvalidToken:
        return False
    return True


def fernet(key: str) -> Fernet:
    """Return the cipher of one key: AES-128-CBC with HMAC-SHA256 under a digest of it, for this purpose alone."""
    digest = salted_hmac("newsroom.accounts.sealing", "second factors", secret=key, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


@transaction.atomic
def reseal() -> tuple[int, int]:
    """Seal everything under the present key; return how many were sealed anew, and how many no key of ours opens."""
    changed = lost = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        old = {name: factor.data[name] for name in SECRETS if name in factor.data}
        try:
            new = {name: seal(unseal(sealed)) for name, sealed in old.items() if not is_newest(sealed)}
        except InvalidToken:
            lost += 1
            continue
        if new:
            factor.data |= new
            factor.save(update_fields=["data"])
            changed += 1
    return changed, lost


def seal_former(using: str = "default", **_kwargs: Any) -> None:
    """After a migration: seal what an earlier version stored as it was."""
    if Authenticator._meta.db_table in connections[using].introspection.table_names():
        reseal()
