"""Second factors in the database: of no use to who has read it, and kept through a change of the key."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from newsroom.accounts import sealing
from newsroom.core.models import User
from tests.accounts.conftest import is_in, log_in
from tests.accounts.test_second_factor import code

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def stored(user: User) -> str:
    """Return everything that stands about the account's second factors."""
    return "".join(str(factor.data) for factor in Authenticator.objects.filter(user=user))


def lets_in(given: str) -> bool:
    """Whether Ed's log-in ends inside with this code."""
    client = Client()
    log_in(client, "ed")
    client.post("/accounts/mfa/authenticate/", {"code": given})
    return is_in(client)


def before_there_was_a_seal(user: User, secret: str) -> None:
    TOTP.activate(user, secret)
    Authenticator.objects.filter(user=user).update(data={"secret": secret})


def test_the_database_holds_no_secret_and_the_codes_open(ed: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ed, secret)
    recovery = RecoveryCodes.activate(ed).get_unused_codes()[0]
    assert secret not in stored(ed)
    assert stored(ed).count(sealing.MARK) == 2
    assert lets_in(code(secret))
    assert lets_in(recovery)


def test_what_was_stored_before_opens_and_the_next_migration_seals_it(ed: User) -> None:
    secret = generate_totp_secret()
    before_there_was_a_seal(ed, secret)
    assert lets_in(code(secret))
    sealing.seal_former()
    assert secret not in stored(ed)
    assert sealing.unseal(Authenticator.objects.get(user=ed).data["secret"]) == secret
    assert sealing.reseal() == (0, 0)


def test_a_former_key_opens_until_everything_is_sealed_anew(ed: User, settings: LazySettings) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ed, secret)
    RecoveryCodes.activate(ed)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = (
        "another key of forty characters or so ....",
        [settings.SECRET_KEY],
    )
    assert lets_in(code(secret))
    out = StringIO()
    call_command("sealmfa", stdout=out)
    assert "2" in out.getvalue()
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(Authenticator.objects.get(user=ed, type="totp").data["secret"]) == secret


def test_without_its_key_a_factor_lets_nobody_in(
    ed: User, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ed, secret)
    RecoveryCodes.activate(ed)
    settings.SECRET_KEY = "another key of forty characters or so ...."
    assert not lets_in(code(secret))
    assert not lets_in(code(""))
    assert "resetmfa" in caplog.text
    with pytest.raises(CommandError, match="2"):
        call_command("sealmfa", stdout=StringIO())
    call_command("resetmfa", "ed", stdout=StringIO())
