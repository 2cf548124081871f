"""A token opens the one thing it was made for, for a while."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from newsroom.core import tokens

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PURPOSES = ["comments.form", "comments.confirm", "articles.preview", "mail.unsubscribe", "comments.edit", "comments"]


@given(st.text())
def test_read_returns_what_was_signed(value: str) -> None:
    assert tokens.read("comments.form", tokens.make("comments.form", value, at=AT), max_age=HOUR, at=AT) == value


@pytest.mark.parametrize(("made", "read"), list(itertools.permutations(PURPOSES, 2)))
def test_no_purpose_reads_anothers_token(made: str, read: str) -> None:
    with pytest.raises(tokens.Invalid):
        tokens.read(read, tokens.make(made, "17", at=AT), max_age=HOUR, at=AT)


def test_an_old_token_is_stale_and_says_what_it_said() -> None:
    token = tokens.make("comments.form", "17", at=AT)
    assert tokens.read("comments.form", token, max_age=HOUR, at=AT + HOUR) == "17"
    with pytest.raises(tokens.Stale) as caught:
        tokens.read("comments.form", token, max_age=HOUR, at=AT + HOUR + timedelta(seconds=1))
    assert caught.value.value == "17"


def test_a_token_from_the_future_is_invalid() -> None:
    with pytest.raises(tokens.Invalid):
        tokens.read("a", tokens.make("a", "1", at=AT + HOUR), max_age=HOUR, at=AT)


def test_former_keys_are_honoured_and_dropped_ones_are_not() -> None:
    with override_settings(SECRET_KEY="former" * 10):
        token = tokens.make("a", "1", at=AT)
    with override_settings(SECRET_KEY="present" * 10, SECRET_KEY_FALLBACKS=["former" * 10]):
        assert tokens.read("a", token, max_age=HOUR, at=AT) == "1"
    with override_settings(SECRET_KEY="present" * 10), pytest.raises(tokens.Invalid):
        tokens.read("a", token, max_age=HOUR, at=AT)


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "0" + token, lambda token: token + "A"])
def test_a_changed_token_is_invalid(change: object) -> None:
    token = change(tokens.make("a", "1", at=AT))  # type: ignore[operator]
    with pytest.raises(tokens.Invalid):
        tokens.read("a", token, max_age=HOUR, at=AT)


@given(st.text())
def test_rubbish_is_invalid(rubbish: str) -> None:
    with pytest.raises(tokens.Invalid):
        tokens.read("a", rubbish, max_age=HOUR, at=AT)
