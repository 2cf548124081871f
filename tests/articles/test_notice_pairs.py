"""A correction and every other act: what readers are told right after the second act, and five hours after the first.

A cell is two letters: C the story is live and carries the correction, L it is live without, - there is no story. Behind
"!" stands why the act was refused. The correction is published now or planned for two hours on; the other act comes ten
minutes after it, an "update" plans the next revision for three hours on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from articles import embargo, publishing, workflow
from articles.models import Article, Notice
from articles.notices import Draft
from articles.refusals import Refusal
from tests.articles.acts import BURIAL, HOUR, make_revised
from tests.factories import AT, live_publication, person

pytestmark = pytest.mark.django_db

SECOND = AT + timedelta(minutes=10)
DRAFT = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")
Act = Callable[[Article, datetime], object]


def _by(at: datetime) -> dict[str, object]:
    return {"by": person("ed"), "at": at}


FIRST: dict[str, Act] = {
    "now": lambda story, at: publishing.publish(story, revision=2, notice=DRAFT, **_by(at)),
    "planned": lambda story, at: publishing.schedule(
        story, revision=2, visible_from=AT + 2 * HOUR, notice=DRAFT, **_by(at)
    ),
    # The text that readers see already, with a correction.
    "same": lambda story, at: publishing.schedule(
        story, revision=1, visible_from=AT + 2 * HOUR, notice=DRAFT, **_by(at)
    ),
}
SECOND_ACTS: dict[str, Act] = {
    "publish_it": lambda story, at: publishing.publish(story, revision=2, **_by(at)),
    "publish_other": lambda story, at: publishing.publish(story, revision=3, **_by(at)),
    "move": lambda story, at: publishing.schedule(story, revision=2, visible_from=AT + 3 * HOUR, **_by(at)),
    "update": lambda story, at: publishing.schedule(story, revision=3, visible_from=AT + 3 * HOUR, **_by(at)),
    "cancel": lambda story, at: publishing.cancel(story, **_by(at)),
    "expire": lambda story, at: publishing.expire(story, **_by(at)),
    "expire_later": lambda story, at: publishing.expire(story, visible_until=AT + 4 * HOUR, **_by(at)),
    "hold": lambda story, at: workflow.hold(story, reason="Menunggu", **_by(at)),
    "embargo": lambda story, at: embargo.set_embargo(story, until=AT + 9 * HOUR, **_by(at)),
    "send_back": lambda story, at: workflow.send_back(story, note="Kurang", **_by(at)),
    "withdraw": lambda story, at: publishing.withdraw(story, **BURIAL, **_by(at)),
    "kill": lambda story, at: publishing.kill(story, **BURIAL, **_by(at)),
}
EXPECTED = """
first   publish_it        publish_other move              update cancel              expire expire_later hold embargo send_back withdraw kill
now     CC!already_public CC            CC!already_public CC     CC!nothing_planned  --     C-           CC   CC      CC        --       --
planned CC                LC            LC                LL     LL                  --     L-           LL   LL      LL        --       --
same    LC                LC            LL                LL     LL                  --     L-           LL   LL      LL        --       --
"""  # noqa: E501


def cell(article: Article, second: str) -> str:
    """Do the second act and return its cell; what the log says must be what the story carries."""
    reason = ""
    savepoint = transaction.savepoint()
    try:
        SECOND_ACTS[second](article, SECOND)
    except Refusal as refusal:
        reason = f"!{refusal.code}"
        transaction.savepoint_rollback(savepoint)
    letters = ""
    for moment in (SECOND, AT + 5 * HOUR):
        live = live_publication(article, moment)
        carried = {row["id"] for row in live.notices} if live else set()
        assert carried == set(Notice.objects.public(moment).values_list("pk", flat=True))
        letters += "-" if live is None else "C" if carried else "L"
    return letters + reason


def table() -> dict[str, dict[str, str]]:
    """Return first act -> second act -> cell."""
    header, *lines = EXPECTED.strip().splitlines()
    names = header.split()[1:]
    return {line.split()[0]: dict(zip(names, line.split()[1:], strict=True)) for line in lines}


@pytest.mark.parametrize("first", sorted(FIRST))
def test_every_act_after_a_correction_leaves_the_stated_notices(first: str) -> None:
    article = make_revised(3, at=AT - HOUR)
    publishing.publish(article, revision=1, by=person("ed"), at=AT - HOUR)
    FIRST[first](article, AT)
    found = {}
    for second in SECOND_ACTS:
        savepoint = transaction.savepoint()
        found[second] = cell(article, second)
        transaction.savepoint_rollback(savepoint)
    assert found == table()[first]


def test_every_pair_has_its_cell() -> None:
    assert {first: set(cells) for first, cells in table().items()} == {key: set(SECOND_ACTS) for key in FIRST}
