"""Reading a thread: what stands on a page, in which order, at what cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from articles import publishing
from articles.models import Article, Publication
from comments import tree
from comments.models import Comment, Status, Thread
from comments.moderation import desk
from tests.comments.factories import build_thread, decide, live_article, make_comment, moderator
from tests.factories import AT, make_approved, person


def ids(node: tree.Node) -> list[int]:
    return [node.id for node in node.walk()]


def roots(page: tree.Page) -> list[int]:
    return [branch.root.id for branch in page.branches]


def test_page_is_empty_before_the_first_comment(article: Article):
    page = tree.page(article.pk, at=AT)
    assert (page.branches, page.visible_count, page.is_open, page.next_after) == ((), 0, True, None)


def test_page_shows_replies_below_what_they_answer(article: Article):
    root = make_comment(article)
    first = make_comment(article, reply_to=root)
    second = make_comment(article, reply_to=root)
    below_first = make_comment(article, reply_to=first)
    (branch,) = tree.page(article.pk, at=AT).branches
    assert ids(branch.root) == [root.pk, first.pk, below_first.pk, second.pk]
    assert [node.depth for node in branch.root.walk()] == [0, 1, 2, 1]
    assert branch.more == 0


def test_page_leaves_out_what_is_not_visible(article: Article):
    shown = make_comment(article)
    for status in (Status.PENDING, Status.REJECTED, Status.SPAM, Status.REMOVED):
        make_comment(article, status=status)
        make_comment(article, status=status, reply_to=shown)
    page = tree.page(article.pk, at=AT)
    assert roots(page) == [shown.pk]
    assert ids(page.branches[0].root) == [shown.pk]
    assert page.visible_count == 1


@pytest.mark.parametrize("status", [Status.REJECTED, Status.REMOVED])
def test_hidden_comment_with_visible_replies_is_a_tombstone_that_tells_nothing(article: Article, status: str):
    root = make_comment(article, name="Tom", text="Rahasia yang tidak boleh tampil lagi.")
    reply = make_comment(article, reply_to=root)
    decide(root, status)
    (branch,) = tree.page(article.pk, at=AT).branches
    stone = branch.root
    assert ids(stone) == [root.pk, reply.pk]
    assert stone.is_tombstone
    assert (stone.name, stone.text, stone.created_at, stone.answers) == ("", "", None, "")


def test_tombstone_between_visible_comments(article: Article):
    root = make_comment(article)
    middle = make_comment(article, reply_to=root)
    leaf = make_comment(article, reply_to=middle)
    decide(middle, Status.REMOVED)
    (branch,) = tree.page(article.pk, at=AT).branches
    assert [(node.id, node.is_tombstone) for node in branch.root.walk()] == [
        (root.pk, False),
        (middle.pk, True),
        (leaf.pk, False),
    ]
    assert branch.more == 0


def test_hidden_comment_without_visible_replies_is_gone(article: Article):
    root = make_comment(article)
    make_comment(article, reply_to=root, status=Status.PENDING)
    decide(root, Status.REMOVED)
    assert tree.page(article.pk, at=AT).branches == ()


def test_pages_of_roots_hold_each_root_once(article: Article):
    build_thread(article, roots=45, replies=0)
    seen: list[int] = []
    after = None
    while True:
        page = tree.page(article.pk, at=AT, after=after)
        seen += roots(page)
        after = page.next_after
        if after is None:
            break
    assert seen == sorted(Comment.objects.values_list("pk", flat=True), reverse=True)


def test_pages_can_begin_with_the_oldest(article: Article):
    build_thread(article, roots=25, replies=0)
    first = tree.page(article.pk, at=AT, oldest_first=True)
    second = tree.page(article.pk, at=AT, after=first.next_after, oldest_first=True)
    assert roots(first) + roots(second) == sorted(Comment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("after", [0, -5, 10**30, 1])
def test_forged_place_gives_a_page(article: Article, after: int):
    make_comment(article)
    assert isinstance(tree.page(article.pk, at=AT, after=after), tree.Page)
    assert tree.branch(10**30, at=AT, after=after) is None
    assert tree.page(10**30, at=AT, after=after).branches == ()


def test_page_shows_three_replies_a_branch_and_counts_the_rest(article: Article):
    build_thread(article, roots=2, replies=10)
    page = tree.page(article.pk, at=AT)
    for branch in page.branches:
        assert len(ids(branch.root)) == 1 + tree.REPLIES_A_BRANCH
        assert branch.more == 7


@pytest.mark.parametrize(("number_of_roots", "replies"), [(1, 1), (30, 30)])
def test_page_takes_three_queries_whatever_the_size(
    article: Article, django_assert_num_queries: Any, number_of_roots: int, replies: int
):
    build_thread(article, roots=number_of_roots, replies=replies, depth=6)
    with django_assert_num_queries(3):
        page = tree.page(article.pk, at=AT)
        for branch in page.branches:
            assert ids(branch.root)
    with django_assert_num_queries(3):
        assert tree.branch(page.branches[0].root.id, at=AT)


def test_branch_pages_hold_each_reply_once(article: Article):
    build_thread(article, roots=1, replies=130, depth=5)
    root = Comment.objects.get(depth=0)
    seen: list[int] = []
    after = None
    while True:
        page = tree.branch(root.pk, at=AT, after=after)
        assert page is not None
        assert page.reply_count == 130
        seen += [node.id for node in page.root.walk() if not node.is_context and node.id != root.pk]
        after = page.next_after
        if after is None:
            break
    assert seen == list(Comment.objects.filter(depth__gt=0).order_by("path").values_list("pk", flat=True))


def test_branch_of_a_reply_shows_all_above_it_as_context(article: Article):
    root = make_comment(article)
    middle = make_comment(article, reply_to=root)
    make_comment(article, reply_to=root)
    leaf = make_comment(article, reply_to=middle)
    page = tree.branch(middle.pk, at=AT)
    assert page is not None
    assert [(node.id, node.is_context) for node in page.root.walk()] == [
        (root.pk, True),
        (middle.pk, False),
        (leaf.pk, False),
    ]


@pytest.mark.parametrize("status", [Status.PENDING, Status.REJECTED, Status.SPAM, Status.REMOVED])
def test_no_page_for_a_comment_readers_do_not_see(article: Article, status: str):
    comment = make_comment(article, status=status)
    assert tree.branch(comment.pk, at=AT) is None
    assert tree.permalink(comment.pk, at=AT) is None


def test_no_page_below_spam(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    decide(root, Status.SPAM)
    assert tree.branch(root.pk, at=AT) is None
    assert tree.branch(reply.pk, at=AT) is None


def test_permalink_holds_every_visible_comment(article: Article):
    build_thread(article, roots=1, replies=60, depth=4)
    for comment in Comment.objects.visible().order_by("pk")[::3]:
        page = tree.permalink(comment.pk, at=AT)
        assert page is not None
        assert comment.pk in ids(page.root)


@pytest.mark.django_db
def test_nothing_is_shown_of_a_story_that_is_not_live():
    draft = make_approved()
    live = live_article()
    comment = make_comment(live)
    assert tree.page(draft.pk, at=AT).branches == ()
    assert tree.page(live.pk, at=AT - timedelta(days=2)).branches == ()
    publishing.withdraw(
        live, ground=Publication.Ground.ERROR, public_reason="Keliru.", by=person("ed"), at=AT + timedelta(hours=1)
    )
    later = AT + timedelta(hours=2)
    assert tree.page(live.pk, at=later).branches == ()
    assert tree.page(live.pk, at=later).visible_count == 0
    assert tree.branch(comment.pk, at=later) is None
    assert tree.permalink(comment.pk, at=later) is None


def test_below_the_depth_cap_a_reply_names_whom_it_answers(article: Article):
    comment = make_comment(article)
    for _ in range(12):
        comment = make_comment(article, reply_to=comment, name="Rea")
    assert comment.depth == 12
    beside = make_comment(article, reply_to=comment, name="Tom")
    assert (beside.depth, beside.parent_id, beside.reply_to_id) == (12, comment.parent_id, comment.pk)
    page = tree.permalink(beside.pk, at=AT)
    assert page is not None
    (node,) = (node for node in page.root.walk() if node.id == beside.pk)
    assert (node.answers, node.answers_id) == ("Rea", comment.pk)
    decide(comment, Status.REMOVED)
    page = tree.permalink(beside.pk, at=AT)
    assert page is not None
    (node,) = (node for node in page.root.walk() if node.id == beside.pk)
    assert (node.answers, node.answers_id) == ("", None)


def test_count_on_the_page_is_the_thread_s(article: Article):
    root = make_comment(article)
    make_comment(article, reply_to=root)
    assert tree.page(article.pk, at=AT).visible_count == 2
    desk.remove_with_replies(root.pk, version=2, reason="other", by=moderator(), at=AT)
    assert tree.page(article.pk, at=AT).visible_count == 0
    assert Thread.objects.get(article=article).visible_count == 0


@pytest.mark.parametrize(("reason", "told"), [("hatred", "Hatred of a group"), ("other", "")])
def test_tombstone_tells_only_a_reason_that_says_something(article: Article, reason: str, told: str):
    root = make_comment(article)
    make_comment(article, reply_to=root)
    desk.remove(root.pk, version=Comment.objects.get(pk=root.pk).version, reason=reason, by=moderator(), at=AT)
    with translation.override("en"):
        (branch,) = tree.page(article.pk, at=AT).branches
    assert branch.root.reason == told
