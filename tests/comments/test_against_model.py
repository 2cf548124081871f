"""Random posts, decisions and undos, compared after each step with a model too simple to be wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from articles.models import Article
from comments import posting, recount, tree
from comments.models import Comment, RejectReason, Status, Thread
from comments.moderation import desk
from newsroom.core.prepared import Prepared
from tests.comments.factories import AT, moderator, typed

STEPS = 80
# Mostly approved, or soon everything is hidden and nothing is left to compare.
VERBS = (*["approve"] * 8, "reject", "reject", "remove", "remove", "remove_with_replies", "spam")


@dataclass(eq=False)
class Paper:
    """One comment on paper."""

    parent: Paper | None
    status: str = Status.PENDING
    takes_replies_along: bool = True
    # What it was before each decision.
    past: list[tuple[str, bool]] = field(default_factory=list)
    # The decision in force, as the desk numbers it.
    decision_id: int = 0

    @property
    def above(self) -> list[Paper]:
        return [self.parent, *self.parent.above] if self.parent else []

    @property
    def is_visible(self) -> bool:
        return self.status == Status.APPROVED and not any(paper.takes_replies_along for paper in self.above)

    @property
    def takes_replies(self) -> bool:
        is_standing = self.status in (Status.APPROVED, Status.REJECTED, Status.REMOVED)
        return is_standing and not any(paper.takes_replies_along for paper in [self, *self.above])


class Desk:
    """The services on one side, the papers on the other."""

    def __init__(self, article: Article, seed: int) -> None:
        self.article = article
        self.dice = random.Random(seed)
        self.papers: dict[int, Paper] = {}

    def step(self) -> None:
        """Do one thing to both sides."""
        act = self.dice.choice(
            ("post", "post", "reply", "reply", "reply", "decide", "decide", "decide", "decide", "undo")
        )
        if act == "post" or not self.papers:
            self.post(None)
        elif act == "reply":
            among = self.visible() if self.dice.random() < 0.7 else set()
            self.post(self.dice.choice(sorted(among or self.papers)))
        elif act == "decide":
            answered = {number for number in self.visible() if self.is_answered(number)}
            among = answered if self.dice.random() < 0.3 else set()
            self.decide(self.dice.choice(sorted(among or self.papers)), self.dice.choice(VERBS))
        else:
            self.undo(self.dice.choice(list(self.papers)))

    def post(self, target: int | None) -> None:
        answer = posting.post(**typed(self.article, reply_to_id=target))
        taken = target is None or self.papers[target].takes_replies
        assert isinstance(answer, posting.Posted) == taken
        if isinstance(answer, posting.Posted):
            self.papers[answer.comment_id] = Paper(self.papers[target] if target else None)

    def decide(self, id: int, verb: str) -> None:
        paper = self.papers[id]
        status, along = {
            "approve": (Status.APPROVED, False),
            "reject": (Status.REJECTED, False),
            "spam": (Status.SPAM, True),
            "remove": (Status.REMOVED, False),
            "remove_with_replies": (Status.REMOVED, True),
        }[verb]
        why = {} if verb in ("approve", "spam") else {"reason": RejectReason.OTHER}
        version = Comment.objects.values_list("version", flat=True).get(pk=id)
        call = getattr(desk, verb)
        if (paper.status, paper.takes_replies_along) == (status, along):
            with pytest.raises(desk.NoSuchDecision):
                call(id, version=version, by=moderator(), at=AT, **why)
            return
        before = self.visible()
        outcome = call(id, version=version, by=moderator(), at=AT, **why)
        paper.past.append((paper.status, paper.takes_replies_along))
        paper.status, paper.takes_replies_along, paper.decision_id = status, along, outcome.decision.pk
        assert outcome.change == len(self.visible()) - len(before)
        assert outcome.waits_for_parent == (status == Status.APPROVED and not paper.is_visible)

    def undo(self, id: int) -> None:
        paper = self.papers[id]
        if not paper.past:
            return
        outcome = desk.undo(paper.decision_id, by=moderator(), at=AT)
        now = (paper.status, paper.takes_replies_along)
        paper.status, paper.takes_replies_along = paper.past.pop()
        # An undo is a decision and can be undone: then what was undone is in force again.
        paper.past.append(now)
        paper.decision_id = outcome.decision.pk

    def is_answered(self, number: int) -> bool:
        return any(self.papers[number] in paper.above and paper.is_visible for paper in self.papers.values())

    def visible(self) -> set[int]:
        return {id for id, paper in self.papers.items() if paper.is_visible}

    def tombstones(self) -> set[int]:
        return {number for number, paper in self.papers.items() if not paper.is_visible and self.is_answered(number)}

    def compare(self) -> None:
        """Assert that both sides say the same."""
        assert set(Comment.objects.visible().values_list("pk", flat=True)) == self.visible()
        assert Thread.objects.get().visible_count == len(self.visible())

    def compare_pages(self) -> None:
        """Assert that readers, going through all pages, meet what is visible and the tombstones it needs."""
        met: dict[int, bool] = {}
        after = None
        while True:
            page = tree.page(self.article.pk, at=AT, after=after)
            for branch in page.branches:
                met |= {node.id: node.is_tombstone for node in branch.root.walk()}
                whole = tree.branch(branch.root.id, at=AT)
                assert whole is not None
                here = {node.id: node.is_tombstone for node in whole.root.walk()}
                assert branch.more == sum(not stone for id, stone in here.items() if id not in met)
                met |= here
            after = page.next_after
            if after is None:
                break
        assert {id for id, stone in met.items() if not stone} == self.visible()
        assert {id for id, stone in met.items() if stone} == self.tombstones()


@pytest.mark.parametrize("seed", range(3))
def test_services_do_what_the_model_says(article: Article, seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree, "ROOTS_A_PAGE", 3)
    # Put together anew, for pages of this size.
    monkeypatch.setattr(tree, "NEWEST_ROOTS", Prepared(lambda: tree._root_rows(oldest_first=False), tree._root))
    both = Desk(article, seed)
    most = stones = 0
    for number in range(STEPS):
        both.step()
        both.compare()
        most, stones = max(most, len(both.visible())), max(stones, len(both.tombstones()))
        if number % 20 == 19:
            both.compare_pages()
    assert list(recount.drifts()) == []
    # The run went through something worth comparing.
    assert most >= 3
    assert stones >= 1
