"""What the queue shows, in which order, and at which cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from articles.models import Article
from comments.models import Comment, Status
from tests.comments.factories import AT, build_thread, live_article, make_comment

QUEUE = "/admin/comments/comment/queue/"
pytestmark = pytest.mark.django_db


def card_url(comment: Comment) -> str:
    return reverse("admin:comments_card", args=[comment.pk])


def waiting(article: Article, *, hours: float, **fields: object) -> Comment:
    """Return a comment that has waited for so many hours."""
    at = timezone.now() - timedelta(hours=hours)
    return make_comment(article, status=Status.PENDING, at=at, **fields)


def test_queue_opens_on_the_comment_with_the_least_time_left(mo: Client, story: Article) -> None:
    later, first = waiting(story, hours=2, name="Kemudian"), waiting(story, hours=40, name="Pertama")
    answer = mo.get(QUEUE)
    assert answer.context["card"].comment == first
    assert [row.pk for row in answer.context["rail"].rows] == [first.pk, later.pk]
    assert answer.context["rail"].position == 1
    assert answer.context["rail"].following == later.pk


@pytest.mark.parametrize(
    ("hours", "level", "words"),
    [
        (1, "calm", "47 h left"),
        (30, "due", "18 h 00 m left"),
        (42.5, "urgent", "5 h 30 m left"),
        (50, "past", "2 h 00 m overdue"),
    ],
)
def test_clock_says_what_is_left(mo: Client, story: Article, hours: float, level: str, words: str) -> None:
    comment = waiting(story, hours=hours, name="Jam")
    clock = mo.get(card_url(comment)).context["card"].clock
    with translation.override("en"):
        assert (clock.level, clock.words) == (level, words)


def test_card_shows_story_chain_text_and_why(mo: Client, story: Article) -> None:
    root = make_comment(story, name="Sulastri", text="Berapa lama masa transisinya?")
    reply = make_comment(story, name="Yohanes", text="Enam bulan, kalau tidak salah.", reply_to=root)
    text = "Lihat https://contoh.example.org dan 𝓖𝓪𝓬𝓸𝓻 sekali."
    held = waiting(story, hours=1, name="Bang Jago", text=text, reply_to=reply)
    page = mo.get(card_url(held)).content.decode()
    for shown in (story.title, story.standfirst, root.text, reply.text, "in reply to Yohanes"):
        assert shown in page
    assert "<mark>https://contoh.example.org</mark>" in page
    assert "<mark>𝓖𝓪𝓬𝓸𝓻</mark>" in page
    assert "<mark>gacor</mark>" in page
    assert 'data-rule="links"' in page
    assert 'data-rule="disguise"' in page


def test_card_shows_the_persons_last_ten_letter_case_aside(mo: Client, story: Article) -> None:
    for number in range(12):
        make_comment(story, email="Jago@Example.net", text=f"Komentar lama ke-{number} di sini.")
    make_comment(story, email="lain@example.net", text="Orang lain sama sekali.")
    held = waiting(story, hours=1, email="jago@example.NET")
    card = mo.get(card_url(held)).context["card"]
    assert [one.text for one in card.earlier] == [f"Komentar lama ke-{number} di sini." for number in range(11, 1, -1)]
    assert card.outcomes == [("approved", 12)]


def test_editor_reads_without_addresses_and_decisions(enter: object, mo: Client, story: Article) -> None:
    held = waiting(story, hours=1, email="rahasia@example.net")
    make_comment(story, text="Sudah disetujui tadi.")
    page = enter("ed").get(card_url(held)).content.decode()  # type: ignore[operator]
    assert held.text in page
    assert "rahasia@example.net" not in page
    assert "data-decide" not in page
    assert "rahasia@example.net" in mo.get(card_url(held)).content.decode()


@pytest.mark.parametrize("state", [str(status) for status in Status])
def test_states_are_lists_of_their_own(mo: Client, story: Article, state: str) -> None:
    made = {str(status): make_comment(story, status=status, at=timezone.now()) for status in Status}
    answer = mo.get(QUEUE, {"state": state})
    assert [row.pk for row in answer.context["rail"].rows] == [made[state].pk]
    assert answer.context["card"].comment == made[state]


def test_search_keeps_one_storys_comments(mo: Client, story: Article) -> None:
    other = live_article(at=AT - timedelta(days=9), title="Harga nikel di London")
    wanted = waiting(other, hours=1)
    waiting(story, hours=2)
    for query in ({"q": "nikel"}, {"article": str(other.pk)}):
        assert [row.pk for row in mo.get(QUEUE, query).context["rail"].rows] == [wanted.pk]
    assert mo.get(QUEUE, {"q": "tidak ada judul begini"}).context["card"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense"},
        {"article": "x"},
        {"article": "9" * 40},
        {"article": "٣"},
        {"q": "%_'\""},
        {"state": "pending", "q": "x" * 5000},
    ],
)
def test_nonsense_in_the_address_is_no_error(mo: Client, story: Article, query: dict[str, str]) -> None:
    waiting(story, hours=1)
    assert mo.get(QUEUE, query).status_code == 200


def test_neighbours_reach_beyond_the_stretch(mo: Client, story: Article) -> None:
    made = [waiting(story, hours=45 - number, name=f"Nomor {number}") for number in range(43)]
    for index, expected in ((0, (None, 1)), (19, (18, 20)), (20, (19, 21)), (42, (41, None))):
        rail = mo.get(card_url(made[index])).context["rail"]
        neighbours = tuple(None if at is None else made[at].pk for at in expected)
        assert (rail.position, rail.previous, rail.following) == (index + 1, *neighbours)
        assert made[index].pk in [row.pk for row in rail.rows]
    middle = mo.get(card_url(made[25])).context["rail"]
    assert (middle.earlier, middle.later) == (made[0].pk, made[40].pk)


def test_empty_queue_says_so(mo: Client) -> None:
    answer = mo.get(QUEUE)
    assert answer.status_code == 200
    assert answer.context["card"] is None
    assert "The queue is empty" in answer.content.decode()


def test_queries_do_not_grow_with_the_queue(mo: Client, story: Article) -> None:
    build_thread(story, roots=10, replies=0)
    Comment.objects.update(status=Status.PENDING, visible=False, hides_replies=True, visible_below=0)
    few = queries(mo)
    build_thread(live_article(at=AT - timedelta(days=9)), roots=1000, replies=0)
    Comment.objects.filter(status=Status.APPROVED).update(status=Status.PENDING, visible=False, hides_replies=True)
    assert queries(mo) == few
    assert few <= 24


def queries(client: Client) -> int:
    """Return how many queries the queue takes."""
    client.get(QUEUE)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(QUEUE).status_code == 200
    return len(caught)
