"""Limits hold across processes and keep nobody's address."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from newsroom.core import ratelimit
from newsroom.core.models import AddressKey, RateCount

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def hit(key: str = "a", at: datetime = AT, scope: str = "post", limit: int = 2) -> bool:
    return ratelimit.hit(scope, key, limit=limit, window=WINDOW, at=at)


@pytest.mark.django_db
def test_hits_beyond_the_limit_are_refused_until_the_next_window() -> None:
    assert [hit() for _ in range(4)] == [True, True, False, False]
    assert hit(at=AT + WINDOW)


@pytest.mark.django_db
def test_keys_and_scopes_are_counted_apart() -> None:
    assert [hit(), hit(), hit()] == [True, True, False]
    assert hit("b")
    assert hit(scope="login")


@pytest.mark.django_db
def test_no_key_is_stored_as_it_is() -> None:
    hit("rea@example.org")
    ratelimit.hit_address("post", "203.0.113.9", limit=5, network_limit=9, window=WINDOW, at=AT)
    stored = {row.key for row in RateCount.objects.all()}
    assert len(stored) == 3
    assert all(len(key) == 64 and key[:3] != "203" and "rea" not in key for key in stored)


def address(client: str, at: datetime = AT, limit: int = 2, network_limit: int = 3) -> bool:
    return ratelimit.hit_address("post", client, limit=limit, network_limit=network_limit, window=WINDOW, at=at)


@pytest.mark.django_db
def test_a_network_shares_a_wider_limit() -> None:
    assert [address("203.0.113.1"), address("203.0.113.1"), address("203.0.113.1")] == [True, True, False]
    assert [address("203.0.113.2"), address("203.0.113.3")] == [True, False]
    assert address("203.0.114.1")
    assert [address(f"2001:db8:1:{n}::1") for n in range(4)] == [True, True, True, False]
    assert address("2001:db8:2::1")


@pytest.mark.django_db
def test_keys_rotate_the_former_one_is_honoured_and_the_rest_is_dropped() -> None:
    at = datetime.fromtimestamp(3_000 * ratelimit.KEY_PERIOD.total_seconds(), UTC)
    before = ratelimit.address_hashes("203.0.113.9", at=at - timedelta(seconds=1))
    after = ratelimit.address_hashes("203.0.113.9", at=at)
    assert len(before.address) == 1
    assert after.address[1] == before.address[0] != after.address[0]
    ratelimit.prune(at=at + ratelimit.KEY_PERIOD)
    assert list(AddressKey.objects.values_list("period", flat=True)) == [3_000]


@pytest.mark.django_db
def test_a_change_of_keys_frees_nobody() -> None:
    turn = datetime.fromtimestamp(3_000 * ratelimit.KEY_PERIOD.total_seconds(), UTC)
    window = timedelta(days=7)
    start = turn - timedelta(hours=1)

    def post(at: datetime) -> bool:
        return ratelimit.hit_address("post", "203.0.113.9", limit=2, network_limit=9, window=window, at=at)

    results = [post(start), post(start), post(turn)]
    same_window = ratelimit._window_start(window, start) == ratelimit._window_start(window, turn)
    assert same_window
    assert results == [True, True, False]


@pytest.mark.django_db
def test_prune_deletes_windows_long_over() -> None:
    hit()
    assert ratelimit.prune(at=AT + timedelta(days=1)) == 0
    assert ratelimit.prune(at=AT + timedelta(days=3)) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_the_limit_passes() -> None:
    passed: list[bool] = []
    start = threading.Barrier(12)

    def post() -> None:
        try:
            start.wait()
            passed.extend(hit(limit=5) for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed.count(True) == 5
    assert len(passed) == 36
    assert RateCount.objects.get().count == 5
