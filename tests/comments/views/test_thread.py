"""The thread as it is drawn under a story and on pages of its own."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments.models import Status
from comments.outline import entries
from comments.tree import Node
from tests.comments.factories import AT, build_thread, decide, make_comment


def page_of(client: Client, story: Article, query: str = "") -> str:
    return client.get(f"/timur-tengah/selat-hormuz-dibuka-lagi-{story.pk}/{query}").content.decode()


def shown(page: str) -> list[int]:
    """Return the ids of the comments and tombstones on a page, in their order."""
    return [int(number) for number in re.findall(r'id="comment-(\d+)"', page)]


def node(id: int, *replies: Node, is_tombstone: bool = False) -> Node:
    return Node(
        id=id,
        depth=0,
        is_tombstone=is_tombstone,
        name=f"Pembaca {id}",
        text="",
        created_at=AT,
        reason="",
        answers="",
        answers_id=None,
        replies=list(replies),
    )


def test_empty_thread_invites(client: Client, story: Article) -> None:
    page = page_of(client, story)
    assert 'data-visible-count="0"' in page
    assert "thread__empty" in page


def test_only_approved_comments_are_shown_and_counted(client: Client, story: Article) -> None:
    good = make_comment(story, text="Yang disetujui.")
    for status in (Status.PENDING, Status.REJECTED, Status.SPAM):
        make_comment(story, status=status, text=f"Yang {status}.", name=f"Nama {status}")
    page = page_of(client, story)
    assert shown(page) == [good.pk]
    assert 'data-visible-count="1"' in page
    for status in (Status.PENDING, Status.REJECTED, Status.SPAM):
        assert f"Yang {status}." not in page
        assert f"Nama {status}" not in page
    assert "@example.com" not in page


def test_what_readers_type_is_escaped(client: Client, story: Article) -> None:
    make_comment(story, name="<script>x</script>", text='<img src=x onerror=alert(1)>\n\n"dua" https://a.example/')
    page = page_of(client, story)
    assert '<bdi class="comment__name">&lt;script&gt;x&lt;/script&gt;</bdi>' in page
    assert "<p>&lt;img src=x onerror=alert(1)&gt;</p>" in page
    assert 'href="https://a.example/"' not in page


def test_answers_stand_in_their_place(client: Client, story: Article) -> None:
    first = make_comment(story)
    second = make_comment(story, at=AT + timedelta(minutes=1))
    answer = make_comment(story, reply_to=first, at=AT + timedelta(minutes=2))
    page = page_of(client, story)
    assert shown(page) == [first.pk, answer.pk, second.pk]
    assert f'href="/komentar/{story.pk}/?balas={first.pk}"' in page
    assert f'href="/komentar/{story.pk}/{first.pk}/#comment-{first.pk}"' in page


def test_removed_comment_leaves_a_tombstone_above_its_replies(client: Client, story: Article) -> None:
    removed = make_comment(story, text="Serangan pribadi.", name="Si Penyerang")
    answer = make_comment(story, reply_to=removed)
    decide(removed, Status.REMOVED)
    page = page_of(client, story)
    assert shown(page) == [removed.pk, answer.pk]
    assert "comment--gone" in page
    assert "Serangan pribadi." not in page
    assert "Si Penyerang" not in page
    assert 'data-visible-count="1"' in page


def test_three_levels_are_drawn_and_deeper_answers_name_whom() -> None:
    chain = node(1, node(2, node(3, node(4, node(5)), node(6)), node(7)))
    drawn = entries(chain, article_id=9, is_open=True)
    assert [reply.id for reply in drawn.replies] == [2]
    deepest = drawn.replies[0].replies
    assert [entry.id for entry in deepest] == [3, 4, 5, 6, 7]
    assert [entry.answers and entry.answers.id for entry in deepest] == [None, 3, 4, 3, None]
    assert all(not entry.replies for entry in deepest)


def test_nobody_is_named_above_a_deep_answer_to_a_tombstone() -> None:
    drawn = entries(node(1, node(2, node(3, node(4), is_tombstone=True))), article_id=9, is_open=True)
    assert drawn.replies[0].replies[1].answers is None


def test_three_replies_then_a_link_to_the_branch(client: Client, story: Article) -> None:
    build_thread(story, roots=1, replies=7, depth=1)
    page = page_of(client, story)
    first = shown(page)
    assert len(first) == 4
    link = re.search(rf'href="(/komentar/{story.pk}/{first[0]}/)" rel="nofollow">[^<]*4', page)
    assert link is not None
    branch = client.get(link[1])
    assert len(shown(branch.content.decode())) == 8
    assert "noindex" in branch.content.decode()
    assert not branch.cookies


def test_pages_hold_every_root_once(client: Client, story: Article) -> None:
    build_thread(story, roots=45, replies=0)
    found, query = [], ""
    for _page in range(4):
        page = page_of(client, story, query)
        found += shown(page)
        further = re.search(r'href="(\?after=\d+)#comments" rel="next', page)
        if further is None:
            break
        query = further[1]
    assert len(found) == len(set(found)) == 45
    assert found == sorted(found)


def test_nonsense_in_the_address_shows_the_first_page(client: Client, story: Article) -> None:
    build_thread(story, roots=2, replies=0)
    for nonsense in ("abc", "-1", "9" * 40, "1'", "%00"):
        assert len(shown(page_of(client, story, f"?after={nonsense}"))) in (0, 2)


def test_branch_of_another_story_is_not_found(client: Client, story: Article) -> None:
    comment = make_comment(story)
    assert client.get(f"/komentar/{story.pk}/{comment.pk}/").status_code == 200
    assert client.get(f"/komentar/{story.pk + 1}/{comment.pk}/").status_code == 404
    assert client.get(f"/komentar/{story.pk}/{10**17}/").status_code == 404
    assert client.post(f"/komentar/{story.pk}/{comment.pk}/").status_code == 405


def test_hidden_comment_has_no_page(client: Client, story: Article) -> None:
    for status in (Status.PENDING, Status.REJECTED, Status.SPAM):
        comment = make_comment(story, status=status)
        assert client.get(f"/komentar/{story.pk}/{comment.pk}/").status_code == 404


def test_queries_of_a_branch_do_not_grow(client: Client, story: Article) -> None:
    thread = build_thread(story, roots=1, replies=3)
    few = thread.comments.order_by("pk")[0]
    build_thread(story, roots=1, replies=500)
    many = thread.comments.filter(depth=0).order_by("-pk")[0]
    client.get(f"/komentar/{story.pk}/{few.pk}/")
    counts = []
    for root in (few, many):
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/komentar/{story.pk}/{root.pk}/")
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 9
