"""Limits that all processes share, counted in the database under keys that name nobody."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import PositiveIntegerField, Sum

from newsroom.core.models import AddressKey, RateCount
from newsroom.core.prepared import Prepared, Slot

# A key hashes addresses for one period and is honoured for one more, so it lives 30 days at most.
KEY_PERIOD = timedelta(days=15)

# Counts and asks in one statement, so that two processes at the limit cannot both pass.
COUNT = """
INSERT INTO core_ratecount (scope, key, window_start, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, key, window_start)
DO UPDATE SET count = core_ratecount.count + 1 WHERE core_ratecount.count < %s
"""


def hit(scope: str, key: str, *, limit: int, window: timedelta, at: datetime) -> bool:
    """Count one hit of `key` and return True, or return False when `limit` hits fell into this window already.

    Call it before the transaction it guards, or a rollback takes the count back. `key` may be anything; only a keyed
    hash of it is stored.
    """
    return _hit(scope, _digest(settings.SECRET_KEY, f"{scope}\0{key}"), (), limit=limit, window=window, at=at)


def hit_address(scope: str, address: str, *, limit: int, network_limit: int, window: timedelta, at: datetime) -> bool:
    """Count one hit of a client address and of its network; return False when either is over its limit.

    Hits under the key before the last change still count, so a change of keys frees nobody.
    """
    return hit_client(
        scope, address_hashes(address, at=at), limit=limit, network_limit=network_limit, window=window, at=at
    )


def hit_client(
    scope: str, client: AddressHashes, *, limit: int, network_limit: int, window: timedelta, at: datetime
) -> bool:
    """Do what `hit_address` does for a client whose address was hashed at `at` already."""
    return _hit(scope, client.address[0], client.address[1:], limit=limit, window=window, at=at) and _hit(
        scope, client.network[0], client.network[1:], limit=network_limit, window=window, at=at
    )


def _hit(scope: str, key: str, former: tuple[str, ...], *, limit: int, window: timedelta, at: datetime) -> bool:
    """Do the counting of `hit`; `former` are the same client's hashes under older keys."""
    start = _window_start(window, at)
    # Only a window in which the keys changed can hold hits under both.
    if former and _period(start) != _period(at):
        counts = RateCount.objects.filter(scope=scope, key__in=former, window_start=start)
        limit -= counts.aggregate(total=Sum("count"))["total"] or 0
    if limit <= 0:
        return False
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [scope, key, connection.ops.adapt_datetimefield_value(start), limit])
        return bool(cursor.rowcount == 1)


def _window_start(window: timedelta, at: datetime) -> datetime:
    """Return the start of the window, counted from the epoch, into which `at` falls."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


@dataclass(frozen=True)
class AddressHashes:
    """Keyed hashes of one client: newest key first, then the key before it where there was one."""

    address: tuple[str, ...]
    # Of the /24 (IPv4) or /48 (IPv6) around it.
    network: tuple[str, ...]


def address_hashes(address: str, *, at: datetime) -> AddressHashes:
    """Hash `address` and its network under the key of the period of `at`, and under the one before."""
    ip = ipaddress.ip_address(address)
    network = ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False)
    keys = _address_keys(at)
    return AddressHashes(
        address=tuple(_digest(key, f"address\0{ip}") for key in keys),
        network=tuple(_digest(key, f"network\0{network}") for key in keys),
    )


KEYS_SINCE = Prepared(
    lambda: AddressKey.objects.filter(period__gte=Slot("since", PositiveIntegerField())).values_list("period", "key"),
    lambda period, key: (period, key),
)


def _address_keys(at: datetime) -> list[str]:
    """Return this period's key, made by whoever comes first, and the one before it if any."""
    period = _period(at)
    keys = dict(KEYS_SINCE.all(since=period - 1))
    if period not in keys:
        AddressKey.objects.bulk_create([AddressKey(period=period)], ignore_conflicts=True)
        keys[period] = AddressKey.objects.get(period=period).key
    return [keys[number] for number in (period, period - 1) if number in keys]


def _period(at: datetime) -> int:
    return int(at.timestamp() // KEY_PERIOD.total_seconds())


def _digest(key: str, value: str) -> str:
    return hmac.new(key.encode(), value.encode(), "sha256").hexdigest()


def prune(*, at: datetime, keep: timedelta = timedelta(days=2)) -> int:
    """Delete counts of windows long over and keys two periods old; return how many counts went."""
    AddressKey.objects.filter(period__lt=_period(at) - 1).delete()
    deleted, _ = RateCount.objects.filter(window_start__lt=at - keep).delete()
    return deleted
