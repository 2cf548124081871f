"""Each pair of acts: what readers get right after the second, three hours and five hours after the first.

A cell is three letters: N never, S scheduled, L live, U live with an update scheduled, E ended, W withdrawn. Behind "!"
stands why the second act was refused, having changed nothing. Acts plan for one hour (schedule), two (update) and four
(expire_later) after the first act; the second comes ten minutes after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from articles import publishing
from articles.models import Article
from articles.refusals import Refusal
from articles.states import PublicState, public_state
from tests.articles.acts import ACTS, HOUR, make_revised
from tests.factories import AT, person

pytestmark = pytest.mark.django_db

SECOND = AT + timedelta(minutes=10)
MOMENTS = (SECOND, AT + 3 * HOUR, AT + 5 * HOUR)
LETTERS = {
    PublicState.NEVER: "N",
    PublicState.SCHEDULED: "S",
    PublicState.LIVE: "L",
    PublicState.LIVE_UPDATE_SCHEDULED: "U",
    PublicState.EXPIRED: "E",
    PublicState.WITHDRAWN: "W",
}

# A story nobody has seen, one that is live, and one that is live with an update in an hour.
EXPECTED = """
after            publish    schedule   update     cancel               expire              expire_later        hold              withdraw            kill
fresh publish    LLL        ULL        ULL        LLL!nothing_planned  EEE                 LLE                 LLL               WWW                 WWW
fresh schedule   ULL        SLL        SLL        NNN                  SLL!nothing_public  SLE                 NNN               SLL!nothing_public  WWW
fresh update     ULL        SLL        SLL        NNN                  SLL!nothing_public  SLE                 NNN               SLL!nothing_public  WWW
fresh hold       NNN!held   NNN!held   NNN!held   NNN!nothing_planned  NNN!nothing_public  NNN!nothing_public  NNN!already_held  NNN!nothing_public  WWW
fresh kill       WWW!killed WWW!killed WWW!killed WWW!nothing_planned  WWW!nothing_public  WWW!nothing_public  WWW               WWW!killed          WWW!killed
live publish     LLL        ULL        ULL        LLL!nothing_planned  EEE                 LLE                 LLL               WWW                 WWW
live schedule    ULL        ULL        ULL        LLL                  EEE                 ULE                 LLL               WWW                 WWW
live update      ULL        ULL        ULL        LLL                  EEE                 ULE                 LLL               WWW                 WWW
live expire      LLL        SLL        SLL        EEE!nothing_planned  EEE!nothing_public  EEE!nothing_public  EEE               WWW                 WWW
live expire_later LLE       ULE        ULE        LLE!nothing_planned  EEE                 LLE                 LLE               WWW                 WWW
live hold        LLL!held   LLL!held   LLL!held   LLL!nothing_planned  EEE                 LLE                 LLL!already_held  WWW                 WWW
live withdraw    LLL        WLL        WLL        WWW!nothing_planned  WWW!nothing_public  WWW!nothing_public  WWW               WWW!nothing_public  WWW
live kill        WWW!killed WWW!killed WWW!killed WWW!nothing_planned  WWW!nothing_public  WWW!nothing_public  WWW               WWW!killed          WWW!killed
planned publish  ULL        ULL        ULL        LLL                  EEE                 ULE                 LLL               WWW                 WWW
planned cancel   LLL        ULL        ULL        LLL!nothing_planned  EEE                 LLE                 LLL               WWW                 WWW
planned expire   LLL        SLL        SLL        EEE!nothing_planned  EEE!nothing_public  EEE!nothing_public  EEE               WWW                 WWW
planned expire_later ULE    ULE        ULE        LLE                  EEE                 ULE                 LLE               WWW                 WWW
planned hold     LLL!held   LLL!held   LLL!held   LLL!nothing_planned  EEE                 LLE                 LLL!already_held  WWW                 WWW
planned withdraw LLL        WLL        WLL        WWW!nothing_planned  WWW!nothing_public  WWW!nothing_public  WWW               WWW!nothing_public  WWW
"""  # noqa: E501

# What has nothing to act on yet.
REFUSED_AT_FIRST = {
    "cancel": "nothing_planned",
    "expire": "nothing_public",
    "expire_later": "nothing_public",
    "withdraw": "nothing_public",
}


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield (how the story stood, first act, second act -> cell)."""
    header, *lines = EXPECTED.strip().splitlines()
    for line in lines:
        base, first, *cells = line.split()
        yield base, first, dict(zip(header.split()[1:], cells, strict=True))


def make_base(base: str) -> Article:
    """Return a story as the row's first word says, an hour before the first act."""
    article = make_revised(4, at=AT - HOUR)
    if base in ("live", "planned"):
        publishing.publish(article, revision=1, by=person("ed"), at=AT - HOUR)
    if base == "planned":
        publishing.schedule(article, revision=4, visible_from=AT + HOUR, by=person("ed"), at=AT - HOUR)
    return article


def cell_after(article: Article, second: str) -> str:
    """Do the second act and return the cell it leaves."""
    reason = ""
    try:
        ACTS[second](article, 3, SECOND)
    except Refusal as refusal:
        reason = f"!{refusal.code}"
    return "".join(LETTERS[public_state(article, moment)] for moment in MOMENTS) + reason


@pytest.mark.parametrize(("base", "first", "cells"), [pytest.param(*row, id=f"{row[0]}, {row[1]}") for row in rows()])
def test_every_pair_of_acts_leaves_the_stated_public_state(base: str, first: str, cells: dict[str, str]) -> None:
    article = make_base(base)
    ACTS[first](article, 2, AT)
    found = {}
    for second in cells:
        savepoint = transaction.savepoint()
        found[second] = cell_after(article, second)
        transaction.savepoint_rollback(savepoint)
    assert found == cells


def test_every_pair_has_its_row_and_its_cell() -> None:
    stated = {(first, second) for _base, first, cells in rows() for second in cells}
    assert stated == {(first, second) for first in ACTS for second in ACTS}


def test_what_nobody_saw_and_nothing_planned_cannot_be_taken_back() -> None:
    article = make_base("fresh")
    refused = {}
    for act in ACTS:
        savepoint = transaction.savepoint()
        try:
            ACTS[act](article, 2, AT)
        except Refusal as refusal:
            refused[act] = refusal.code
        transaction.savepoint_rollback(savepoint)
    assert refused == REFUSED_AT_FIRST
