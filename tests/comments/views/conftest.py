"""What tests of the comments' pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from articles.models import Article
from comments.forms import form_token
from tests.comments.factories import AT
from tests.factories import make_live

Send = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Read and post at AT."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(db: None) -> Article:
    """A story that went through the desk a day ago."""
    return make_live(at=AT - timedelta(days=1))


@pytest.fixture
def send(client: Client, story: Article) -> Send:
    """Post Rea's comment from a page of ours; arguments change single fields, headers go in `headers`."""

    def post(
        to: Article | int = story, *, headers: dict[str, str] | None = None, by: Client = client, **fields: Any
    ) -> Any:
        number = to if isinstance(to, int) else to.pk
        typed = {
            "text": "Selat itu dangkal di sisi utaranya.",
            "name": "Rea",
            "email": "rea@example.com",
            "website": "",
            "token": form_token(number, at=AT),
            "reply_to": "",
        } | fields
        typed = {name: value for name, value in typed.items() if value is not None}
        return by.post(f"/komentar/{number}/", typed, headers={"Sec-Fetch-Site": "same-origin"} | (headers or {}))

    return post
