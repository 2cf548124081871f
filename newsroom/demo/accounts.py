"""The demo's staff: one account for each group, with passwords made once."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.contrib.auth import hashers
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import ProtectedError

from newsroom.bootstrap.places import LOGINS_NAME
from newsroom.core.models import User
from newsroom.env import var_dir

# No letters or digits that are taken for one another; 16 of them carry 78 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# A reserved domain: mail to it can reach nobody.
DOMAIN = "lintang.example"


def logins_path() -> Path:
    """Return the file that keeps the log-ins, readable by its owner alone."""
    return var_dir() / LOGINS_NAME


def open_accounts(staff: list[dict[str, Any]]) -> tuple[dict[str, User], str]:
    """Make the accounts; return them by user name, and the log-ins as text. Raises IntegrityError for a taken name."""
    accounts, lines = {}, ["Demo log-ins (the passwords are random and stand only here):"]
    passwords = [make_password() for _ in staff]
    # Hashing is slow on purpose, and leaves the interpreter to others meanwhile.
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(hashers.make_password, passwords))
    for row, password, hashed in zip(staff, passwords, hashes, strict=True):
        account = User(
            username=row["username"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            email=f"{row['username']}@{DOMAIN}",
            is_staff=True,
            password=hashed,
        )
        account.save()
        account.groups.add(Group.objects.get(name=row["group"]))
        accounts[account.username] = account
        bound = f" for {', '.join(row['sections'])} only" if row.get("sections") else ""
        role = row["group"].replace("_", " ")
        lines.append(f"  {account.username:<8}{password}   {account}, {role}{bound}")
    return accounts, "\n".join(lines) + "\n"


def make_password() -> str:
    """Return four groups of four characters."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def keep_logins(text: str) -> None:
    """Write the log-ins; at no moment can anybody but the owner read them, and no reader sees half of them."""
    path = logins_path()
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    scratch.replace(path)


def close_account(account: User) -> bool:
    """Delete the account and return True; or, where the audit log or a story names it, close it and free its name.

    A closed account has no password, group or staff right. The log is append-only, so who stands in it stays.
    """
    try:
        with transaction.atomic():
            account.delete()
    except ProtectedError:
        account.groups.clear()
        account.user_permissions.clear()
        account.username, account.email = f"demo-{account.pk}", ""
        account.is_active = account.is_staff = account.is_superuser = False
        account.set_unusable_password()
        account.save()
        return False
    return True
